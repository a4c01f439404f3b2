import { HtcondorStack, type HtcondorStackProps } from '../../../stacks/htcondor-stack';
import { Cluster } from '../../support/cluster';
import { appFor, Synthesized } from '../../support/synth';
import { pool, storageClass, withExecute } from './support';

const NAMESPACE = `condor-${process.pid}`;
const CLASS = `disk-${process.pid}`;
const cluster = new Cluster();

beforeAll(async () => {
  const { objects } = new Synthesized(new HtcondorStack(appFor(), 'batch', props()));
  await cluster.apply([
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: CLASS },
      provisioner: 'example.org/disk',
    },
    ...objects.filter(({ kind }) => kind === 'Namespace'),
  ]);
  await cluster.apply(objects.filter(({ kind }) => kind !== 'Namespace'));
}, 120_000);

afterAll(async () => {
  await cluster.kubectl(['delete', 'namespace', NAMESPACE, '--wait=false']);
  await cluster.kubectl(['delete', 'storageclass', CLASS]);
});

function props(): HtcondorStackProps {
  const { submit } = pool;
  const spool = {
    kind: 'claims',
    storageClass: storageClass(CLASS, 'ReadWriteOnce'),
    sizeGiB: 1,
  } as const;
  const execute = withExecute({ shares: [], cores: 1, memoryGiB: 1, scratchGiB: 1 });
  return { ...pool, ...execute, namespace: NAMESPACE, submit: { ...submit, spool } };
}

test.each(['statefulset/condor-manager', 'statefulset/condor-submit', 'deployment/condor-execute'])(
  'the API server takes %s, and its pods come up',
  async (workload) => {
    const args = ['rollout', 'status', workload, '-n', NAMESPACE, '--timeout=50s'];
    expect(await cluster.kubectl(args)).toMatch(/successfully rolled out|roll out complete/);
  },
  60_000,
);

test.each([
  ['a tenant', ['--as=anna', '--as-group=cms', '--as-group=system:authenticated']],
  ['a job that took its pod’s account', [`--as=system:serviceaccount:${NAMESPACE}:condor-execute`]],
])('%s reaches no Secret and no pod of the pool', async (_, as) => {
  for (const [verb, resource] of [
    ['get', 'secrets'],
    ['list', 'secrets'],
    ['create', 'pods/exec'],
    ['create', 'pods'],
    ['create', 'serviceaccounts/token'],
    ['get', 'pods'],
  ] as const) {
    const asked = ['auth', 'can-i', verb, resource, '-n', NAMESPACE, ...as];
    await expect(cluster.kubectl(asked)).rejects.toMatchObject({ stdout: 'no' });
  }
});
