import { HtcondorPool } from '../../../constructs/batch/htcondor-pool';
import type { HtcondorPoolProps } from '../../../constructs/batch/pool-props';
import type { TargetName } from '../../../constructs/targets';
import { messageFrom } from '../../support/message';
import { synth } from '../../support/synth';
import { pool, share, storageClass, withExecute } from './support';

const NAMESPACES = { kind: 'user-namespaces' } as const;

function refused(props: Partial<HtcondorPoolProps>, target: TargetName = 'okd 4.21'): string {
  return messageFrom(() => synth(HtcondorPool, { ...pool, ...props }, target));
}

const queue = { kind: 'queue', min: 1, max: 9, metric: 'idle', idleJobsPerPod: 4 } as const;

test.each<[string, Partial<HtcondorPoolProps>, RegExp]>([
  [
    'no token key',
    { key: { rotation: 0 } },
    /'key.rotation' must be .* got '0': a pool without a token key/,
  ],
  [
    'a key before the first',
    { key: { rotation: 1, acceptPrevious: true } },
    /the first one, .* has none/,
  ],
  [
    'a domain that is none',
    { domain: 'pool' },
    /'domain' must be a name such as 'pool.example.org', got 'pool'/,
  ],
  [
    'user namespaces with NFS',
    withExecute({ apptainer: NAMESPACES }),
    /'cvmfs-cms-cern-ch' cannot be mounted with Apptainer in user namespaces: NFS/,
  ],
  [
    'privilege without consent',
    withExecute({ apptainer: { kind: 'privileged', consent: ' ' } }),
    /consent' must say why/,
  ],
  [
    'a queue without its metric',
    withExecute({ size: queue }),
    /needs the external metrics API, which 'metricsApis' does not list \(resource\)/,
  ],
  [
    'CPU without metrics',
    { ...withExecute({ size: { kind: 'cpu', min: 1, max: 2, percent: 50 } }), metricsApis: [] },
    /needs the resource metrics API, .* \(none\)/,
  ],
  [
    'a metric without a name',
    { ...withExecute({ size: { ...queue, metric: '' } }), metricsApis: ['external'] },
    /'execute.size.metric' must name the metric/,
  ],
  [
    'min over max',
    withExecute({ size: { kind: 'cpu', min: 3, max: 2, percent: 50 } }),
    /1 <= min <= max, got min '3' and max '2'/,
  ],
  [
    'a spool on a network file system',
    {
      submit: {
        nodes: 1,
        spool: {
          kind: 'claims',
          storageClass: storageClass('nfs', 'ReadWriteOnce', 'ReadWriteMany'),
          sizeGiB: 1,
        },
      },
    },
    /must be a disk of one node, .* got 'nfs' with ReadWriteOnce, ReadWriteMany/,
  ],
  [
    'a class that is absent',
    {
      submit: {
        nodes: 1,
        spool: { kind: 'claims', storageClass: storageClass('', 'ReadWriteOnce'), sizeGiB: 1 },
      },
    },
    /'submit.spool.storageClass' must name a class, got ''/,
  ],
  [
    'two nodes on one spool',
    { submit: { nodes: 2, spool: { kind: 'claim', claimName: 'spool' } } },
    /'submit.nodes' 2 cannot share the one spool 'spool'/,
  ],
  [
    'quotas over the whole',
    {
      groups: [
        { name: 'a', percent: 60, users: ['x'] },
        { name: 'b', percent: 50, users: ['y'] },
      ],
    },
    /share 100 percent of the pool at most, got 110/,
  ],
  [
    'quotas over a group',
    {
      groups: [
        { name: 'a', percent: 60, users: ['x'] },
        { name: 'a.b', percent: 60, users: ['x'] },
        { name: 'a.c', percent: 50, users: ['x'] },
      ],
    },
    /share 100 percent of group 'a' at most, got 110/,
  ],
  [
    'a group below none',
    { groups: [{ name: 'a.b', percent: 1, users: ['x'] }] },
    /must stand below a group, and 'a' is none/,
  ],
  [
    'two groups of one name',
    {
      groups: [
        { name: 'a', percent: 1, users: ['x'] },
        { name: 'a', percent: 1, users: ['x'] },
      ],
    },
    /different names, got 'a' twice/,
  ],
  [
    'a user with a domain',
    { groups: [{ name: 'a', percent: 1, users: ['x@y'] }] },
    /by the part before the '@', .* got 'x@y'/,
  ],
  [
    'a path that is not absolute',
    withExecute({ shares: [{ share: share('c'), mountPath: 'cvmfs' }] }),
    /absolute paths, got 'cvmfs'/,
  ],
  [
    'no time to drain',
    withExecute({ drainHours: -1 }),
    /'execute.drainHours' must be from 0 to 168, a week, got '-1'/,
  ],
])('%s is refused', (_, props, message) => {
  expect(refused(props)).toMatch(message);
});

test('user namespaces that the cluster lacks are refused, with what to take', () => {
  const props = withExecute({ apptainer: NAMESPACES, shares: [] });
  expect(refused(props, 'okd 4.18')).toMatch(/needs pods in user namespaces.*use a privileged pod/);
});

test('a cluster where pods cannot leave the group of root is refused', () => {
  expect(refused({}, 'okd 3.11')).toMatch(/HTCondor without root needs securityContext.runAsGroup/);
});
