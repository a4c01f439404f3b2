import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Chart } from 'cdk8s';
import { execa, type ExecaChildProcess } from 'execa';
import { z } from 'zod';

import { CephCsi } from '../../../constructs/storage/ceph-csi';
import { CephFsClass } from '../../../constructs/storage/cephfs-class';
import { Claim } from '../../../constructs/storage/claim';
import { PROVISIONER_RULES } from '../../../constructs/storage/csi-rules';
import { objectsOf, type Manifest } from '../../../plan/model';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { planFrom } from '../../support/plan';
import { Cluster } from '../../support/cluster';
import { RecordedAccount, rightsIn } from '../../support/recorded-account';
import { fieldOf, RIGHTS, withRealProvisioner } from './real/provisioning';
import { attachTarget, Target } from '../../../constructs/targets';

const LIMIT_MS = 240_000;
const NAMESPACE = `ceph-${process.pid}`;
const CLASS = `cephfs-${process.pid}`;

const deploymentSchema = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        containers: z.array(
          z.looseObject({ name: z.string(), args: z.array(z.string()).default([]) }),
        ),
      }),
    }),
  }),
});

/** What we render of a CephFS outside the cluster: the class, a claim, and the rights of its provisioner. */
function rendered(): Manifest[] {
  const plan = planFrom((app) => {
    attachTarget(app, Target.parse('kubernetes 1.34'));
    const chart = new Chart(app, 'ceph', { namespace: NAMESPACE });
    const user = { id: 'provisioner', key: { from: 'secret', name: 'ceph-user' } } as const;
    const ceph = new CephCsi(chart, 'Ceph', {
      clusterId: 'fsid',
      monitors: ['192.0.2.1:6789'],
      consent: 'a test',
      cephfs: {
        users: { provisioner: user, node: user },
        filesystems: [{ name: 'fs', dataPools: [] }],
      },
    });
    const storageClass = new CephFsClass(chart, 'Class', {
      ceph,
      className: CLASS,
      filesystem: 'fs',
    });
    new Claim(chart, 'Claim', {
      claimName: 'home',
      storageClass,
      sizeGiB: 7,
      access: 'ReadWriteMany',
      partOf: 'test',
    });
  });
  return objectsOf(plan).map(({ manifest }) => manifest);
}

describeWith(
  ['csiProvisioner', 'csiDriver'],
  'the real csi-provisioner, with the account and the rights that we render',
  (pathOf) => {
    const cluster = new Cluster();
    const field = fieldOf(cluster, NAMESPACE);
    const folder = mkdtempSync(join(tmpdir(), 'beamline-csi-'));
    const children: ExecaChildProcess[] = [];
    let account: RecordedAccount;
    let log = '';

    beforeAll(async () => {
      const objects = rendered();
      await cluster.apply([namespace(), secret()]);
      await cluster.apply(objects.filter(({ kind }) => RIGHTS.includes(kind)));
      await cluster.apply(
        objects.filter(({ kind }) => kind === 'StorageClass').map(withRealProvisioner),
      );
      account = await RecordedAccount.start(cluster, {
        name: 'csi-cephfs-controller',
        namespace: NAMESPACE,
        folder,
      });
      const socket = join(folder, 'csi.sock');
      const driver = `${NAMESPACE}.cephfs.csi.ceph.com`;
      children.push(execa(pathOf('csiDriver'), [driver, socket], { reject: false }));
      const program = execa(
        pathOf('csiProvisioner'),
        [...argumentsIn(objects, socket), `--kubeconfig=${account.kubeconfig}`],
        { reject: false, all: true },
      );
      program.all?.on('data', (data: Buffer) => (log += data.toString()));
      children.push(program);
      await cluster.apply(objects.filter(({ kind }) => kind === 'PersistentVolumeClaim'));
    }, LIMIT_MS);

    afterAll(async () => {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children);
      await account.stop();
      const gone = ['--ignore-not-found', '--wait=false'];
      await cluster.kubectl(['delete', 'namespace', NAMESPACE, ...gone]);
      await cluster.kubectl(['delete', 'storageclass', CLASS, ...gone]);
      for (const kind of ['clusterrole', 'clusterrolebinding'])
        for (const name of ['csi-cephfs-controller', 'csi-cephfs-nodes'])
          await cluster.kubectl(['delete', kind, `beamline:${NAMESPACE}:${name}`, ...gone]);
      rmSync(folder, { recursive: true });
    }, LIMIT_MS);

    test(
      'a claim gets its volume, made with the Secret of our user, and loses it again',
      async () => {
        const phase = (): Promise<string> => field('pvc', 'home', '{.status.phase}');
        await until(async () => (await phase()) === 'Bound', 'the claim never got a volume').catch(
          (error: unknown) => {
            throw new Error(`${String(error)}\n${log.slice(-4000)}`);
          },
        );
        const volume = await field('pvc', 'home', '{.spec.volumeName}');
        expect(await field('pv', volume, '{.spec.csi.volumeHandle}')).toBe(`fsid/ada/${volume}`);
        expect(await field('pv', volume, '{.spec.capacity.storage}')).toBe('7Gi');
        await cluster.kubectl(['delete', 'pvc', 'home', '-n', NAMESPACE, '--wait=false']);
        await until(
          async () => (await field('pv', volume, '{.metadata.name}')) === '',
          `the volume was never deleted\n${log.slice(-4000)}`,
        );
      },
      LIMIT_MS,
    );

    test('its rights are enough, and none of csi-provisioner is idle', () => {
      expect(account.refused).toEqual([]);
      const { used } = account;
      const granted = rightsIn(PROVISIONER_RULES);
      // A clone reads the volume of its source; an event that happens again is patched.
      const elsewhere = ['get /persistentvolumes', 'patch /events'];
      const unused = granted.filter((right) => !used.has(right) && !elsewhere.includes(right));
      expect(unused).toEqual([]);
      expect([...used]).toEqual(
        expect.arrayContaining(['get /secrets', 'create coordination.k8s.io/leases']),
      );
    });
  },
);

/** The arguments that we render for the container, with the socket and the namespace of this test. */
function argumentsIn(objects: readonly Manifest[], socket: string): string[] {
  const found = objects.find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'csi-cephfs-controller',
  );
  const { containers } = deploymentSchema.parse(found).spec.template.spec;
  const args = containers.find(({ name }) => name === 'csi-provisioner')?.args ?? [];
  return args.map((argument) =>
    argument
      .replace('/csi/csi.sock', socket)
      .replace('$(POD_NAMESPACE)', NAMESPACE)
      .replace('--http-endpoint=:8090', '--http-endpoint=127.0.0.1:0'),
  );
}

function namespace(): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
}

function secret(): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'ceph-user', namespace: NAMESPACE },
    stringData: { userID: 'ada', userKey: 'key' },
  };
}
