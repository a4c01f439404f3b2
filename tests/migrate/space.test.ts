import type { ClaimFacts } from '../../migrate/inventory';
import { MigrationCluster } from '../../migrate/cluster';
import { spaceProblems } from '../../migrate/space';
import type { JsonObject } from '../../plan/model';
import { MemoryCluster } from './support/memory-cluster';

const GIB = 2 ** 30;

function claim(name: string, gib: number, used?: number): ClaimFacts {
  return {
    namespace: 'site',
    name,
    live: {},
    size: gib * GIB,
    used: used === undefined ? undefined : used * GIB,
    accessModes: ['ReadWriteMany'],
    volumeMode: 'Filesystem',
    workloads: [],
    pods: [],
    problems: [],
  };
}

const claims = [claim('data', 10), claim('logs', 30)];

/** What the driver of a class states about room, as its provisioner writes it down. */
function stated(fields: JsonObject, name = 'one', storageClassName = 'ceph'): JsonObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIStorageCapacity',
    metadata: { name },
    storageClassName,
    ...fields,
  };
}

function quota(hard: JsonObject, used: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'tenant', namespace: 'site' },
    status: { hard, used },
  };
}

function problems(objects: readonly JsonObject[], of = claims): Promise<string[]> {
  const cluster = new MemoryCluster();
  for (const object of objects) cluster.add(object);
  return spaceProblems(new MigrationCluster(cluster.client()), 'site', 'ceph', of);
}

test.each<[string, readonly JsonObject[]]>([
  ['nobody says anything', []],
  ['the driver states no amount', [stated({})]],
  ['another class is full', [stated({ capacity: '0' }, 'one', 'gluster')]],
  ['there is just enough', [stated({ capacity: '40Gi' }), quota({ 'requests.storage': '40Gi' })]],
  ['one of two places has room', [stated({ capacity: '0' }), stated({ capacity: '1Ti' }, 'two')]],
  ['the quota counts something else', [quota({ 'requests.cpu': '1' })]],
])('no problem where %s', async (_, objects) => {
  expect(await problems(objects)).toEqual([]);
});

test.each<[string, readonly JsonObject[], readonly string[]]>([
  [
    'a volume can be no larger than the driver says, however much is free',
    [stated({ capacity: '1Ti', maximumVolumeSize: '20Gi' })],
    ["claim 'logs' has 30 GiB, and class 'ceph' has room for volumes of 20 GiB at most"],
  ],
  [
    'a class with room for each and not for all',
    [stated({ capacity: '35Gi' })],
    ["class 'ceph' has room for 35 GiB, and the claims together have 40 GiB"],
  ],
  [
    'a full class',
    [stated({ capacity: '0' })],
    [
      "claim 'data' has 10 GiB, and class 'ceph' has room for volumes of 0 B at most",
      "claim 'logs' has 30 GiB, and class 'ceph' has room for volumes of 0 B at most",
      "class 'ceph' has room for 0 B, and the claims together have 40 GiB",
    ],
  ],
  [
    'quotas on bytes and on the number of claims',
    [
      quota(
        {
          'requests.storage': '60Gi',
          persistentvolumeclaims: '3',
          'ceph.storageclass.storage.k8s.io/requests.storage': '1Ti',
          'gluster.storageclass.storage.k8s.io/requests.storage': '1Gi',
        },
        { 'requests.storage': '40Gi', persistentvolumeclaims: '2' },
      ),
    ],
    [
      "quota 'tenant' of namespace 'site' leaves 20 GiB of requests.storage, and the copies need 40 GiB beside their claims; raise it for the time of the migration",
      "quota 'tenant' of namespace 'site' leaves 1 of persistentvolumeclaims, and the copies need 2 beside their claims; raise it for the time of the migration",
    ],
  ],
])('refuses %s', async (_, objects, wanted) => {
  expect(await problems(objects)).toEqual(wanted);
});

test('refuses a claim that holds more than its size', async () => {
  expect(await problems([], [claim('data', 10, 12), claim('logs', 30, 30)])).toEqual([
    "claim 'data' has 12 GiB in 10 GiB: the old storage did not hold it to its size, the new one may; make it larger first",
  ]);
});
