import { Chart } from 'cdk8s';
import fc from 'fast-check';

import { findingsOf } from '../../../constructs/kit/findings';
import { statefulSet } from '../../../constructs/kit/stateful-set';
import { StorageCapacity } from '../../../constructs/storage/capacity';
import { gibOf } from '../../../constructs/storage/capacity-objects';
import { Claim } from '../../../constructs/storage/claim';
import { GivenStorageClass } from '../../../constructs/storage/given-class';
import { gibibytes } from '../../../constructs/kit/quantity';
import { Tenant } from '../../../constructs/tenancy/tenant';
import { appFor } from '../../support/synth';

/** A site with two tenants on one class of `availableGiB`. */
function site(availableGiB: number, promise?: number): { capacity: StorageCapacity } {
  const app = appFor();
  const shared = new Chart(app, 'shared', { namespace: 'storage' });
  const storageClass = new GivenStorageClass(shared, 'Class', {
    className: 'cephfs',
    accessModes: ['ReadWriteMany'],
  });
  const capacity = new StorageCapacity(shared, 'Capacity', {
    classes: [{ storageClass, availableGiB, ...(promise === undefined ? {} : { promise }) }],
  });
  for (const [name, sizeGiB] of [
    ['cms', 60],
    ['dune', 120],
  ] as const) {
    const chart = new Chart(app, name, { namespace: name });
    new Tenant(chart, 'Tenant', { quota: { cpu: 1, memoryGiB: 1, pods: 1, storageGiB: 100 } });
    new Claim(chart, 'Claim', {
      claimName: 'home',
      storageClass,
      sizeGiB,
      access: 'ReadWriteMany',
      partOf: name,
    });
  }
  const batch = new Chart(app, 'batch', { namespace: 'batch' });
  statefulSet(batch, 'Set', {
    name: 'spool',
    part: { name: 'a', instance: 'a', component: 'a', partOf: 'a' },
    replicas: 2,
    service: 'spool',
    serviceAccount: 'spool',
    containers: [],
    claims: [{ name: 'data', className: 'cephfs', size: '10Gi' }],
  });
  return { capacity };
}

test('counts claims, claims of StatefulSets and quotas, by namespace and class', () => {
  expect(site(1000).capacity.rows()).toEqual([
    { namespace: 'batch', className: 'cephfs', requestedGiB: 20, quotaGiB: undefined },
    { namespace: 'cms', className: 'cephfs', requestedGiB: 60, quotaGiB: 100 },
    { namespace: 'dune', className: 'cephfs', requestedGiB: 120, quotaGiB: 100 },
  ]);
});

test.each([
  [1000, undefined, ['storage/over-quota error']],
  [230, undefined, ['storage/over-quota error', 'storage/over-committed warning']],
  [230, 2, ['storage/over-quota error']],
  [150, 9, ['storage/over-quota error', 'storage/over-committed error']],
])('of %d GiB, promised %s times: %j', (availableGiB, promise, wanted) => {
  const { capacity } = site(availableGiB, promise);
  expect([...capacity.node.validate(), ...capacity.node.validate()]).toEqual([]);
  expect(findingsOf(capacity).map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(wanted);
});

test('says who asks for how much', () => {
  const { capacity } = site(150);
  capacity.node.validate();
  expect(findingsOf(capacity).map(({ reason }) => reason)).toEqual([
    "claims of 'dune' ask class 'cephfs' for 120Gi, and the quota is 100Gi: the last of them are refused",
    "claims ask class 'cephfs' for 200Gi, and it has 150Gi: 'batch' 20Gi, 'cms' 60Gi, 'dune' 120Gi",
  ]);
});

test('counts the classes of a tenant together against a quota over all of them', () => {
  const app = appFor();
  const chart = new Chart(app, 'cms', { namespace: 'cms' });
  const classes = ['cephfs', 'rbd', 'filer'].map(
    (className) =>
      new GivenStorageClass(chart, className, { className, accessModes: ['ReadWriteMany'] }),
  );
  new Tenant(chart, 'Tenant', { quota: { cpu: 1, memoryGiB: 1, pods: 1, storageGiB: 100 } });
  for (const storageClass of classes)
    new Claim(chart, `Claim-${storageClass.className}`, {
      claimName: storageClass.className,
      storageClass,
      sizeGiB: 40,
      access: 'ReadWriteMany',
      partOf: 'cms',
    });
  const capacity = new StorageCapacity(chart, 'Capacity', {
    // What the filer has nobody says; its claims count in the quota all the same.
    classes: classes.slice(0, 2).map((storageClass) => ({ storageClass, availableGiB: 500 })),
  });
  capacity.node.validate();
  expect(findingsOf(capacity)).toEqual([
    {
      rule: 'storage/over-quota',
      severity: 'error',
      reason:
        "claims of 'cms' ask all classes together for 120Gi, and the quota is 100Gi: the last of them are refused",
      fix: 'Raise the quota, or make the claims smaller',
    },
  ]);
});

test('rejects a class that holds nothing, or is promised less than once', () => {
  expect(() => site(0, 0.5)).toThrow(
    new Error(
      "StorageCapacity 'shared/Capacity' has invalid props:\n" +
        "  - 'availableGiB' of 'cephfs' must be the number of GiB, more than 0, got '0'\n" +
        "  - 'promise' of 'cephfs' must be 1 or more, got '0.5'",
    ),
  );
});

test('reads every size that it writes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1 << 30 }), (gib) => {
      expect(gibOf(gibibytes(gib))).toBe(gib);
    }),
  );
  expect(gibOf('1073741824')).toBe(1);
  expect([gibOf('1Ei'), gibOf('1e9'), gibOf('1E'), gibOf('1073741824000m')]).toEqual([
    2 ** 30,
    1e9 / 2 ** 30,
    1e18 / 2 ** 30,
    1,
  ]);
  expect(() => gibOf('ten')).toThrow("'ten' must be an amount of bytes, such as '10Gi'");
});
