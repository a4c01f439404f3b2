import type { Chart } from 'cdk8s';

import { Claim, type ClaimProps } from '../../../constructs/storage/claim';
import { GivenStorageClass } from '../../../constructs/storage/given-class';
import type { IVolumeClass } from '../../../constructs/storage/volume-class';
import type { TargetName } from '../../../constructs/targets';
import { messageFrom } from '../../support/message';
import { chartFor, Synthesized } from '../../support/synth';

/** A class as RBD has it: a file system for one node, a raw device for many. */
function block(chart: Chart, snapshots = true): IVolumeClass {
  return new GivenStorageClass(chart, 'Block', {
    className: 'block',
    accessModes: ['ReadWriteOnce'],
    blockAccessModes: ['ReadWriteOnce', 'ReadWriteMany'],
    expandable: true,
    userNamespaces: true,
    ...(snapshots ? { snapshotClassName: 'block' } : {}),
  });
}

function claimOf(
  chart: Chart,
  more: Partial<ClaimProps> & { readonly storageClass: IVolumeClass },
  id = 'Subject',
): Claim {
  return new Claim(chart, id, {
    claimName: 'data',
    sizeGiB: 10,
    access: 'ReadWriteOnce',
    partOf: 'test',
    ...more,
  });
}

test('asks its class for what it says', () => {
  const chart = chartFor();
  const claim = claimOf(chart, { storageClass: block(chart) });
  expect(claim).toMatchObject({ claimName: 'data', readOnly: false, userNamespaces: true });
  expect(new Synthesized(chart).one('PersistentVolumeClaim')['spec']).toEqual({
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '10Gi' } },
    storageClassName: 'block',
    volumeMode: 'Filesystem',
  });
});

test('a raw device can be shared', () => {
  const chart = chartFor();
  claimOf(chart, { storageClass: block(chart), volumeMode: 'Block', access: 'ReadWriteMany' });
  expect(new Synthesized(chart).one('PersistentVolumeClaim')['spec']).toMatchObject({
    accessModes: ['ReadWriteMany'],
    volumeMode: 'Block',
  });
});

test('begins as a copy of a claim, or as a snapshot', () => {
  const chart = chartFor();
  const storageClass = block(chart);
  const claim = claimOf(chart, { storageClass });
  claimOf(chart, { storageClass, claimName: 'two', copyOf: { claim } }, 'Two');
  claimOf(chart, { storageClass, claimName: 'three', copyOf: { snapshot: 'monday' } }, 'Three');
  const storage = new Synthesized(chart);
  expect(storage.one('PersistentVolumeClaim', 'two')['spec']).toMatchObject({
    dataSource: { kind: 'PersistentVolumeClaim', name: 'data' },
  });
  expect(storage.one('PersistentVolumeClaim', 'three')['spec']).toMatchObject({
    dataSource: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'monday' },
  });
});

test.each<[string, string, Partial<ClaimProps>]>([
  [
    'many writers of a file system of block devices',
    "'access' must be one of [ReadWriteOnce] for volumeMode 'Filesystem' of class 'block', got 'ReadWriteMany'; volumeMode 'Block' can have it, or take a class of a shared file system",
    { access: 'ReadWriteMany' },
  ],
  [
    'many readers where no mode can have them',
    "'access' must be one of [ReadWriteOnce] for volumeMode 'Filesystem' of class 'block', got 'ReadOnlyMany'; take a class of a shared file system, such as CephFS or NFS",
    { access: 'ReadOnlyMany' },
  ],
  ['no size', "'sizeGiB' must be the number of GiB, more than 0, got 'NaN'", { sizeGiB: NaN }],
  [
    'a name in upper case',
    "'claimName' must be lower-case letters, digits and '-', got 'Data'",
    { claimName: 'Data' },
  ],
])('rejects %s', (_, message, more) => {
  const chart = chartFor();
  expect(messageFrom(() => claimOf(chart, { storageClass: block(chart), ...more }))).toBe(
    `Claim 'test/Subject' has invalid props:\n  - ${message}`,
  );
});

test('rejects a copy that is smaller, of another class, or of a class without snapshots', () => {
  const chart = chartFor();
  const claim = claimOf(chart, { storageClass: block(chart) });
  const other = new GivenStorageClass(chart, 'Other', {
    className: 'other',
    accessModes: ['ReadWriteOnce'],
  });
  expect(
    messageFrom(() =>
      claimOf(chart, { storageClass: other, sizeGiB: 5, copyOf: { claim } }, 'Copy'),
    ),
  ).toBe(
    "Claim 'test/Copy' has invalid props:\n" +
      "  - 'copyOf' needs a class with snapshots, which 'other' is not; copy the files with a Job\n" +
      "  - 'copyOf' must be a claim of class 'other', got 'data' of class 'block'\n" +
      "  - 'sizeGiB' must be at least the 10 of 'data', which it copies, got '5'",
  );
});

test.each<[TargetName, RegExp, ClaimProps['copyOf']]>([
  ['okd 3.11', /'copyOf' a snapshot needs volume snapshots, which 'okd 3\.11'/, { snapshot: 's' }],
])('rejects on %s what it cannot do', (target, words, copyOf) => {
  const chart = chartFor(target);
  expect(() => claimOf(chart, { storageClass: block(chart), ...(copyOf && { copyOf }) })).toThrow(
    words,
  );
});

test('a given class says how its volumes are mounted', () => {
  expect(
    () => new GivenStorageClass(chartFor(), 'Subject', { className: 'x', accessModes: [] }),
  ).toThrow(
    new Error(
      "GivenStorageClass 'test/Subject' has invalid props:\n" +
        "  - 'accessModes' must list how its volumes can be mounted, got none",
    ),
  );
});
