import { ReceiveJob, SendJob } from '../../../constructs/migration/crossing-jobs';
import type { ReceiveProps, SendProps } from '../../../constructs/migration/crossing-props';
import { receiveManifests, sendManifests } from '../../../constructs/migration/manifests';
import { Target } from '../../../constructs/targets';
import { houseRuleProblems, type Judged } from '../../support/house-rules';
import { synth } from '../../support/synth';

const RECEIVE: ReceiveProps = {
  name: 'beamline-line-data',
  target: 'data',
  key: 'beamline-line-data',
  through: 'LoadBalancer',
  user: { kind: 'usual' },
};
const SEND: SendProps = {
  name: 'beamline-last-copy-data',
  task: 'last-copy',
  source: 'data',
  size: 1_073_741_824,
  key: 'beamline-line-data',
  host: '192.0.2.7',
  port: 31_873,
  user: { kind: 'usual' },
  node: 'worker-1',
  tolerations: [],
};

test.each(['kubernetes 1.34', 'okd 4.21', 'okd 3.11'] as const)(
  'both ends keep the house rules on %s, with and without root',
  (target) => {
    for (const user of [{ kind: 'usual' }, { kind: 'root', consent: 'many owners' }] as const) {
      for (const found of [
        synth(ReceiveJob, { ...RECEIVE, user }, target),
        synth(SendJob, { ...SEND, user }, target),
      ]) {
        const judged: Judged = JSON.parse(JSON.stringify(found.one('Job')));
        expect(houseRuleProblems(judged, found.exceptions)).toEqual([]);
      }
    }
  },
);

test('the way in is open at one port of one pod, by the Service that was asked for', () => {
  const pods = { 'job-name': 'beamline-line-data' };
  const found = synth(ReceiveJob, { ...RECEIVE, through: 'NodePort' });
  expect(found.one('Service')).toMatchObject({
    spec: { type: 'NodePort', selector: pods, ports: [{ port: 8873 }] },
  });
  expect(found.one('NetworkPolicy')).toMatchObject({
    spec: {
      podSelector: { matchLabels: pods },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ port: 8873 }] }],
    },
  });
});

test('the source is read only, and may reach the port of the destination', () => {
  const found = synth(SendJob, SEND);
  expect(found.one('Job')).toMatchObject({
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          nodeSelector: { 'kubernetes.io/hostname': 'worker-1' },
          containers: [
            {
              args: [
                '/source',
                '/dev/termination-log',
                '/scratch',
                '/key',
                '192.0.2.7',
                '31873',
                '1073741824',
              ],
              volumeMounts: [
                { name: 'source', readOnly: true },
                { name: 'key', readOnly: true },
                {},
              ],
            },
          ],
        },
      },
    },
  });
  expect(found.one('NetworkPolicy')).toMatchObject({
    spec: { egress: [{ ports: [{ port: 31_873 }] }] },
  });
});

test('no key is in what is rendered, and OKD is asked for the narrowest SCC', () => {
  const okd = Target.parse('okd 4.21');
  const user = { kind: 'user', uid: 1000, group: undefined } as const;
  for (const manifests of [
    receiveManifests(okd, 'site', { ...RECEIVE, user }),
    sendManifests(okd, 'site', { ...SEND, user }),
  ]) {
    expect(manifests).toMatchObject(manifests.map(() => ({ metadata: { namespace: 'site' } })));
    expect(JSON.stringify(manifests)).toContain('"resourceNames":["nonroot-v2"]');
    expect(manifests).not.toContainEqual(expect.objectContaining({ kind: 'Secret' }));
    expect(manifests.at(-1)).toMatchObject({ kind: 'Job' });
  }
});
