import { Chart } from 'cdk8s';

import { HtcondorPool } from '../../../constructs/batch/htcondor-pool';
import type { SessionTokensProps } from '../../../constructs/batch/session-tokens';
import type { TargetName } from '../../../constructs/targets';
import { houseRuleProblems } from '../../support/house-rules';
import { messageFrom } from '../../support/message';
import { appFor, Synthesized } from '../../support/synth';
import { AskedHub } from '../analysis/support';
import { pool, textsOf } from './support';

function made(change: Partial<SessionTokensProps> = {}, target: TargetName = 'okd 4.21') {
  const hub = new AskedHub();
  const chart = new Chart(appFor(target), 'batch', { namespace: 'htcondor' });
  const props = { ...pool, key: { rotation: 3, acceptPrevious: true } };
  new HtcondorPool(chart, 'Pool', props).serveSessions({ hub, ...change });
  return { hub, objects: new Synthesized(chart) };
}

test.each(['okd 4.21', 'kubernetes 1.34'] as const)(
  'what it renders for %s follows the house rules',
  (target) => {
    const { objects, exceptions } = made({}, target).objects;
    expect(objects.flatMap((object) => houseRuleProblems(object, exceptions))).toEqual([]);
  },
);

test('the hub says who asks, sessions find where, and nobody else gets in', () => {
  const { hub, objects } = made();
  expect(hub.requests).toMatchObject([
    {
      name: 'htcondor-tokens',
      environment: { CONDOR_TOKEN_URL: 'http://condor-tokens.htcondor:8080/token' },
    },
  ]);
  const { spec } = objects.one('NetworkPolicy', 'condor-tokens');
  expect(spec).toMatchObject({
    ingress: [
      {
        from: [{ podSelector: { matchLabels: { component: 'session' } } }],
        ports: [{ port: 8080 }],
      },
    ],
    egress: [{ ports: [{ port: 8081 }] }],
  });
});

test('it has the key that signs, not one that is only accepted, and no right in the cluster', () => {
  const { objects } = made();
  const deployment = JSON.stringify(objects.one('Deployment', 'condor-tokens'));
  expect(deployment).toContain('"items":[{"key":"key-3","path":"key"}]');
  expect(deployment).not.toContain('key-2');
  expect(deployment).toContain('"automountServiceAccountToken":false');
  const settings: unknown = JSON.parse(
    textsOf(objects.one('ConfigMap', 'condor-tokens'))['settings.json'] ?? '',
  );
  expect(settings).toMatchObject({
    key: 'key-3',
    domain: 'pool.example.org',
    seconds: 86_400,
    reserved: expect.arrayContaining(['operator', 'manager', 'submit', 'execute', 'condor']),
  });
});

test('a new key starts it anew', () => {
  const checksum = (rotation: number): string => {
    const chart = new Chart(appFor('okd 4.21'), 'batch', { namespace: 'htcondor' });
    new HtcondorPool(chart, 'Pool', { ...pool, key: { rotation } }).serveSessions({
      hub: new AskedHub(),
    });
    const text = JSON.stringify(new Synthesized(chart).one('Deployment', 'condor-tokens'));
    return /checksum":"([^"]+)"/.exec(text)?.[1] ?? '';
  };
  expect(checksum(1)).not.toBe('');
  expect(checksum(1)).not.toBe(checksum(2));
});

test.each<[Partial<SessionTokensProps>, RegExp]>([
  [{ hours: 0 }, /'sessionTokens.hours' must be from 1 to 168, got '0'/],
  [{ hours: 1000 }, /'sessionTokens.hours' must be from 1 to 168, got '1000'/],
  [{ replicas: 0 }, /'sessionTokens.replicas' must be a whole number from 1, got '0'/],
])('rejects %j', (change, message) => {
  expect(messageFrom(() => made(change))).toMatch(message);
});
