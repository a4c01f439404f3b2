import { reportHtml } from '../../../review/report/html';
import { reportMarkdown } from '../../../review/report/markdown';
import { reportOf } from '../../../review/report/report';
import { reportText } from '../../../review/report/text';
import { FORGE_LIMITS } from '../../../review/report/forge-limits';
import { changesOfCase } from '../corpus/case';

const className = (fields: object) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'ceph' },
  provisioner: 'rook-ceph.rbd.csi.ceph.com',
  ...fields,
});

test.each([
  ['reclaimPolicy', { reclaimPolicy: 'Delete' }, { reclaimPolicy: 'Retain' }],
  ['volumeBindingMode', {}, { volumeBindingMode: 'WaitForFirstConsumer' }],
  ['parameters', { parameters: { pool: 'a' } }, { parameters: { pool: 'b' } }],
  ['provisioner', {}, { provisioner: 'rook-ceph.cephfs.csi.ceph.com' }],
])(
  'another %s replaces a class, and every report says that existing volumes are untouched',
  async (_field, before, after) => {
    const set = changesOfCase({ before: [className(before)], after: [className(after)] });
    expect(set.changes.map(({ operation }) => operation)).toEqual(['replace']);
    const report = reportOf(set);
    for (const text of [
      reportText(report),
      await reportMarkdown(report, FORGE_LIMITS.github),
      await reportHtml(report, set),
    ])
      expect(text).toContain('existing volumes are untouched');
  },
);
