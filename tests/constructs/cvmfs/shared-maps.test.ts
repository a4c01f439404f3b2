import { ApiObject, Chart } from 'cdk8s';

import type { ExportScale } from '../../../constructs/cvmfs/export-props';
import { chartFor } from '../../support/synth';
import { tierOn } from './support/tier';

const two: ExportScale = { kind: 'fixed', replicas: 2 };

/** What a tier that keeps its maps on the claim `maps` says of the tree that it stands in. */
function said(accessModes: readonly string[], scale = two, namespace = 'cvmfs'): string[] {
  const share = { claimName: 'maps', readOnly: false, userNamespaces: false, ready: chartFor() };
  const { app, tier } = tierOn('okd 4.21', { maps: { kind: 'share', share }, scale });
  const claims = new Chart(app, 'claims', { namespace });
  new ApiObject(claims, 'Claim', {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'maps' },
    spec: { accessModes },
  });
  return tier.node.validate();
}

test.each([
  ['a fixed number of servers', two],
  ['an autoscaler', { kind: 'auto', min: 2, max: 4, cpuPercent: 60 }],
] as const)('%s: a claim for one node is refused, wherever in the tree it is made', (_, scale) => {
  expect(said(['ReadWriteOnce'], scale)).toEqual([
    "'maps.share' must be a claim that many nodes can write to (ReadWriteMany), got 'maps' with ReadWriteOnce: a second server would not start, or keep maps of its own; claim it with 'ReadWriteMany'",
  ]);
});

test('a claim for many nodes, of another namespace, or of one server is let be', () => {
  expect(said(['ReadWriteOnce', 'ReadWriteMany'])).toEqual([]);
  expect(said(['ReadWriteOnce'], two, 'elsewhere')).toEqual([]);
  expect(said(['ReadWriteOnce'], { kind: 'fixed', replicas: 1 })).toEqual([]);
});
