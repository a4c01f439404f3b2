import { compareSync } from 'bcryptjs';

import {
  base64Of,
  bcryptOf,
  generatedKey,
  generatedSecret,
  idTokenOf,
  secretsIn,
  secretToken,
  type SecretValue,
} from '../../constructs/kit/secret-value';
import { isKept, lookupIn, missingSettings, secretsOfPlan, stashName } from '../../deploy/secrets';
import { inputsOf, secretsOf, withSecrets } from '../../deploy/values';
import type { Manifest } from '../../plan/model';
import { object, planOfChart } from '../support/plan';

const setting: SecretValue = { from: 'config', key: 'ldap-password' };
const generated: SecretValue = { from: 'generated', name: 'harbor/core', length: 32, rotation: 1 };
const valueOf = lookupIn(
  new Map([
    [JSON.stringify(setting), 'from the settings'],
    [JSON.stringify(generated), 'drawn once'],
  ]),
);
/** How the engine is told that a value is a secret. */
const marked = (value: unknown): unknown => ({
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
  value,
});
const manifest = (fields: object): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x' },
  ...fields,
});

test('a manifest tells each secret that it asks for once, wherever it stands', () => {
  const data = {
    a: secretToken(setting),
    b: `${secretToken(generated)} and ${secretToken(setting)}`,
  };
  expect(secretsOf(manifest({ data, list: [[secretToken(generated)]] }))).toEqual([
    setting,
    generated,
  ]);
});

test('values take the place of their tokens, inside other text, too', () => {
  const url = `ldap://admin:${secretToken(setting)}@ldap.example.org`;
  expect(
    withSecrets({ data: { url }, args: ['--password', secretToken(generated)], count: 1 }, valueOf),
  ).toEqual({
    data: { url: 'ldap://admin:from the settings@ldap.example.org' },
    args: ['--password', 'drawn once'],
    count: 1,
  });
});

test('a string that holds a secret is marked as a whole, and nothing else is', () => {
  const data = { url: `x${secretToken(setting)}`, level: 'info' };
  expect(inputsOf(manifest({ data, immutable: false, nothing: null }), valueOf)).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x' },
    data: { url: marked('xfrom the settings'), level: 'info' },
    immutable: false,
    nothing: null,
  });
});

test('all data of a Secret is marked, whether it holds a token or not', () => {
  const secret = {
    ...manifest({ data: { a: 'YQ==' }, stringData: { b: secretToken(setting) }, type: 'Opaque' }),
    kind: 'Secret',
  };
  expect(inputsOf(secret, valueOf)).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'x' },
    data: marked({ a: 'YQ==' }),
    stringData: marked({ b: 'from the settings' }),
    type: 'Opaque',
  });
});

test('text that only looks like a token is text', () => {
  const data = { a: '${secret:}', b: '${secret:vault:x}', c: '$' + '{secret:config:}' };
  expect(secretsOf(manifest({ data }))).toEqual([]);
  expect(withSecrets({ data }, valueOf)).toEqual({ data });
});

test('rejects a secret that nobody looked up, without any value', () => {
  const other: SecretValue = { from: 'config', key: 'other' };
  expect(() => valueOf(other)).toThrow(
    new Error('the secret {"from":"config","key":"other"} was not looked up'),
  );
});

test('a plan tells each secret once; another rotation is another secret', () => {
  const next: SecretValue = { ...generated, rotation: 2 };
  const plan = planOfChart((chart) => {
    object(chart, 'v1 Secret a', {
      stringData: { x: secretToken(generated), y: secretToken(next) },
    });
    object(chart, 'v1 Secret b', { stringData: { x: secretToken(generated) } });
  });
  expect(secretsOfPlan(plan)).toEqual([generated, next]);
  expect([stashName(generated), stashName(next)]).toEqual([
    'secret/harbor/core/1',
    'secret/harbor/core/2',
  ]);
});

test('missing settings are told with the commands that set them', () => {
  expect(missingSettings('production', ['ldap-password', 'token'])).toBe(
    "environment 'production' needs encrypted settings that are not set:\n" +
      '  - pulumi config set --secret beamline:ldap-password -s production\n' +
      '  - pulumi config set --secret beamline:token -s production',
  );
});

test('the hash of a generated text is the same every time, and is of that text alone', () => {
  const hash = bcryptOf(generated);
  const line = withSecrets(manifest({ data: { passwd: `user:${secretToken(hash)}` } }), valueOf);
  const again = withSecrets(manifest({ data: { passwd: `user:${secretToken(hash)}` } }), valueOf);
  expect(again).toEqual(line);
  const [, hashed = ''] = JSON.stringify(line).match(/user:(\$2b\$10\$[^"]{53})/) ?? [];
  expect(compareSync('drawn once', hashed)).toBe(true);
  expect(compareSync('drawn twice', hashed)).toBe(false);
});

test('where a plan asks for a hash, the text that is hashed is found and kept', () => {
  const plan = planOfChart((chart) => {
    object(chart, 'v1 Secret s', { stringData: { passwd: secretToken(bcryptOf(generated)) } });
  });
  expect(secretsOfPlan(plan)).toEqual([generated]);
});

test('a login is encoded as files of registries have it', () => {
  const login = base64Of('robot$cms+puller:Rb1', generated);
  expect(withSecrets(manifest({ data: { auth: secretToken(login) } }), valueOf)).toMatchObject({
    data: { auth: Buffer.from('robot$cms+puller:Rb1drawn once').toString('base64') },
  });
  expect(secretsOf(manifest({ data: { auth: `a ${secretToken(login)} b` } }))).toEqual([login]);
  expect(() => base64Of('a}b', generated)).toThrow("'a}b' must be letters");
});

test('a token of HTCondor is signed as condor_token_create of 23.9.6 signs it', () => {
  // A key file with this text, and the claims that the program took: it writes slashes as `\\/`, so its own text is signed here.
  const key = generatedSecret('pool/key', { length: 48 });
  const made =
    'eyJhbGciOiJIUzI1NiIsImtpZCI6ImtleS0xIn0.eyJpYXQiOjE3OTUzNDI0MDgsImlzcyI6InBvb2wuZXhhbXBsZS5vcmciLCJqdGkiOiI5YWNiYzA4ZTc5NDAxOWIzZjNjZjdlNDRiOWVlOTU3NSIsInNjb3BlIjoiY29uZG9yOlwvUkVBRCBjb25kb3I6XC9XUklURSIsInN1YiI6ImFubmFAcG9vbC5leGFtcGxlLm9yZyJ9';
  const token = idTokenOf(key, 'key-1', {});
  const same = secretsIn(secretToken(token).replace(/:[\w.-]+\}$/, `:${made}}`));
  const look = lookupIn(
    new Map([[JSON.stringify(key), 'AbcdefghijklmnopqrstuvwxyzABCDEFGHIJKL0123456789']]),
  );
  expect(same.map(look)).toEqual([`${made}.pDlSnx3KGeCWEwhx6SSxKcA31HET8ZFeF4rqhX7-lxc`]);
  expect(() => idTokenOf(setting, 'key-1', {})).toThrow(
    "only a generated text signs tokens, got a secret from 'config'",
  );
});

test('a password of people is not hashed with a salt that follows from it', () => {
  expect(() => bcryptOf(setting)).toThrow(
    "only a generated text is hashed, got a secret from 'config'",
  );
});

test('a generated key is found in a manifest and kept like a text', () => {
  const key = generatedKey('harbor/token', { rotation: 2 });
  expect(secretsOf(manifest({ data: { key: secretToken(key) } }))).toEqual([key]);
  const [kept] = secretsOfPlan(
    planOfChart((chart) => {
      object(chart, 'v1 Secret s', { stringData: { key: secretToken(key) } });
    }),
  );
  expect(kept !== undefined && isKept(kept) && stashName(kept)).toBe('secret/harbor/token/2');
});
