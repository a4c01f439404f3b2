import { Target } from '../../constructs/targets';
import { MigrationCluster } from '../../migrate/cluster';
import type { MigrationContext, MigrationRequest } from '../../migrate/context';
import { FILLED_FROM, MIGRATION_LABEL, STOPPED } from '../../migrate/names';
import { planMigration } from '../../migrate/plan';
import { release } from '../../migrate/release';
import { rollBack, runMigration } from '../../migrate/run';
import { at, textAt } from '../../plan/json';
import type { JsonObject, Manifest } from '../../plan/model';
import { silentReport } from '../../upstream/progress';
import { Killed, MemoryCluster, type Death, type Life } from './support/memory-cluster';

jest.setTimeout(240_000);

const REQUEST: MigrationRequest = {
  from: 'gluster',
  to: 'ceph',
  namespaces: ['site'],
  asRoot: undefined,
  rate: 50,
};
const FILTER = { namespaces: ['site'], from: undefined, to: undefined };

interface Sites {
  readonly old: MemoryCluster;
  readonly fresh: MemoryCluster;
}

const claim = (className: string, labels: JsonObject = {}, size = '1Gi'): Manifest => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'site', labels },
  spec: {
    accessModes: ['ReadWriteMany'],
    storageClassName: className,
    resources: { requests: { storage: size } },
  },
});

/** What the plan of the other environment says of the claim. */
const PLANNED = claim('ceph', { 'beamline/environment': 'fresh' });

/** A site with a claim of a Deployment on Gluster, and one with Ceph and nothing on it. */
function sites(): Sites {
  const old = new MemoryCluster();
  const fresh = new MemoryCluster();
  for (const [cluster, name] of [
    [old, 'gluster'],
    [fresh, 'ceph'],
  ] as const) {
    const metadata = { name };
    cluster.add({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata });
    cluster.add({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'site' } });
  }
  old.peer = fresh;
  old.add(claim('gluster', { 'beamline/environment': 'old' }));
  old.add({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'site' },
    spec: {
      replicas: 2,
      template: {
        spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
      },
    },
  });
  return { old, fresh };
}

function contextOn({ old, fresh }: Sites, death?: Death, life?: Life): MigrationContext {
  const target = Target.parse('kubernetes 1.34');
  return {
    cluster: new MigrationCluster(old.client(death, life)),
    target,
    report: silentReport,
    signal: new AbortController().signal,
    destination: {
      environment: 'fresh',
      cluster: new MigrationCluster(fresh.client(death, life)),
      clusterId: 'the-other',
      target,
      objects: [PLANNED],
      through: 'LoadBalancer',
      at: undefined,
    },
  };
}

type Verb = (context: MigrationContext) => Promise<unknown>;
const run: Verb = (context) => runMigration(context, REQUEST);
const back: Verb = (context) => rollBack(context, FILTER);

/** Does something, or begins it and is killed. Answers how often it changed the two clusters. */
async function attempt(both: Sites, verb: Verb, death?: Death): Promise<number> {
  const life: Life = { changes: 0, dead: false };
  try {
    await verb(contextOn(both, death, life));
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  both.old.bury();
  return life.changes;
}

/** What only a copy under way has. */
function doors({ old, fresh }: Sites): string[] {
  return [old, fresh].flatMap((cluster) =>
    ['Job', 'Service', 'Secret', 'NetworkPolicy'].flatMap((kind) =>
      cluster.all(kind).map((object) => `${kind} ${textAt(object, 'metadata', 'name') ?? ''}`),
    ),
  );
}

function replicas({ old }: Sites): unknown {
  return at(old.find('Deployment', 'web'), 'spec', 'replicas');
}

function expectMoved(both: Sites): void {
  const there = both.fresh.find('PersistentVolumeClaim', 'data');
  expect(both.fresh.filesOf('data')).toBe(both.old.written);
  expect(both.old.filesOf('data')).toBe(both.old.written);
  expect(textAt(there, 'metadata', 'labels', 'beamline/environment')).toBe('fresh');
  expect(textAt(there, 'metadata', 'labels', MIGRATION_LABEL)).toBeUndefined();
  expect(doors(both)).toEqual([]);
  expect(replicas(both)).toBe(0);
}

test('fills the claim of the other environment with everything that was ever written, and leaves no door open', async () => {
  const both = sites();
  await attempt(both, run);
  expectMoved(both);
  expect(both.old.written.length).toBeGreaterThan(10);
  await attempt(both, run);
  expectMoved(both);
});

test('comes to the same end wherever it is killed', async () => {
  const changes = await attempt(sites(), run);
  expect(changes).toBeGreaterThan(50);
  for (let change = 1; change <= changes; change += 1) {
    const both = sites();
    await attempt(both, run, { change, heard: change % 2 === 0 });
    await attempt(both, run);
    try {
      expectMoved(both);
    } catch (error) {
      throw new Error(`killed at change ${change}`, { cause: error });
    }
  }
});

test('goes back from wherever it was killed, and the old site runs on', async () => {
  const changes = await attempt(sites(), run);
  for (let change = 1; change <= changes; change += 1) {
    const both = sites();
    await attempt(both, run, { change, heard: true });
    if (both.old.all('ConfigMap').length === 0) continue;
    await attempt(both, back, { change: 1 + (change % 11), heard: change % 2 === 0 });
    await attempt(both, (context) =>
      back(context).catch((error: unknown) => {
        if (!String(error).includes('no migration to roll back')) throw error;
      }),
    );
    expect([change, replicas(both), doors(both)]).toEqual([change, 2, []]);
    expect(both.old.filesOf('data')).toBe(both.old.written);
    const web = both.old.find('Deployment', 'web');
    expect(textAt(web, 'metadata', 'annotations', STOPPED)).toBeUndefined();
    const there = both.fresh.find('PersistentVolumeClaim', 'data');
    expect(textAt(there, 'metadata', 'labels', MIGRATION_LABEL)).toBeUndefined();
  }
});

test('deletes nothing on release, after which there is no way back', async () => {
  const both = sites();
  await attempt(both, run);
  await attempt(both, (context) => release(context, FILTER));
  expectMoved(both);
  const there = both.fresh.find('PersistentVolumeClaim', 'data');
  expect(textAt(there, 'metadata', 'annotations', FILLED_FROM)).toBeUndefined();
  await expect(back(contextOn(both))).rejects.toThrow(/what was released cannot be rolled back/);
});

test('needs the same destination to go on, to go back and to release', async () => {
  const both = sites();
  await attempt(both, run, { change: 20, heard: true });
  expect(doors(both)).not.toEqual([]);
  const here = { ...contextOn(both), destination: undefined };
  both.old.add({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'ceph' },
  });
  for (const verb of [run, back])
    await expect(verb(here)).rejects.toThrow(
      /was begun towards environment 'fresh' .*give --to-env fresh/,
    );
});

test.each([
  [claim('other'), "environment 'fresh' has class 'other' for it, not 'ceph'"],
  [claim('ceph', {}, '10Mi'), "environment 'fresh' has 10Mi for it, less than 1 GiB here"],
])('says beforehand why a claim cannot arrive: %#', async (there, problem) => {
  const both = sites();
  both.fresh.add(there);
  const { problems } = await planMigration(contextOn(both), REQUEST);
  expect(problems).toEqual([`claim 'site/data': ${problem}`]);
  await expect(run(contextOn(both))).rejects.toThrow(problem);
  expect(both.old.all('ConfigMap')).toEqual([]);
});

test('fills a claim that is there and empty, never one with files or of another source', async () => {
  const empty = sites();
  empty.fresh.add(PLANNED);
  await attempt(empty, run);
  expectMoved(empty);

  const full = sites();
  full.fresh.add(PLANNED);
  const volume = textAt(full.fresh.find('PersistentVolumeClaim', 'data'), 'spec', 'volumeName');
  full.fresh.files.set(volume ?? '', 'precious');
  await expect(run(contextOn(full))).rejects.toThrow(/has 1 files and directories already/);
  expect(full.fresh.filesOf('data')).toBe('precious');

  const taken = sites();
  taken.fresh.add({
    ...PLANNED,
    metadata: { ...PLANNED.metadata, annotations: { [FILLED_FROM]: 'another' } },
  });
  await expect(run(contextOn(taken))).rejects.toThrow(/is filled from elsewhere \(another\)/);
});
