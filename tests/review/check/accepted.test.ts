import { sift } from '../../../review/check/accepted';
import type { CheckFinding } from '../../../review/check/finding';

const finding: CheckFinding = {
  rule: 'port/closed',
  severity: 'error',
  object: 'ns/service/web',
  path: 'chart/Web',
  source: [],
  reason: 'closed',
  fix: 'open it',
};
const entry = {
  rule: 'port/closed',
  object: 'ns/service/web',
  reason: 'opened by the operator',
  until: '2027-01-31',
};

test('an accepted finding is taken out until its day is over', () => {
  expect(sift([finding], [entry], '2027-01-31')).toEqual({
    findings: [],
    accepted: [{ finding, by: entry }],
  });
});

test('after its day the finding is back, and the acceptance is one more', () => {
  const { findings, accepted } = sift([finding], [entry], '2027-02-01');
  expect(accepted).toEqual([]);
  expect(findings).toMatchObject([
    finding,
    {
      rule: 'accepted/expired',
      severity: 'error',
      reason: `'port/closed' of 'ns/service/web' was accepted until 2027-01-31 ("opened by the operator")`,
    },
  ]);
});

test.each([{ rule: 'port/probe' }, { object: 'ns/service/other' }])(
  'an acceptance that fits nothing is pointed out: %j',
  (other) => {
    const { findings } = sift([finding], [{ ...entry, ...other }], '2026-12-01');
    expect(findings).toMatchObject([finding, { rule: 'accepted/unused', severity: 'warning' }]);
  },
);
