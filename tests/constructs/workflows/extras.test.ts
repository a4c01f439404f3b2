import { Reana } from '../../../constructs/workflows/reana';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';
import { synth, type Synthesized } from '../../support/synth';
import { containerOf, variablesOf } from './rendered-pods';
import { claimed, minimal, storageClass } from './support';

const made = (props: Partial<ReanaProps>): Synthesized =>
  synth(Reana, { ...minimal, ...props }, 'kubernetes 1.34');
const share = { ...claimed, claimName: 'reana-cvmfs', readOnly: true };
const krb5Conf = '[realms]\n  CERN.CH = {\n    kdc = cerndc.cern.ch\n  }\n';
const gitlab = {
  host: 'gitlab.example.org',
  appId: { name: 'gitlab', key: 'id' },
  appSecret: { name: 'gitlab', key: 'secret' },
};

test('nothing of them is there by default', () => {
  const plain = made({});
  expect(JSON.stringify(plain.one('Role', 'reana-infrastructure'))).not.toContain(
    'persistentvolumeclaims',
  );
  expect(JSON.stringify(plain.one('Deployment', 'reana-server'))).not.toContain('GITLAB');
  expect(plain.all('ConfigMap').map(({ metadata }) => metadata.name)).not.toContain(
    'reana-krb5-conf',
  );
});

test.each<[string, ReanaProps['cvmfs']]>([
  ['a share', { kind: 'share', share }],
  ['a class', { kind: 'class', class: storageClass('reana-cvmfs', 'ReadOnlyMany') }],
])('CVMFS from %s: REANA may ask for its claim', (_, cvmfs) => {
  const role = JSON.stringify(
    made(cvmfs === undefined ? {} : { cvmfs }).one('Role', 'reana-infrastructure'),
  );
  expect(role).toContain('"resources":["persistentvolumeclaims"],"verbs":["create"]');
});

test('GitLab by its Secret, for the server and whoever reports to it', () => {
  const with_ = made({ gitlab });
  const server = with_.one('Deployment', 'reana-server');
  expect(variablesOf(server)['REANA_GITLAB_HOST']).toBe('gitlab.example.org');
  expect(containerOf(server).env.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['REANA_GITLAB_OAUTH_APP_ID', 'REANA_GITLAB_OAUTH_APP_SECRET']),
  );
  const controller = variablesOf(with_.one('Deployment', 'reana-workflow-controller'));
  expect(controller['REANA_GITLAB_HOST']).toBe('gitlab.example.org');
});

test('krb5.conf where jobs mount it from', () => {
  const file = made({ kerberos: { krb5Conf } }).one('ConfigMap', 'reana-krb5-conf');
  expect(JSON.stringify(file)).toContain(JSON.stringify({ 'krb5.conf': krb5Conf }));
});

test.each<[string, Partial<ReanaProps>, string]>([
  [
    'CVMFS from a share that jobs would not look for',
    { cvmfs: { kind: 'share', share: { ...share, claimName: 'cvmfs' } } },
    "'cvmfs.share' must be the claim 'reana-cvmfs', which is what jobs mount, got 'cvmfs'",
  ],
  [
    'CVMFS from a class that REANA would not ask for',
    { cvmfs: { kind: 'class', class: storageClass('cvmfs', 'ReadOnlyMany') } },
    "'cvmfs.class' must be the class 'reana-cvmfs'",
  ],
  [
    'a GitLab by its address',
    { gitlab: { ...gitlab, host: 'https://gitlab.example.org' } },
    "'gitlab.host' must be a full host name",
  ],
  [
    'tickets of a realm that jobs do not know',
    { kerberos: { krb5Conf: '[realms]\n  EXAMPLE.ORG = {\n  }\n' } },
    "'kerberos.krb5Conf' must have the realm CERN.CH",
  ],
])('refuses %s', (_, props, message) => {
  expect(() => made(props)).toThrow(message);
});
