import { changesBetween } from '../../plan/difference/compare';
import { maskedFields, maskedSide, maskedText, MASK } from '../../review/mask';
import { reportHtml } from '../../review/report/html';
import { reportMarkdown } from '../../review/report/markdown';
import { reportOf } from '../../review/report/report';
import { reportText } from '../../review/report/text';
import { changesOfSides } from '../../review/sources/between';
import { sideOf } from './corpus/case';
import * as a from './corpus/objects';

const SECRET = 'hunter2-Correct-Horse';
const none: ReadonlySet<string> = new Set();

describe('a text', () => {
  test.each([
    ['a token of the plan', 'ldap://${secret:{"from":"config","key":"k"}}'],
    ['a password in a URL', `postgres://user:${SECRET}@db.example.org/app`],
    ['a setting', `level: info\npassword: ${SECRET}\n`],
    ['a quoted setting', `{"clientSecret": "${SECRET}"}`],
    ['an argument', `--bind-password=${SECRET} --verbose`],
    ['a header', `Authorization: Bearer ${SECRET}`],
    ['a private key', `-----BEGIN RSA PRIVATE KEY-----\n${SECRET}\n-----END RSA PRIVATE KEY-----`],
    ['a key that was cut off', `-----BEGIN PRIVATE KEY-----\n${SECRET}`],
  ])('with %s loses it', (_, text) => {
    const masked = maskedText(text, none);
    expect(masked).toContain(MASK);
    expect(masked).not.toContain(SECRET);
    expect(masked).not.toContain('"from"');
  });

  test('loses every value that is known to be secret, in parts as well, but short ones only as a whole', () => {
    expect(maskedText(`x${SECRET}y`, new Set([SECRET]))).toBe(`x${MASK}y`);
    expect(maskedText('1', new Set(['1']))).toBe(MASK);
    expect(maskedText('10.0.0.1', new Set(['1']))).toBe('10.0.0.1');
  });

  test.each([
    'secretName: web-tls',
    'level: info',
    'tokenReview',
    'automountServiceAccountToken: false',
    '--password-file=/etc/x',
    'http://a.b/c@d',
  ])('without a secret stays: %s', (text) => expect(maskedText(text, none)).toBe(text));
});

/** Every place in which a secret has been seen to stand. */
const places = (value: string) => [
  a.secret({ key: value, other: 'x' }),
  {
    ...a.secret({}, 'annotated'),
    metadata: {
      name: 'annotated',
      namespace: a.NS,
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":"${value}"}` },
    },
  },
  a.configMap({
    'app.yaml': `a: 1\npassword: "${value}"\n`,
    API_TOKEN: value,
    url: `ldap://x:${value}@y`,
  }),
  a.deployment(
    a.pod({
      env: [{ name: 'DB_PASSWORD', value }],
      args: [`--token=${value}`],
    }),
    {},
    { annotations: { password: value } },
  ),
  a.custom('example.org/v1', 'Thing', { spec: { auth: { clientSecret: value } } }),
];

test('no form of a report shows a secret, wherever it stands and whichever way it goes', async () => {
  const [old, fresh] = [`${SECRET}-old`, `${SECRET}-new`];
  const sides = [
    [places(old), places(fresh)],
    [places(old), []],
    [[], places(fresh)],
  ] as const;
  for (const [before, after] of sides) {
    const set = changesOfSides({
      environment: 'corpus',
      comparedWith: 'the fixtures',
      before: sideOf(before),
      after: sideOf(after),
      moved: [],
      notes: [],
      hidden: none,
    });
    const report = reportOf(set);
    expect(report.changes).toHaveLength(5);
    const forms = [
      reportText(report),
      JSON.stringify(report),
      JSON.stringify([...set.before, ...set.after]),
      await reportMarkdown(report),
      await reportHtml(report, set),
    ];
    const encoded = [old, fresh].map((value) => Buffer.from(value).toString('base64'));
    for (const form of forms)
      for (const value of [SECRET, ...encoded]) expect(form).not.toContain(value);
  }
});

test('a field that is secret on one side only is masked on both', () => {
  const [was] = maskedSidesOf('LEVEL', 'DB_PASSWORD');
  expect(was).toEqual([
    expect.objectContaining({ path: expect.arrayContaining(['name']) }),
    expect.objectContaining({ before: MASK, after: MASK }),
  ]);
});

function maskedSidesOf(before: string, after: string) {
  const [one, two] = [before, after].map(
    (name) =>
      [
        ...sideOf([a.deployment(a.pod({ env: [{ name, value: `${SECRET}${name}` }] }))]).values(),
      ][0],
  );
  const fields = changesBetween(one?.manifest, two?.manifest);
  return [maskedFields(fields, [one, two], none)];
}

test('names stay readable: what an object is called is no secret', () => {
  const [object] = [...maskedSide(sideOf([a.secret({ token: SECRET }, 'token')]), none).values()];
  expect(object?.manifest.metadata).toEqual({ name: 'token', namespace: a.NS });
});
