import { until } from '../support/processes';
import { LIMIT_MS, scenario } from '../support/scenario';
import { Site, succeeded } from '../support/site';
import { MetricsApi } from './support/metrics-api';

const TIER = 'cvmfs-story';
const READERS = 'cvmfs-story-readers';

/** Who asks, as the API server is told: by user and groups, or as an account with its token. */
const PEOPLE: Readonly<Record<string, readonly string[]>> = {
  'an admin of the tenant': [
    '--as=bob',
    '--as-group=story-admins',
    '--as-group=system:authenticated',
  ],
  'an editor of the tenant': ['--as=story-alice', '--as-group=system:authenticated'],
  'a viewer of the tenant': [
    '--as=carol',
    '--as-group=story-viewers',
    '--as-group=system:authenticated',
  ],
};
/** What nobody but a cluster admin may do where the servers are, and with volumes of the cluster. */
const FORBIDDEN = [
  'list pods',
  'get pods',
  'get pods/log',
  'create pods',
  'create pods/exec',
  'create pods/attach',
  'create pods/portforward',
  'update pods/ephemeralcontainers',
  'list secrets',
  'get secrets',
  'list configmaps',
  'create persistentvolumeclaims',
  'patch statefulsets.apps',
  'create serviceaccounts/token',
  'create rolebindings.rbac.authorization.k8s.io',
];

describe('a tier of CVMFS on an API server', () => {
  let site: Site;
  beforeAll(() => {
    site = new Site('cvmfs-tier', 'cvmfs-tier');
  });
  afterAll(() => site.clear(), LIMIT_MS);
  const story = (sentence: string, steps: () => Promise<void>): void =>
    scenario(() => site, sentence, steps);
  const may = async (who: readonly string[], what: string, namespace: string): Promise<string> =>
    site
      .kubectl(['auth', 'can-i', ...what.split(' '), '-n', namespace, ...who])
      .catch((error: unknown) =>
        error instanceof Error && 'stdout' in error ? String(error.stdout) : 'failed',
      );

  story('rolls out behind its pinned address, on nodes of their own', async () => {
    succeeded(await site.beamline(['up', 'cvmfs-tier']));
    expect(await site.live('service', 'cvmfs-nfs', '{.spec.clusterIP}', TIER)).toBe('172.30.0.49');
    expect(await site.live('statefulset', 'cvmfs-nfs', '{.status.readyReplicas}', TIER)).toBe('2');
    const nodes = await site.kubectl([
      'get',
      'pods',
      '-n',
      TIER,
      '-o',
      'jsonpath={.items[*].spec.nodeName}',
    ]);
    expect(new Set(nodes.split(' ')).size).toBe(2);
    expect(
      await site.live('persistentvolumeclaim', 'cvmfs-nfs-maps', '{.status.phase}', TIER),
    ).toBe('Bound');
  });

  story('has autoscalers that find what they scale', async () => {
    for (const [name, namespace] of [
      ['cvmfs-nfs', TIER],
      ['cvmfs-proxy', 'cvmfs-story-proxy'],
    ] as const) {
      const path = '{.status.conditions[?(@.type=="AbleToScale")].status}';
      const able = async (): Promise<boolean> =>
        (await site.live('horizontalpodautoscaler', name, path, namespace)) === 'True';
      await until(able, `the autoscaler of ${name} does not find its StatefulSet`);
    }
  });

  story('is planned as it is there, replicas of the autoscaler included', async () => {
    await site.kubectl(['scale', 'statefulset', 'cvmfs-nfs', '--replicas=3', '-n', TIER]);
    expect(await site.beamline(['preview', 'cvmfs-tier', '--refresh'])).toMatchObject({
      exitCode: 0,
    });
    expect(await site.live('statefulset', 'cvmfs-nfs', '{.spec.replicas}', TIER)).toBe('3');
  });

  story(
    'scales by CPU and by calls as they are measured, and back, and keeps what guards it',
    async () => {
      const metrics = await MetricsApi.start(site, TIER);
      try {
        const calls = 'beamline_cvmfs_nfs_calls_per_second';
        const loads = (cpu: string, perSecond: string): void => {
          metrics.load = { cpu, custom: { [calls]: perSecond } };
        };
        const become = async (servers: number, why: string): Promise<void> => {
          const ready = async (): Promise<boolean> =>
            (await live('statefulset', '{.status.readyReplicas}')) === String(servers);
          await until(ready, `it did not become ${servers} servers: ${why}`, 180_000);
        };
        const live = (type: string, path: string): Promise<string> =>
          site.live(type, 'cvmfs-nfs', path, TIER);
        const active = '{.status.conditions[?(@.type=="ScalingActive")].status}';

        loads('100m', '10'); // the step before left three
        await become(2, 'nothing is asked of it');
        expect(await live('horizontalpodautoscaler', active)).toBe('True');
        loads('950m', '10');
        await become(3, '95 % of the CPU that they request is in use, and 60 % are wanted');
        await guarded(3);
        loads('100m', '10');
        await become(2, 'the load is gone');
        loads('100m', '1900');
        await become(3, '1,900 calls per second and server, and 1,000 are wanted');
        loads('100m', '10');
        await become(2, 'the calls are gone');
        await guarded(2);
        expect([...metrics.asked]).toEqual(
          expect.arrayContaining([
            `/apis/metrics.k8s.io/v1beta1/namespaces/${TIER}/pods`,
            `/apis/custom.metrics.k8s.io/v1beta2/namespaces/${TIER}/pods/*/${calls}`,
          ]),
        );
      } finally {
        await metrics.stop();
      }
    },
  );

  /** Servers on nodes of their own, one of which may go, by what the control plane itself says. */
  async function guarded(servers: number): Promise<void> {
    const allowed = async (): Promise<boolean> =>
      (await site.live(
        'poddisruptionbudget',
        'cvmfs-nfs',
        '{.status.disruptionsAllowed}',
        TIER,
      )) === '1';
    await until(allowed, 'the budget does not let exactly one server go');
    const nodes = await site.kubectl([
      ...['get', 'pods', '-n', TIER, '-l', 'app.kubernetes.io/name=cvmfs-nfs'],
      ...['-o', 'jsonpath={.items[*].spec.nodeName}'],
    ]);
    expect(nodes.split(' ')).toHaveLength(servers);
    expect(new Set(nodes.split(' ')).size).toBe(servers);
  }

  story('binds the share to the claim of its readers', async () => {
    expect(
      await site.live('persistentvolumeclaim', 'cvmfs-sw-example-org', '{.status.phase}', READERS),
    ).toBe('Bound');
  });

  story('lets nobody of a tenant see, enter or use what is in its namespace', async () => {
    const allowed: string[] = [];
    for (const [who, flags] of Object.entries(PEOPLE)) {
      expect(await may(flags, 'list pods', READERS)).toContain('yes');
      for (const what of FORBIDDEN) {
        if (!(await may(flags, what, TIER)).startsWith('no')) allowed.push(`${who} may ${what}`);
      }
      if (!(await may(flags, 'create persistentvolumes', READERS)).startsWith('no')) {
        allowed.push(`${who} may create persistentvolumes`);
      }
    }
    expect(allowed).toEqual([]);
  });

  story('lets no account of a tenant in by its token', async () => {
    const token = (await site.kubectl(['create', 'token', 'default', '-n', READERS])).trim();
    const server = await site.kubectl([
      'config',
      'view',
      '-o',
      'jsonpath={.clusters[0].cluster.server}',
    ]);
    // The kubeconfig's own certificate would go before the token.
    const asAccount = [
      '--kubeconfig=/dev/null',
      `--server=${server}`,
      '--insecure-skip-tls-verify',
      `--token=${token}`,
    ];
    const who = ['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}', ...asAccount];
    expect(await site.kubectl(who)).toBe(`system:serviceaccount:${READERS}:default`);
    for (const what of ['list pods', 'create pods/exec', 'get secrets']) {
      expect(await may(asAccount, what, TIER)).toMatch(/^no/);
    }
  });

  story('refuses a pod of a tenant that would mount the tier by itself', async () => {
    const pod = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'thief', namespace: READERS },
      spec: {
        containers: [{ name: 'thief', image: 'registry.example.org/thief:1.0' }],
        volumes: [{ name: 'cvmfs', nfs: { server: '172.30.0.49', path: '/cvmfs' } }],
      },
    });
    const editor = PEOPLE['an editor of the tenant'] ?? [];
    await expect(site.kubectl(['create', '-f', '-', ...editor], pod)).rejects.toThrow(
      /violates PodSecurity "restricted.*restricted volume types/s,
    );
  });
});
