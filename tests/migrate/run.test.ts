import fc from 'fast-check';

import { Target } from '../../constructs/targets';
import { MigrationCluster } from '../../migrate/cluster';
import type { MigrationContext, MigrationRequest } from '../../migrate/context';
import { MIGRATION_LABEL, STOPPED } from '../../migrate/names';
import { release } from '../../migrate/release';
import { rollBack, runMigration } from '../../migrate/run';
import { at, textAt } from '../../plan/json';
import type { JsonObject } from '../../plan/model';
import { silentReport } from '../../upstream/progress';
import { Killed, MemoryCluster, type Death } from './support/memory-cluster';

jest.setTimeout(120_000);

const REQUEST: MigrationRequest = {
  from: 'gluster',
  to: 'ceph',
  namespaces: ['site'],
  asRoot: undefined,
  rate: 50,
};
const FILTER = { namespaces: ['site'], from: undefined, to: undefined };

/** A site with two claims of a Deployment and one of a StatefulSet, whose files were written to. */
function site(): MemoryCluster {
  const cluster = new MemoryCluster();
  const add = (apiVersion: string, kind: string, name: string, fields: JsonObject): void =>
    cluster.add({
      apiVersion,
      kind,
      metadata: { name, namespace: 'site', labels: { 'beamline/environment': 'test' } },
      ...fields,
    });
  for (const name of ['gluster', 'ceph'])
    cluster.add({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'example.org/files',
    });
  for (const name of ['data', 'store-db-0'])
    add('v1', 'PersistentVolumeClaim', name, {
      spec: {
        accessModes: ['ReadWriteMany'],
        storageClassName: 'gluster',
        resources: { requests: { storage: '1Gi' } },
      },
    });
  add('apps/v1', 'Deployment', 'web', {
    spec: {
      replicas: 2,
      template: {
        spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
      },
    },
  });
  add('apps/v1', 'StatefulSet', 'db', {
    spec: {
      replicas: 1,
      template: { spec: {} },
      volumeClaimTemplates: [
        { metadata: { name: 'store' }, spec: { storageClassName: 'gluster' } },
      ],
    },
  });
  return cluster;
}

function contextOn(client: ConstructorParameters<typeof MigrationCluster>[0]): MigrationContext {
  return {
    cluster: new MigrationCluster(client),
    target: Target.parse('kubernetes 1.34'),
    report: silentReport,
    signal: new AbortController().signal,
  };
}

type Verb = (context: MigrationContext) => Promise<unknown>;
const run: Verb = (context) => runMigration(context, REQUEST);
const back: Verb = (context) => rollBack(context, FILTER);

/** Does something, or begins it and is killed. Answers how often it changed the cluster. */
async function attempt(cluster: MemoryCluster, verb: Verb, death?: Death): Promise<number> {
  const client = cluster.client(death);
  try {
    await verb(contextOn(client));
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  cluster.bury();
  return client.changes();
}

/** What everybody may see of a site at rest. */
function seen(cluster: MemoryCluster): object {
  const claims = cluster.all('PersistentVolumeClaim');
  return {
    claims: Object.fromEntries(
      claims.map((claim) => [
        textAt(claim, 'metadata', 'name') ?? '',
        [
          textAt(claim, 'spec', 'storageClassName'),
          textAt(claim, 'status', 'phase'),
          textAt(claim, 'metadata', 'labels', 'beamline/environment'),
        ].join(' '),
      ]),
    ),
    replicas: ['web', 'db'].map((name) => {
      const set = cluster.find('Deployment', name) ?? cluster.find('StatefulSet', name);
      return [
        Number(at(set, 'spec', 'replicas')),
        textAt(set, 'metadata', 'annotations', STOPPED),
      ].join(' ');
    }),
    template: JSON.stringify(at(cluster.find('StatefulSet', 'db'), 'spec', 'volumeClaimTemplates')),
    tasks: cluster.all('Job').length,
    copies: claims.filter(
      (claim) => textAt(claim, 'metadata', 'labels', MIGRATION_LABEL) !== undefined,
    ).length,
  };
}

function atRest(className: string): object {
  const claim = `${className} Bound test`;
  return {
    claims: { data: claim, 'store-db-0': claim },
    replicas: ['2 ', '1 '],
    template: JSON.stringify([
      { metadata: { name: 'store' }, spec: { storageClassName: className } },
    ]),
    tasks: 0,
    copies: 0,
  };
}

/** Old volumes that are kept, with their policies. */
function kept(cluster: MemoryCluster): string[] {
  return cluster
    .all('PersistentVolume')
    .filter((volume) => textAt(volume, 'status', 'phase') === 'Released')
    .map((volume) => textAt(volume, 'spec', 'persistentVolumeReclaimPolicy') ?? '');
}

function expectMoved(cluster: MemoryCluster): void {
  expect(seen(cluster)).toEqual(atRest('ceph'));
  expect(cluster.filesOf('data')).toBe(cluster.written);
  expect(kept(cluster)).toEqual(['Retain', 'Retain']);
}

test('moves every claim under its name, with everything that was ever written', async () => {
  const cluster = site();
  await attempt(cluster, run);
  expectMoved(cluster);
  expect(cluster.written.length).toBeGreaterThan(10);
});

test('comes to the same end wherever it is killed', async () => {
  const changes = await attempt(site(), run);
  expect(changes).toBeGreaterThan(50);
  for (let change = 1; change <= changes; change += 1) {
    const heard = change % 2 === 0;
    const cluster = site();
    await attempt(cluster, run, { change, heard });
    await attempt(cluster, run);
    try {
      expectMoved(cluster);
    } catch (error) {
      throw new Error(`killed at change ${change}, ${heard ? 'heard' : 'not heard'}`, {
        cause: error,
      });
    }
  }
});

test('comes to the same end however often it is killed', async () => {
  const deaths = fc.array(
    fc.record({ change: fc.integer({ min: 1, max: 60 }), heard: fc.boolean() }),
    { maxLength: 5 },
  );
  await fc.assert(
    fc.asyncProperty(deaths, async (all) => {
      const cluster = site();
      for (const death of all) await attempt(cluster, run, death);
      await attempt(cluster, run);
      expectMoved(cluster);
    }),
    { numRuns: 25 },
  );
});

test('goes back from wherever it was killed, to the files as they were at the swap or are now', async () => {
  const changes = await attempt(site(), run);
  for (let change = 1; change <= changes; change += 1) {
    const cluster = site();
    await attempt(cluster, run, { change, heard: true });
    const begun = cluster.all('ConfigMap').length > 0;
    if (!begun) continue;
    await attempt(cluster, back, { change: 1 + (change % 17), heard: change % 2 === 0 });
    await attempt(cluster, (context) => back(context).catch(unlessNothingIsLeft));
    expect([change, seen(cluster)]).toEqual([change, atRest('gluster')]);
    expect(cluster.written.startsWith(withoutTail(cluster))).toBe(true);
  }
});

/** What is on the old volume up to the swap: what was written on the new one is kept there. */
function withoutTail(cluster: MemoryCluster): string {
  const files = cluster.filesOf('data') ?? '';
  let same = 0;
  while (same < files.length && files[same] === cluster.written[same]) same += 1;
  expect(same).toBeGreaterThan(5);
  return files.slice(0, same);
}

function unlessNothingIsLeft(error: unknown): void {
  if (!(error instanceof Error) || !/no migration to roll back/.test(error.message)) throw error;
}

test('gives old volumes up when they are released, and refuses to go back then', async () => {
  const cluster = site();
  await attempt(cluster, run);
  await attempt(cluster, (context) => release(context, FILTER));
  expect(kept(cluster)).toEqual([]);
  expect(cluster.all('PersistentVolume')).toHaveLength(2);
  await expect(back(contextOn(cluster.client()))).rejects.toThrow(
    /what was released cannot be rolled back, its old volume was given up: 'site\/data'/,
  );
  expectFiles(cluster);
});

test('keeps the new volumes after a way back until these are released', async () => {
  const cluster = site();
  await attempt(cluster, run);
  await attempt(cluster, back);
  expect(kept(cluster)).toEqual(['Retain', 'Retain']);
  await attempt(cluster, (context) => release(context, FILTER));
  expect(cluster.all('PersistentVolume')).toHaveLength(2);
  await attempt(cluster, run);
  expect(seen(cluster)).toEqual(atRest('ceph'));
});

test('refuses to move on what was moved and not yet released', async () => {
  const cluster = site();
  await attempt(cluster, run);
  cluster.add({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'third' },
  });
  const further = runMigration(contextOn(cluster.client()), {
    ...REQUEST,
    from: 'ceph',
    to: 'third',
  });
  await expect(further).rejects.toThrow(
    /was moved from 'gluster', and its old volume is kept; --release or --rollback it first/,
  );
});

test('a claim that another run holds is left alone', async () => {
  const cluster = site();
  const client = cluster.client();
  const first = runMigration(contextOn(client), REQUEST);
  const second = new MigrationCluster(cluster.client());
  await expect(
    runMigration({ ...contextOn(cluster.client()), cluster: second }, REQUEST),
  ).rejects.toThrow(/another run/);
  await first;
  expectMoved(cluster);
});

function expectFiles(cluster: MemoryCluster): void {
  expect(cluster.filesOf('data')).toBe(cluster.written);
}
