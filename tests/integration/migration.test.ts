import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { KubeApi } from '../../deploy/kube-api';
import { readKubeconfig } from '../../deploy/kubeconfig';
import { recordIn, recordRef } from '../../migrate/ledger';
import { BACK, FORWARD, type MigrationRecord } from '../../migrate/record';
import { describeWith } from '../parts/need';
import { describeTree, nastyTree } from '../support/nasty-tree';
import { CopyNode } from './support/copy-node';
import { PodWebhook } from './support/pod-webhook';
import { killFamily, until } from './support/processes';
import { LIMIT_MS, scenario } from './support/scenario';
import { Site, succeeded, type Outcome } from './support/site';

const NAMESPACE = 'migration';
const CLAIMS = ['attic', 'data', 'logs', 'store-db-0', 'store-db-1'];
const MIGRATE = ['migrate', 'storage', 'migration', '--from', 'test-gluster', '--to', 'test-ceph'];
const ROOT = ['--as-root', 'the tree of the test has many owners'];

describeWith(['rsync', 'acl', 'attr', 'openssl'], 'claims that move to another class', () => {
  let site: Site;
  let node: CopyNode;
  let webhook: PodWebhook;
  let api: KubeApi;
  const trees = new Map<string, string[]>();
  beforeAll(async () => {
    site = new Site('migration', 'migration');
    node = new CopyNode(site, NAMESPACE);
    const kubeconfig = await readKubeconfig(site.kubeconfig);
    api = await KubeApi.open(kubeconfig.connect(kubeconfig.current));
    succeeded(await site.beamline(['up', 'migration']));
    webhook = await PodWebhook.start(site, NAMESPACE);
    node.start();
  }, LIMIT_MS);
  afterAll(async () => {
    await webhook.stop();
    await node.stop();
    await api.close();
    await site.kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found']);
    await site.kubectl(['delete', 'storageclass', 'test-gluster', 'test-ceph', 'test-rbd']);
    await site.clear();
  }, LIMIT_MS);
  const story = (sentence: string, steps: () => Promise<void>): void =>
    scenario(() => site, sentence, steps);

  /** What is recorded of a claim; undefined when nothing is. */
  async function record(claim: string): Promise<MigrationRecord | undefined> {
    const { apiVersion, kind, namespace, name } = recordRef(NAMESPACE, claim);
    const path = await api.pathOf(apiVersion, kind, namespace, name);
    return api.get(path ?? '').then(recordIn, () => undefined);
  }

  /** Starts a command and kills it with all it started, as soon as a claim's record has come to a step. */
  async function killedAt(args: readonly string[], claim: string, step: string): Promise<void> {
    const run = site.start(args);
    const pid = run.pid ?? 0;
    const has = async (): Promise<boolean> => {
      const state = (await record(claim))?.state;
      if (state === undefined || state.direction === 'released') return false;
      const order: readonly string[] = [...FORWARD, ...BACK];
      return order.indexOf(state.step) >= order.indexOf(step);
    };
    await until(
      async () => run.exitCode !== null || (await has()),
      `'${step}' never came`,
      LIMIT_MS - 30_000, // what a run takes is the machine's affair; the story's own limit holds
    );
    killFamily(pid);
    await run;
  }

  /** Fills a claim with a tree, and remembers it. */
  async function fill(claim: string): Promise<string> {
    const directory = await node.directoryOfClaim(claim);
    if (claim === 'data' || claim === 'store-db-1') nastyTree(directory, claim);
    else writeFileSync(join(directory, 'file'), claim);
    trees.set(claim, describeTree(directory));
    return directory;
  }

  async function expectSameData(): Promise<void> {
    for (const claim of CLAIMS) {
      const directory = await node.directoryOfClaim(claim);
      expect([claim, describeTree(directory)]).toEqual([claim, trees.get(claim)]);
    }
  }

  async function expectRunning(): Promise<void> {
    const ready = (): Promise<string> =>
      site.kubectl([
        'get',
        'deploy/web',
        'sts/db',
        'cronjob/nightly',
        '-n',
        NAMESPACE,
        '-o',
        'jsonpath={range .items[*]}{.spec.replicas}{.status.readyReplicas}{.spec.suspend} {end}',
      ]);
    await until(async () => (await ready()) === '22 22 false ', 'the workloads are not back');
  }

  async function classes(): Promise<string> {
    return site.kubectl([
      'get',
      'pvc',
      '-n',
      NAMESPACE,
      '-o',
      'jsonpath={range .items[*]}{.metadata.name}={.spec.storageClassName},{.status.phase} {end}',
    ]);
  }

  const all = (className: string): string =>
    CLAIMS.map((claim) => `${claim}=${className},Bound `).join('');

  async function expectUnchanged(variant: string): Promise<void> {
    const options = { variant };
    const preview = await site.beamline(['preview', 'migration'], options);
    expect(preview).toMatchObject({ exitCode: 0, stdout: 'migration: 10 unchanged' });
    const refreshed = await site.beamline(['preview', 'migration', '--refresh'], options);
    expect(refreshed).toMatchObject({ exitCode: 0, stdout: 'migration: 10 unchanged' });
    const pulumi = await site.pulumi(
      ['preview', '--stack', 'migration', '--expect-no-changes', '--refresh'],
      options,
    );
    expect(pulumi).toMatchObject({ exitCode: 0 });
  }

  /** Goes on until everything is moved; a machine with much to do takes longer than a command may. */
  async function moved(): Promise<Outcome> {
    for (;;) {
      const outcome = await site.beamline([...MIGRATE, '--run', ...ROOT]);
      if (outcome.exitCode !== undefined) return succeeded(outcome);
    }
  }

  const refused = (outcome: Outcome): string => {
    expect(outcome.exitCode).toBe(1);
    return outcome.stderr;
  };

  story(
    'are listed with who mounts them, in the order in which they go, before anything is done',
    async () => {
      for (const claim of CLAIMS) await fill(claim);
      const { exitCode, stdout } = await site.beamline(MIGRATE);
      expect({ exitCode, stdout }).toEqual({
        exitCode: 0,
        stdout: [
          '1. migration: mounted by nobody, no downtime',
          '     attic: 1 GiB, use unknown, ReadWriteMany',
          '2. migration: Deployment web, CronJob nightly down for about 4 min',
          '     data: 1 GiB, use unknown, ReadWriteMany',
          '     logs: 1 GiB, use unknown, ReadWriteMany',
          '3. migration: StatefulSet db down for about 4 min',
          '     store-db-0: 1 GiB, use unknown, ReadWriteOnce',
          '     store-db-1: 1 GiB, use unknown, ReadWriteOnce',
          '',
          "5 claims with 5 GiB from 'test-gluster' to 'test-ceph'; times are for 50 MB/s",
        ].join('\n'),
      });
      expect(node.ran).toEqual([]);
    },
  );

  story('stay where they are as long as something is in the way, which is said', async () => {
    const run = async (...args: string[]): Promise<string> =>
      refused(await site.beamline(['migrate', 'storage', 'migration', '--run', ...args]));
    expect(await run('--from', 'test-gluster', '--to', 'test-gluster')).toContain(
      "--from and --to are both 'test-gluster'",
    );
    expect(await run('--from', 'test-gluster', '--to', 'cephfs')).toMatch(
      /--to 'cephfs' is no class of the cluster; there are .*'test-ceph'/,
    );
    expect(await run('--from', 'heketi', '--to', 'test-ceph')).toContain(
      "--from 'heketi' is no class of the cluster, and no claim is of it",
    );
    expect(await run('--from', 'test-gluster', '--to', 'test-rbd')).toContain(
      "claim 'migration/data': it is ReadWriteMany, and class 'test-rbd'",
    );
    expect(await run('--to', 'test-rbd')).toContain('--from must name the class');

    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'debug', namespace: NAMESPACE },
      spec: {
        containers: [{ name: 'sh', image: 'registry.example.org/sh:1' }],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
      },
    };
    await site.kubectl(['apply', '-f', '-'], JSON.stringify(pod));
    expect(refused(await site.beamline([...MIGRATE, '--run', ...ROOT]))).toContain(
      "claim 'migration/data': pod 'debug' mounts it and belongs to no workload; delete it, or wait until it has ended",
    );
    await site.kubectl(['delete', 'pod', 'debug', '-n', NAMESPACE, '--force']);

    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'tight', namespace: NAMESPACE },
      spec: { hard: { 'test-ceph.storageclass.storage.k8s.io/requests.storage': '2Gi' } },
    };
    await site.kubectl(['apply', '-f', '-'], JSON.stringify(quota));
    await until(
      async () => (await site.live('quota', 'tight', '{.status.hard}', NAMESPACE)) !== '',
      'no quota',
    );
    expect(refused(await site.beamline([...MIGRATE, '--run', ...ROOT]))).toMatch(
      /quota 'tight' of namespace 'migration' leaves 2 GiB of test-ceph\S+, and the copies need 5 GiB beside their claims/,
    );
    await site.kubectl(['delete', 'quota', 'tight', '-n', NAMESPACE]);
    expect(node.ran).toEqual([]);
    expect(await record('data')).toBeUndefined();
  });

  story('need a word to be copied by root', async () => {
    expect(refused(await site.beamline([...MIGRATE, '--run']))).toMatch(
      /claim 'attic' cannot be copied without root: .*; give --as-root '<why>'/,
    );
    await expectRunning();
  });

  const old: string[] = [];
  for (const claim of ['data', 'store-db-1']) {
    for (const step of FORWARD.slice(1)) {
      story(`go on after a kill -9 when '${claim}' is ${step.replaceAll('-', ' ')}`, async () => {
        if (old.length === 0)
          for (const one of CLAIMS)
            old.push(await site.live('pvc', one, '{.spec.volumeName}', NAMESPACE));
        await killedAt([...MIGRATE, '--run', ...ROOT], claim, step);
      });
    }
  }

  story('arrive whole, under their names', async () => {
    const { stdout } = await moved();
    expect(stdout.split('\n')).toHaveLength(5);
    expect(stdout).toMatch(
      /^migration\/data: moved to 'test-ceph' \(volume 'pvc-\S+'\), \d+ files with \S+ MiB compared/m,
    );
    expect(await classes()).toBe(all('test-ceph'));
    await expectSameData();
    await expectRunning();
    // Never a task on a volume that was a source to write to it.
    for (const line of node.ran) expect(old).not.toContain(line.split(' ')[2]);
    for (const volume of old)
      expect(
        await site.live('pv', volume, '{.spec.persistentVolumeReclaimPolicy} {.status.phase}'),
      ).toBe('Retain Released');
  });

  story('leave the environment nothing to change once it names the new class', () =>
    expectUnchanged('moved'),
  );

  for (const step of BACK.slice(0, -1))
    story(`go back after a kill -9 when 'data' is ${step.replaceAll('-', ' ')}`, () =>
      killedAt([...MIGRATE, '--rollback'], 'data', step),
    );

  story('go back to the volumes they had', async () => {
    const { stdout } = succeeded(await site.beamline([...MIGRATE, '--rollback']));
    expect(stdout).toMatch(
      /^migration\/data: rolled back to 'test-gluster'; volume 'pvc-\S+' is kept until --release$/m,
    );
    expect(await classes()).toBe(all('test-gluster'));
    await expectSameData();
    await expectRunning();
    await expectUnchanged('first');
    succeeded(await site.beamline([...MIGRATE, '--release']));
  });

  story(
    'say who wrote to them during the last copy, and go on when that is put right',
    async () => {
      const directory = await node.directoryOfClaim('data');
      for (let at = 0; at < 400; at += 1)
        writeFileSync(join(directory, `file-${at}`), Buffer.alloc(20_000, 1));
      trees.set('data', describeTree(directory));
      let busy: NodeJS.Timeout | undefined;
      node.onStart = (task) => {
        if (task !== 'last-copy') return;
        busy ??= setInterval(() => appendFileSync(join(directory, 'busy'), 'line\n'), 20);
      };
      try {
        expect(refused(await site.beamline([...MIGRATE, '--run', ...ROOT]))).toMatch(
          /claim 'data': the source was written to while it was read, though its workloads are stopped; find who writes to it, then run again or roll back\n {2}- busy/,
        );
      } finally {
        // Whoever wrote to it is found and stopped.
        clearInterval(busy);
      }
      node.onStart = () => undefined;
      trees.set('data', describeTree(directory));
      await moved();
      await expectSameData();
      await expectRunning();
    },
  );

  story('are moved by one run at a time', async () => {
    succeeded(await site.beamline([...MIGRATE, '--rollback']));
    succeeded(await site.beamline([...MIGRATE, '--release']));
    const first = site.start([...MIGRATE, '--run', ...ROOT]);
    await until(
      async () => (await record('data'))?.state.direction === 'forward',
      'it did not begin',
    );
    const second = await site.beamline([...MIGRATE, '--run', ...ROOT]);
    expect(second.stderr).toMatch(
      /another run migrates the claim of ConfigMap 'migration\/beamline-migration-\S+': \S+@\S+ said so at/,
    );
    expect(second.exitCode).toBe(1);
    succeeded(await first);
  });

  story('cannot go back once their old volumes are released', async () => {
    const volume = (await record('data'))?.source.name ?? '';
    succeeded(await site.beamline([...MIGRATE, '--release']));
    expect(refused(await site.beamline([...MIGRATE, '--rollback']))).toMatch(
      /what was released cannot be rolled back, its old volume was given up: .*'migration\/data'/,
    );
    await until(
      async () => (await site.live('pv', volume, '{.metadata.name}')) === '',
      'the old volume stays',
    );
    expect(await classes()).toBe(all('test-ceph'));
    await expectUnchanged('moved');
  });
});
