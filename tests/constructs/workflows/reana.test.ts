import { Chart } from 'cdk8s';

import type { OidcLogin } from '../../../constructs/contracts';
import type { TargetName } from '../../../constructs/targets';
import { Reana } from '../../../constructs/workflows/reana';
import { ReanaClusterReads } from '../../../constructs/workflows/cluster-reads';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';
import { houseRuleProblems, type Judged } from '../../support/house-rules';
import { chartFor, synth, Synthesized } from '../../support/synth';
import { disk, listener, minimal, onOkd } from './support';

const login: OidcLogin = {
  kind: 'oidc',
  title: 'Site SSO',
  issuer: 'https://sso.example.org/realms/site',
  endpoints: {
    authorize: 'https://sso.example.org/auth',
    token: 'https://sso.example.org/token',
    userinfo: 'https://sso.example.org/userinfo',
  },
  clientId: 'reana',
  clientSecret: { name: 'reana-login', key: 'client-secret' },
  scopes: ['openid'],
  usernameClaim: 'preferred_username',
  groupsClaim: undefined,
};
const sessions = { inactiveDays: 7, ingressAnnotations: {} };
const mail = {
  sender: 'reana@example.org',
  server: 'mail.example.org',
  port: 587,
  encryption: 'starttls',
} as const;

test.each<[TargetName, ReanaProps]>([
  ['kubernetes 1.34', minimal],
  ['kubernetes 1.18', minimal],
  ['kubernetes 1.34', { ...minimal, login, sessions, mail }],
  ['okd 4.6', { ...onOkd, sessions }],
  ['okd 4.21', onOkd],
])(
  'on %s every object follows the house rules, and none belongs to the cluster',
  (target, props) => {
    const made = synth(Reana, props, target);
    const problems = made.objects.flatMap((object) =>
      houseRuleProblems({ ...object }, made.exceptions),
    );
    expect(problems).toEqual([]);
    expect(
      made.objects.filter(({ kind }) => /^Cluster|^Namespace$|^StorageClass$/.test(kind)),
    ).toEqual([]);
    expect(JSON.stringify(made.objects)).not.toContain('hostPath');
  },
);
