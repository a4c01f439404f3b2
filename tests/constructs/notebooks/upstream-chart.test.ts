import { JupyterHub } from '../../../constructs/notebooks/jupyterhub';
import { rightsOf, runningPods } from '../../support/compared';
import { synth, type Synthesized } from '../../support/synth';
import { hub } from './support';

const okd = (): Synthesized => synth(JupyterHub, { ...hub, prePull: true }, 'okd 4.21');
const text = (value: unknown): string => JSON.stringify(value);
const settings = (made: Synthesized): string => text(made.one('ConfigMap', 'hub'));
const program = (made: Synthesized, name: string): string => text(made.one('Deployment', name));
const pods = (made: Synthesized): string =>
  text([...made.all('Deployment'), ...made.all('DaemonSet')]);
const rights = (made: Synthesized): string => text(made.all('Role'));

/** The chart zero-to-jupyterhub 4.4.0, what it does or what people complain of, and what holds here instead. */
const ROWS: readonly (readonly [
  subject: string,
  chart: string,
  here: string,
  holds: (made: Synthesized) => boolean,
])[] = [
  [
    'rights',
    'a ClusterRole for its own scheduler',
    'nothing outside of the namespace',
    (made) => made.all('ClusterRole').length + made.all('ClusterRoleBinding').length === 0,
  ],
  [
    'rights',
    'the hub reads, makes and deletes every Secret and Service of the namespace',
    'pods, events, and claims, which it cannot delete',
    (made) =>
      !/secrets|services/.test(rights(made)) &&
      !made
        .all('Role')
        .some((role) => /persistentvolumeclaims[^}]*delete/.test(text(role['rules']))),
  ],
  [
    'rights',
    'a hook waits for its pullers with a Role of its own',
    'the puller asks the API nothing',
    (made) => text(made.one('DaemonSet')).includes('"automountServiceAccountToken":false'),
  ],
  [
    'privilege',
    'a privileged root init container closes the metadata address (#1408, #1491)',
    'a NetworkPolicy does, with private and link-local networks',
    (made) =>
      !/privileged":true|runAsUser":0[,}]/.test(pods(made) + settings(made)) &&
      text(made.one('NetworkPolicy', 'session')).includes('169.254.0.0/16'),
  ],
  [
    'privilege',
    'fixed UIDs need anyuid or nonroot on OKD (#177, #2896)',
    "no UID and no group is named there, so that restricted-v2 gives the namespace's",
    (made) => !/runAsUser|runAsGroup|fsGroup/.test(pods(made) + settings(made)),
  ],
  [
    'privilege',
    'no security context for every pod (#3632)',
    'every pod and every container has one',
    (made) =>
      [...made.all('Deployment'), ...made.all('DaemonSet')].every((object) => {
        const found = text(object);
        const containers = found.split('"image":').length - 1;
        const dropped = found.split('"drop":["ALL"]').length - 1;
        return found.includes('"runAsNonRoot":true') && dropped === containers;
      }),
  ],
  [
    'probes',
    'the hub is dead after 300 s and 30 failures, and ready is asked a thousand times',
    'a start is given its own time; then the same five minutes, and ready is asked a thousand times',
    (made) =>
      program(made, 'hub').includes('startupProbe') &&
      /"livenessProbe":.*"failureThreshold":30[,}].*"startupProbe"/.test(program(made, 'hub')) &&
      /"readinessProbe":\{[^}]*"failureThreshold":1000,/.test(program(made, 'hub')),
  ],
  [
    'a crowd',
    'of those who start a session while 64 others wait for theirs, each is told to come again later',
    'everybody starts; requests to the API server have half a minute, as 3 s pass in a busy hub',
    (made) =>
      settings(made).includes('\\"concurrent_spawn_limit\\": 0') &&
      settings(made).includes('\\"k8s_api_request_timeout\\": 30'),
  ],
  [
    'probes',
    'the proxy answers /_chp_healthz',
    'the same',
    (made) => program(made, 'proxy').split('/_chp_healthz').length === 3,
  ],
  [
    'secrets',
    'a new cookie secret at each rendering without a cluster (#2887)',
    'the same token at each rendering; the value is made once and kept',
    (made) =>
      text(made.one('Secret', 'hub')) === text(okd().one('Secret', 'hub')) &&
      text(made.one('Secret', 'hub')).includes('${secret:generated:'),
  ],
  [
    'secrets',
    "all values of the chart are in the hub's Secret",
    'four texts are, and the settings hold none',
    (made) =>
      text(made.one('Secret', 'hub')).split('${secret:').length === 5 &&
      !settings(made).includes('${secret:'),
  ],
  [
    'stability',
    'anything that changes restarts hub and proxy by checksums',
    'the proxy knows the secret alone, so that sessions stay reachable while the hub is changed',
    (made) => {
      const changed = synth(JupyterHub, { ...hub, prePull: true, announcement: 'x' }, 'okd 4.21');
      return (
        program(changed, 'proxy') === program(made, 'proxy') &&
        program(changed, 'hub') !== program(made, 'hub')
      );
    },
  ],
  [
    'stability',
    'hub and proxy are replaced, never doubled',
    'the same',
    (made) =>
      ['hub', 'proxy'].every((name) =>
        program(made, name).includes('"strategy":{"type":"Recreate"}'),
      ),
  ],
  [
    'stability',
    'a deleted account takes its home with it',
    'homes stay until the site deletes them',
    (made) => settings(made).includes('\\"delete_pvc\\": false'),
  ],
  [
    'CVMFS',
    'mounts that appear later are not seen in sessions (cvmfs-csi#44)',
    'shares are mounted HostToContainer',
    (made) => settings(made).includes('\\"mountPropagation\\": \\"HostToContainer\\"'),
  ],
];

test.each(ROWS)('%s: the chart: %s; here: %s', (_subject, _chart, _here, holds) => {
  expect(holds(okd())).toBe(true);
});

/**
 * The chart at its defaults, counted (5c5f5df): a ClusterRole with a scheduler's rights, 23 rights of the hub, 10 of them over Secrets and Services, one
 * privileged container in every session, and every secret anew at each rendering without a cluster.
 */
test.each(['okd 4.21', 'kubernetes 1.34'] as const)('in figures, on %s', (target) => {
  const made = synth(JupyterHub, { ...hub, prePull: true }, target);
  const again = synth(JupyterHub, { ...hub, prePull: true }, target);
  const rights = made.all('Role').flatMap(rightsOf);
  const running = runningPods(made.objects);
  expect({
    ofTheCluster: made.objects.filter(({ kind }) => kind.startsWith('Cluster')).length,
    ofTheHub: rights.length,
    overSecretsAndServices: rights.filter((right) => /^(secrets|services) /.test(right)).length,
    privileged: settings(made).split('\\"privileged\\": true').length - 1,
    anew: text(made.all('Secret')) === text(again.all('Secret')) ? 0 : 1,
    pods: running.map(({ name }) => name).sort(),
    // The puller runs nothing that could be asked.
    unprobed: running.filter(({ probed }) => !probed).map(({ name }) => name),
    withoutRequests: running.filter(({ requests }) => !requests).length,
    unconfined: running.filter(({ confined }) => !confined).length,
  }).toEqual({
    ofTheCluster: 0,
    ofTheHub: 12,
    overSecretsAndServices: 0,
    privileged: 0,
    anew: 0,
    pods: ['hub', 'image-puller', 'proxy'],
    unprobed: ['image-puller'],
    withoutRequests: 0,
    unconfined: 0,
  });
});
