import { chainProblems, findExpiry, hostProblems } from '../../../constructs/edge/certificates';
import { findingsOf } from '../../../constructs/kit/findings';
import { chartFor } from '../../support/synth';
import { CERTIFICATE } from './site';

beforeAll(() => jest.useFakeTimers());
afterAll(() => jest.useRealTimers());

test('a readable chain has no problem', () => {
  expect(chainProblems('chain', CERTIFICATE + CERTIFICATE)).toEqual([]);
});

test.each([
  ['', "'chain' must be certificates as PEM text, leaf first, got nothing"],
  ['tls.crt', "'chain' must be certificates as PEM text, leaf first, got 'tls.crt'"],
  [
    `${CERTIFICATE}${CERTIFICATE.replace('MIIB', 'MIIX')}`,
    "'chain' has no readable certificate at place 2",
  ],
  [
    `${CERTIFICATE}-----BEGIN PRIVATE KEY-----`,
    "'chain' holds a private key; give the certificates alone and keep the key secret",
  ],
])('%j is refused', (pem, problem) => {
  expect(chainProblems('chain', pem)).toEqual([problem]);
});

test('hosts are compared as browsers do', () => {
  const covered = ['www.example.org', 'a.hub.example.org', '*.hub.example.org'];
  expect(covered.flatMap((host) => hostProblems('chain', CERTIFICATE, host))).toEqual([]);
  expect(hostProblems('chain', CERTIFICATE, 'a.b.hub.example.org')).toEqual([
    "'a.b.hub.example.org' is not in the certificate of 'chain', which is for " +
      'DNS:www.example.org, DNS:*.hub.example.org; ' +
      'have the host added to the certificate, or give the route one of its own',
  ]);
});

test.each([
  ['2026-06-01', []],
  ['2026-12-02', []],
  [
    '2026-12-03',
    [
      {
        rule: 'edge/certificate-expiring',
        severity: 'warning',
        reason: 'the certificate ends on 2027-01-01, in 29 days',
        fix: 'renew it, put the new public part in its place and set the new key',
      },
    ],
  ],
  [
    '2027-01-02',
    [
      {
        rule: 'edge/certificate-expired',
        severity: 'error',
        reason: 'the certificate ended on 2027-01-01: browsers and programs refuse it',
        fix: 'renew it, put the new public part in its place and set the new key',
      },
    ],
  ],
])('on %s it is found: %j', (day, findings) => {
  jest.setSystemTime(new Date(`${day}T00:00:00Z`));
  const chart = chartFor();
  findExpiry(chart, 'the certificate', CERTIFICATE);
  expect(findingsOf(chart)).toEqual(findings);
});
