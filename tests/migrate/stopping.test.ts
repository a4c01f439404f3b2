import { MigrationCluster } from '../../migrate/cluster';
import { STOPPED } from '../../migrate/names';
import { startWorkload, stopWorkload } from '../../migrate/stopping';
import { at } from '../../plan/json';
import type { JsonObject } from '../../plan/model';
import { MemoryCluster } from './support/memory-cluster';

const NONE = { template: { spec: { nodeSelector: { [STOPPED]: 'true' } } } };

test.each<[string, string, JsonObject, JsonObject]>([
  ['apps/v1', 'Deployment', { replicas: 3, template: {} }, { replicas: 0 }],
  ['apps/v1', 'StatefulSet', { replicas: 2, template: {} }, { replicas: 0 }],
  ['apps.openshift.io/v1', 'DeploymentConfig', { replicas: 2 }, { replicas: 0 }],
  ['batch/v1', 'CronJob', { suspend: false, jobTemplate: {} }, { suspend: true }],
  ['batch/v1', 'CronJob', { suspend: true, jobTemplate: {} }, { suspend: true }],
  ['apps/v1', 'DaemonSet', { template: { spec: { nodeSelector: { disk: 'ssd' } } } }, NONE],
])(
  '%s %s is stopped, twice if need be, and starts as it was',
  async (apiVersion, kind, spec, halted) => {
    const memory = new MemoryCluster();
    memory.add({ apiVersion, kind, metadata: { name: 'web', namespace: 'site' }, spec });
    const cluster = new MigrationCluster(memory.client());
    const workload = { apiVersion, kind, name: 'web' };
    // A run that is killed between the two stops it again.
    for (let times = 0; times < 2; times += 1) await stopWorkload(cluster, 'site', workload);
    expect(memory.find(kind, 'web')).toMatchObject({ spec: halted });
    for (let times = 0; times < 2; times += 1) await startWorkload(cluster, 'site', workload);
    expect(at(memory.find(kind, 'web'), 'spec')).toEqual(spec);
    expect(at(memory.find(kind, 'web'), 'metadata', 'annotations', STOPPED)).toBeUndefined();
  },
);

test('leaves a workload alone that was deleted, or that no migration stopped', async () => {
  const memory = new MemoryCluster();
  const cluster = new MigrationCluster(memory.client());
  const workload = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  await stopWorkload(cluster, 'site', workload);
  await startWorkload(cluster, 'site', workload);
  const spec = { replicas: 0, template: {} };
  memory.add({ ...workload, metadata: { name: 'web', namespace: 'site' }, spec });
  await startWorkload(cluster, 'site', workload);
  expect(at(memory.find('Deployment', 'web'), 'spec')).toEqual(spec);
});
