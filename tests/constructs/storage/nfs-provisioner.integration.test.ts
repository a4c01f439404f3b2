import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Chart, type App } from 'cdk8s';
import { execa, type ExecaChildProcess } from 'execa';

import { GivenStorageClass } from '../../../constructs/storage/given-class';
import { NfsProvisioner } from '../../../constructs/storage/nfs-provisioner';
import { CLUSTER_RULES } from '../../../constructs/storage/nfs-rules';
import { NfsServer } from '../../../constructs/storage/nfs-server';
import { SERVER_CLUSTER_RULES } from '../../../constructs/storage/nfs-server-rules';
import { attachTarget, Target } from '../../../constructs/targets';
import { textAt } from '../../../plan/json';
import { objectsOf, type Manifest } from '../../../plan/model';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { planFrom } from '../../support/plan';
import { RecordedAccount, rightsIn } from '../../support/recorded-account';
import { Cluster } from '../../support/cluster';
import { fieldOf, RIGHTS, withRealProvisioner } from './real/provisioning';

const LIMIT_MS = 240_000;
const NAMESPACE = `nfs-${process.pid}`;

/** Our constructs and what they say their programs call. */
const PROVISIONERS = [
  [
    'on a filer',
    CLUSTER_RULES,
    (chart: Chart, className: string) =>
      new NfsProvisioner(chart, 'Nfs', { className, server: 'filer.example.org', path: '/export' }),
  ],
  [
    'on a server in the cluster',
    SERVER_CLUSTER_RULES,
    (chart: Chart, className: string) =>
      new NfsServer(chart, 'Nfs', {
        className,
        consent: 'a test',
        export: {
          storageClass: new GivenStorageClass(chart, 'Disks', {
            className: 'disks',
            accessModes: ['ReadWriteOnce'],
          }),
          sizeGiB: 10,
        },
      }),
  ],
] as const;

describeWith(
  ['nfsProvisioner'],
  "the provisioners' own controller library, with the account and the rights that we render",
  (pathOf) => {
    const cluster = new Cluster();
    const field = fieldOf(cluster, NAMESPACE);
    const children: ExecaChildProcess[] = [];
    const stops: (() => Promise<void>)[] = [];
    let folder: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'beamline-nfs-'));
      await cluster.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }]);
    }, LIMIT_MS);
    afterAll(async () => {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children);
      for (const stop of stops) await stop();
      rmSync(folder, { recursive: true });
      const gone = ['--ignore-not-found', '--wait=false'];
      await cluster.kubectl(['delete', 'namespace', NAMESPACE, ...gone]);
    }, LIMIT_MS);

    test.each(PROVISIONERS)(
      '%s: a claim gets its volume and loses it again; no right is missing, none is idle',
      async (title, rules, add) => {
        const className = `${NAMESPACE}-${title.split(' ').at(-1) ?? ''}`;
        const objects = rendered((chart) => add(chart, className));
        const made = objects.filter(({ kind }) => RIGHTS.includes(kind));
        const [storageClass] = objects.filter(({ kind }) => kind === 'StorageClass');
        if (storageClass === undefined) throw new Error('no class was rendered');
        await cluster.apply([...made, withRealProvisioner(storageClass)]);
        const account = made.find(({ kind }) => kind === 'ServiceAccount')?.metadata.name ?? '';
        const access = await RecordedAccount.start(cluster, {
          name: account,
          namespace: NAMESPACE,
          folder,
        });
        stops.push(() => access.stop());
        const directory = mkdtempSync(join(folder, 'export-'));
        const provisioner = textAt(storageClass, 'provisioner') ?? '';
        const args = [access.kubeconfig, provisioner, directory];
        children.push(execa(pathOf('nfsProvisioner'), args, { reject: false }));

        await cluster.apply([claimOf(className)]);
        await until(
          async () => (await field('pvc', className, '{.status.phase}')) === 'Bound',
          'the claim never got a volume',
        );
        const volume = await field('pvc', className, '{.spec.volumeName}');
        expect(readdirSync(directory)).toEqual([volume]);
        await cluster.kubectl(['delete', 'pvc', className, '-n', NAMESPACE, '--wait=false']);
        await until(
          async () => (await field('pv', volume, '{.metadata.name}')) === '',
          'the volume was never deleted',
        );
        expect(readdirSync(directory)).toEqual([`archived-${volume}`]);

        expect(access.refused).toEqual([]);
        const { used } = access;
        expect(rightsIn(rules).filter((right) => !used.has(right))).toEqual(ELSEWHERE);

        for (const { kind, metadata } of [...made, storageClass])
          if (metadata.namespace === undefined)
            await cluster.kubectl(['delete', kind, metadata.name, '--wait=false']);
      },
      LIMIT_MS,
    );
  },
);

/**
 * What a claim and its end do not call here: the libraries of the real ones (v6.0.0 and v4.0.0, which the module proxy does not serve) read a volume
 * once more before it goes, their programs read its class then, and an event that happens again is patched.
 */
const ELSEWHERE = ['get /persistentvolumes', 'get storage.k8s.io/storageclasses', 'patch /events'];

function rendered(add: (chart: Chart) => unknown): Manifest[] {
  const build = (app: App): void => {
    attachTarget(app, Target.parse('kubernetes 1.34'));
    add(new Chart(app, 'nfs', { namespace: NAMESPACE }));
  };
  const plan = planFrom(build, { provided: ['_/storageclass.storage.k8s.io/disks'] });
  return objectsOf(plan).map(({ manifest }) => manifest);
}

function claimOf(className: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: className, namespace: NAMESPACE },
    spec: {
      accessModes: ['ReadWriteMany'],
      storageClassName: className,
      resources: { requests: { storage: '1Gi' } },
    },
  };
}
