import { EXIT } from '../../constructs/migration/scripts';
import { MigrationCluster } from '../../migrate/cluster';
import { runTask, type TaskReport } from '../../migrate/tasks';
import { MemoryCluster } from './support/memory-cluster';

/** What a run makes of a last copy that ended like this. */
async function ended(exitCode: number, words: readonly string[]): Promise<TaskReport> {
  const cluster = new MemoryCluster();
  const type = exitCode === 0 ? 'Complete' : 'Failed';
  cluster.add({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'copy', namespace: 'site' },
    status: { conditions: [{ type, status: 'True' }] },
  });
  const terminated = { exitCode, finishedAt: '2026-01-01T00:00:00Z', message: words.join('\n') };
  cluster.add({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'copy-x', namespace: 'site', labels: { 'job-name': 'copy' } },
    status: { containerStatuses: [{ state: { terminated } }] },
  });
  return runTask(
    { cluster: new MigrationCluster(cluster.client()) },
    'site',
    { name: 'copy', task: 'last-copy', source: 'data', target: 'data-copy', manifests: [] },
    { signal: new AbortController().signal, limitMs: 10_000 },
  );
}

test('a task that is done says what it found', async () => {
  expect(await ended(0, ['source.files=3', 'source.bytes=10'])).toEqual({
    'source.files': '3',
    'source.bytes': '10',
  });
});

test.each<[string, number, readonly string[], string]>([
  [
    'a source that changes during the last copy',
    EXIT.changed,
    [
      'changed=busy/log',
      'changed=busy/more',
      'problem=the source was written to while it was read',
    ],
    "claim 'data': the source was written to while it was read, though its workloads are stopped; find who writes to it, then run again or roll back\n  - busy/log\n  - busy/more",
  ],
  [
    'a target that is too small',
    EXIT.space,
    ['problem=10 GiB are needed'],
    "claim 'data' does not fit: 10 GiB are needed; make the claim larger than its files, or the pool behind the class",
  ],
  [
    'a copy that differs',
    EXIT.different,
    ['difference=a/b', 'problem=1 differences'],
    "claim 'data' and its copy 'data-copy' differ: 1 differences; run again to copy what differs, or roll back\n  - a/b",
  ],
  [
    'files that need root',
    EXIT.forbidden,
    ['problem=user 1000 cannot read the volume'],
    "claim 'data' cannot be copied without root: user 1000 cannot read the volume; give --as-root '<why>' if its copy may run as root",
  ],
  [
    'an end without a word',
    0,
    [],
    "last-copy of claim 'data' failed: it left no report; 'kubectl logs' of its Job has more",
  ],
])('stops at %s, and says what to do', async (_, exitCode, words, message) => {
  await expect(ended(exitCode, words)).rejects.toThrow(new Error(message));
});
