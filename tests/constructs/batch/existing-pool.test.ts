import {
  ExistingCondorPool,
  type ExistingCondorPoolProps,
} from '../../../constructs/batch/existing-pool';
import { ExistingCondorStack } from '../../../stacks/existing-condor-stack';
import { messageFrom } from '../../support/message';
import { appFor, chartFor, synth, Synthesized } from '../../support/synth';

const existing: ExistingCondorPoolProps = {
  collector: 'cm.example.org:9618',
  domain: 'pool.example.org',
  tokens: [
    { identity: 'hub@pool.example.org', setting: 'condor-hub-token' },
    {
      identity: 'reana@pool.example.org',
      secret: { name: 'condor', key: 'reana' },
      namespace: 'reana',
    },
  ],
};

function asked(namespace: string, identity: string): { ref: object; made: Synthesized } {
  const chart = chartFor('okd 4.21', namespace);
  const { pool } = new ExistingCondorStack(appFor('okd 4.21'), 'there', existing);
  const ref = pool.token({ scope: chart, name: 'token', identity, authorizations: ['READ'] });
  return { ref, made: new Synthesized(chart) };
}

test('a token of a setting lands where it is asked for', () => {
  const { ref, made } = asked('hub', 'hub@pool.example.org');
  expect(ref).toEqual({ name: 'token', key: 'token' });
  expect(made.one('Secret')['stringData']).toEqual({
    token: '${secret:config:condor-hub-token}',
  });
});

test('a token in a Secret is named, and is of its namespace alone', () => {
  expect(asked('reana', 'reana@pool.example.org').ref).toEqual({ name: 'condor', key: 'reana' });
  expect(messageFrom(() => asked('hub', 'reana@pool.example.org'))).toMatch(
    /is a Secret of namespace 'reana', and 'hub' cannot read it/,
  );
});

test('a token that nobody gave is refused, with those there are', () => {
  expect(messageFrom(() => asked('hub', 'eve@pool.example.org'))).toMatch(
    /has none for 'eve@pool.example.org' \(only hub@pool.example.org, reana@pool.example.org\)/,
  );
});

test.each<[string, Partial<ExistingCondorPoolProps>, RegExp]>([
  ['no tokens', { tokens: [] }, /'tokens' must have one at least/],
  ['no port', { collector: 'cm.example.org' }, /'collector' must be host:port/],
  ['no domain', { domain: '' }, /'domain' must be a name/],
  ['a name without a domain', { tokens: [{ identity: 'x', setting: 'y' }] }, /identities such as/],
  [
    'two of one',
    {
      tokens: [
        { identity: 'x@y', setting: 'a' },
        { identity: 'x@y', setting: 'b' },
      ],
    },
    /one identity each, got 'x@y' twice/,
  ],
])('%s is refused', (_, props, message) => {
  expect(messageFrom(() => synth(ExistingCondorPool, { ...existing, ...props }))).toMatch(message);
});
