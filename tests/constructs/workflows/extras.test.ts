import { z } from 'zod';

import { Reana } from '../../../constructs/workflows/reana';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';
import { synth, type Synthesized } from '../../support/synth';
import { containerOf, variablesOf } from './rendered-pods';
import { API_CALLS } from './api-calls';
import { claimed, condor, minimal, storageClass } from './support';

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
  expect(
    API_CALLS.filter(({ when }) => when === 'cvmfs').map(
      ({ verb, resource }) => `${verb} ${resource}`,
    ),
  ).toEqual(['create persistentvolumeclaims']);
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

test('what stands beside jobs is ours by name: for the job controller of each run, and for the workflow controller', () => {
  const images = (props: Partial<ReanaProps>): Record<string, unknown> => {
    const told = variablesOf(made(props).one('Deployment', 'reana-workflow-controller'));
    const runs = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(told['REANA_JOB_CONTROLLER_ENV_VARS'] ?? ''));
    const named = ([name]: [string, unknown]): boolean => name.endsWith('_CONTAINER_IMAGE');
    const own = Object.fromEntries(Object.entries(told).filter(named));
    expect(Object.fromEntries(Object.entries(runs).filter(named))).toEqual(own);
    return own;
  };
  expect(images({})).toEqual({});
  expect(images({ voms: {} })).toEqual({
    VOMSPROXY_CONTAINER_IMAGE: 'docker.io/reanahub/reana-auth-vomsproxy:1.3.0',
  });
  expect(images({ voms: { image: 'registry.example.org/sphenix/vomsproxy:2.0.1' } })).toEqual({
    VOMSPROXY_CONTAINER_IMAGE: 'registry.example.org/sphenix/vomsproxy:2.0.1',
  });
  expect(images({ kerberos: { krb5Conf }, release: '0.95.0-alpha.5' })).toEqual({
    KRB5_CONTAINER_IMAGE: 'docker.io/reanahub/reana-auth-krb5:1.0.3',
  });
});

test.each<[string, Partial<ReanaProps>, string]>([
  [
    'proxies where no job is a pod',
    { voms: {}, backends: [condor] },
    "'voms' must be left out without the back end 'kubernetes', as jobs of htcondor get no proxy",
  ],
  [
    'an image of proxies that may be another tomorrow',
    { voms: { image: 'registry.example.org/vomsproxy:latest' } },
    "'voms.image' must be an image by exact tag or digest, got 'registry.example.org/vomsproxy:latest'",
  ],
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
