import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { recordIn, recordRef } from '../../migrate/ledger';
import { BACK, FORWARD, type MigrationRecord } from '../../migrate/record';
import { isObject, parseJson } from '../../plan/json';
import { describeWith } from '../parts/need';
import { describeTree, nastyTree } from '../support/nasty-tree';
import { CopyNode } from './support/copy-node';
import { PodWebhook } from './support/pod-webhook';
import { killFamily, until } from './support/processes';
import { LIMIT_MS, scenario } from './support/scenario';
import { Site, succeeded, type Outcome, type Reach } from './support/site';

const NAMESPACE = 'crossing';
const CLAIMS = ['data', 'store-db-0'];
const MIGRATE = [
  ...['migrate', 'storage', 'crossing-old', '--from', 'old-gluster', '--to', 'new-ceph'],
  ...['--to-env', 'crossing-new', '--through', 'NodePort', '--at', '127.0.0.1'],
];
const RUN = [...MIGRATE, '--run', '--as-root', 'the tree of the test has many owners'];
const MOVED = { variant: 'moved' };

describeWith(
  ['rsync', 'stunnel', 'acl', 'attr', 'openssl'],
  'claims that move to another cluster',
  () => {
    let site: Site;
    let there: Reach;
    let nodes: { readonly here: CopyNode; readonly there: CopyNode };
    let webhooks: PodWebhook[] = [];
    const trees = new Map<string, string[]>();
    beforeAll(async () => {
      site = new Site('crossing-old', 'crossing');
      there = site.add('crossing-new', 'crossing', 'destination');
      succeeded(await site.beamline(['cluster', 'start', 'crossing-new']));
      nodes = { here: new CopyNode(site, NAMESPACE), there: new CopyNode(there, NAMESPACE) };
      succeeded(await site.beamline(['up', 'crossing-old']));
      succeeded(await site.beamline(['up', 'crossing-new']));
      webhooks = [
        await PodWebhook.start(site, NAMESPACE),
        await PodWebhook.start(there, NAMESPACE),
      ];
      nodes.here.start();
      nodes.there.start();
    }, LIMIT_MS);
    afterAll(async () => {
      for (const webhook of webhooks) await webhook.stop();
      await nodes.here.stop();
      await nodes.there.stop();
      await site.kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found']);
      await site.kubectl(['delete', 'storageclass', 'old-gluster', '--ignore-not-found']);
      await site.beamline(['cluster', 'delete', 'crossing-new']);
      await site.clear();
    }, LIMIT_MS);
    const story = (sentence: string, steps: () => Promise<void>): void =>
      scenario(() => site, sentence, steps);

    async function record(claim: string): Promise<MigrationRecord | undefined> {
      const { name } = recordRef(NAMESPACE, claim);
      const args = ['get', 'cm', name, '-n', NAMESPACE, '-o', 'json', '--ignore-not-found'];
      const text = await site.kubectl(args);
      const object = text === '' ? undefined : parseJson(text);
      return isObject(object) ? recordIn(object) : undefined;
    }

    /** Starts a command and kills it with all it started, as soon as a claim's record has come to a step. */
    async function killedAt(args: readonly string[], step: string): Promise<void> {
      const run = site.start(args, MOVED);
      const order: readonly string[] = [...FORWARD, ...BACK];
      const has = async (): Promise<boolean> => {
        const state = (await record('data'))?.state;
        if (state === undefined || state.direction === 'released') return false;
        return order.indexOf(state.step) >= order.indexOf(step);
      };
      await until(async () => run.exitCode !== null || (await has()), `'${step}' never came`);
      killFamily(run.pid ?? 0);
      await run;
    }

    async function moved(): Promise<Outcome> {
      for (;;) {
        const outcome = await site.beamline(RUN, MOVED);
        if (outcome.exitCode !== undefined) return succeeded(outcome);
      }
    }

    async function expectSame(node: CopyNode): Promise<void> {
      for (const claim of CLAIMS)
        expect([claim, describeTree(await node.directoryOfClaim(claim))]).toEqual([
          claim,
          trees.get(claim),
        ]);
    }

    async function expectReplicas(cluster: Pick<Reach, 'kubectl'>, wanted: string): Promise<void> {
      const path = '{range .items[*]}{.status.readyReplicas}/{.spec.replicas} {end}';
      const args = ['get', 'deploy/web', 'sts/db', '-n', NAMESPACE, '-o', `jsonpath=${path}`];
      await until(async () => (await cluster.kubectl(args)) === wanted, `not ${wanted}`);
    }

    /** Everything that a copy between clusters needs and nothing else does. */
    async function left(cluster: Pick<Reach, 'kubectl'>): Promise<string> {
      const args = ['get', 'job,svc,secret,netpol', '-n', NAMESPACE, '-o', 'name'];
      return (await cluster.kubectl([...args, '-l', 'beamline/migration'])).trim();
    }

    const refused = (outcome: Outcome): string => {
      expect(outcome.exitCode).toBe(1);
      return outcome.stderr;
    };

    story('are refused where the other cluster is not ready for them', async () => {
      for (const claim of CLAIMS) {
        const directory = await nodes.here.directoryOfClaim(claim);
        nastyTree(directory, claim);
        trees.set(claim, describeTree(directory));
      }
      const run = async (...args: string[]): Promise<string> =>
        refused(await site.beamline([...RUN, ...args], MOVED));
      expect(await run('--to', 'ceph')).toMatch(
        /--to 'ceph' is no class of the cluster; there are .*'new-ceph'/,
      );
      expect(await run('--to-env', 'crossing-old')).toContain('is the environment itself');
      const small = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data', namespace: NAMESPACE },
        spec: {
          accessModes: ['ReadWriteMany'],
          storageClassName: 'new-ceph',
          resources: { requests: { storage: '10Mi' } },
        },
      };
      await there.kubectl(['apply', '-f', '-'], JSON.stringify(small));
      expect(await run()).toContain(
        "environment 'crossing-new' has 10Mi for it, less than 1 GiB here",
      );
      await there.kubectl(['delete', 'pvc', 'data', '-n', NAMESPACE]);
      expect(nodes.here.ran).toEqual([]);
    });

    story('do not overwrite what a claim of that name has there', async () => {
      const mine = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data', namespace: NAMESPACE },
        spec: {
          accessModes: ['ReadWriteMany'],
          storageClassName: 'new-ceph',
          resources: { requests: { storage: '1Gi' } },
        },
      };
      await there.kubectl(['apply', '-f', '-'], JSON.stringify(mine));
      await until(
        async () => (await there.live('pvc', 'data', '{.status.phase}', NAMESPACE)) === 'Bound',
        'no volume',
      );
      const directory = await nodes.there.directoryOfClaim('data');
      writeFileSync(join(directory, 'precious'), 'written there');
      expect(refused(await site.beamline(RUN, MOVED))).toMatch(
        /claim 'crossing\/data' of environment 'crossing-new' has 1 files and directories already, which the copy would delete/,
      );
      await expectReplicas(site, '2/2 1/1 ');
      await there.kubectl(['delete', 'pvc', 'data', '-n', NAMESPACE]);
    });

    for (const step of FORWARD.slice(1, FORWARD.indexOf('unbound')))
      story(`go on after a kill -9 when 'data' is ${step.replaceAll('-', ' ')}`, () =>
        killedAt(RUN, step),
      );

    story('arrive whole, under their names, and leave no door open', async () => {
      const { stdout } = await moved();
      expect(stdout).toMatch(
        /^crossing\/data: moved to 'new-ceph' of environment 'crossing-new', \d+ files with \S+ MiB compared.*; start its workloads there with 'beamline up crossing-new' \(stopped here: Deployment web\); the old claim is kept$/m,
      );
      await expectSame(nodes.there);
      await expectSame(nodes.here);
      await expectReplicas(site, '/0 /0 ');
      expect(await left(site)).toBe('');
      expect(await left(there)).toBe('');
    });

    story(
      "are taken over by the other environment's own deployment, which starts them",
      async () => {
        succeeded(await site.beamline(['up', 'crossing-new'], MOVED));
        await expectReplicas(there, '2/2 1/1 ');
        const preview = await site.beamline(['preview', 'crossing-new', '--refresh'], MOVED);
        expect(preview.stdout).toMatch(/^crossing-new: \d+ unchanged$/);
        await expectSame(nodes.there);
        succeeded(await site.beamline(RUN, MOVED));
      },
    );

    story('do not go back while workloads write there', async () => {
      expect(refused(await site.beamline([...MIGRATE, '--rollback'], MOVED))).toMatch(
        /cannot go back now, two would write:\n {2}- pod 'web-\S+' of environment 'crossing-new' mounts it; stop that first/,
      );
      const scale = ['scale', 'deploy/web', 'sts/db', '--replicas=0', '-n', NAMESPACE];
      await there.kubectl(scale);
      const pods = ['get', 'pods', '-n', NAMESPACE, '-o', 'name'];
      await until(async () => (await there.kubectl(pods)) === '', 'the pods stay');
    });

    for (const step of BACK.slice(0, -1))
      story(`go back after a kill -9 when 'data' is ${step.replaceAll('-', ' ')}`, () =>
        killedAt([...MIGRATE, '--rollback'], step),
      );

    story('go back to their cluster, and start there', async () => {
      expect(
        refused(await site.beamline(['migrate', 'storage', 'crossing-old', '--rollback'])),
      ).toContain("was begun towards environment 'crossing-new'");
      succeeded(await site.beamline([...MIGRATE, '--rollback'], MOVED));
      await expectReplicas(site, '2/2 1/1 ');
      await expectSame(nodes.here);
      expect(refused(await site.beamline(RUN, MOVED))).toContain('--release it first');
      succeeded(await site.beamline([...MIGRATE, '--release'], MOVED));
    });

    story('cannot go back once they are released', async () => {
      await there.kubectl([
        'delete',
        'deploy/web',
        'sts/db',
        'pvc/data',
        'pvc/store-db-0',
        '-n',
        NAMESPACE,
      ]);
      await moved();
      succeeded(await site.beamline([...MIGRATE, '--release'], MOVED));
      expect(refused(await site.beamline([...MIGRATE, '--rollback'], MOVED))).toContain(
        'what was released cannot be rolled back',
      );
      await expectSame(nodes.there);
      await expectSame(nodes.here);
    });
  },
);
