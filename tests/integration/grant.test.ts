import { execa } from 'execa';
import { stringify } from 'yaml';

import { cachedTool } from '../../sandbox/toolchain/ensure-tools';
import { until } from './support/processes';
import { LIMIT_MS, scenario } from './support/scenario';
import { Site, succeeded } from './support/site';

const NAMESPACE = 'edge-granted';
const HOSTED_CE = 'hub.opensciencegrid.org/osg-htc/hosted-ce:24-release';

const container = (image: string, resources: object = {}): object => ({
  name: 'ce',
  image,
  resources: {
    requests: { cpu: '100m', memory: '64Mi' },
    limits: { memory: '64Mi' },
    ...resources,
  },
  securityContext: {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  },
});

const deployment = (name: string, one: object): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { automountServiceAccountToken: false, containers: [one] },
    },
  },
});

const service = (port: number, type = 'ClusterIP'): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'ce' },
  spec: { type, ports: [{ port }], selector: { app: 'ce' } },
});

describe('a grant, from the first token to the last', () => {
  let site: Site;
  let token = '';
  beforeAll(() => {
    site = new Site('grant', 'grant');
  });
  afterAll(() => site.clear(), LIMIT_MS);
  const story = (sentence: string, steps: () => Promise<void>): void =>
    scenario(() => site, sentence, steps);

  /** What the API server answers to the team, which has a token and nothing else. */
  async function asTeam(args: readonly string[], object?: object): Promise<string> {
    const server = await site.kubectl([
      'config',
      'view',
      '-o',
      'jsonpath={.clusters[0].cluster.server}',
    ]);
    const { all } = await execa(
      cachedTool('kubectl') ?? 'kubectl',
      [
        ...['--kubeconfig', '/dev/null', '--server', server, '--insecure-skip-tls-verify'],
        ...['--token', token, '-n', NAMESPACE, ...args],
      ],
      {
        reject: false,
        all: true,
        timeout: 60_000,
        ...(object === undefined ? {} : { input: stringify(object) }),
      },
    );
    return all ?? '';
  }
  const make = (object: object): Promise<string> =>
    asTeam(['create', '--dry-run=server', '-f', '-'], object);

  story('is shown before it is given, with its last day', async () => {
    const { stdout } = await site.beamline(['preview', 'grant']);
    expect(stdout).toMatch(
      /team 'granted' in 'edge-granted' may run its service until \d{4}-\d\d-\d\d/,
    );
  });

  story('hands out a token of hours, and keeps none', async () => {
    succeeded(await site.beamline(['up', 'grant']));
    const { stdout, stderr } = succeeded(
      await site.beamline(['grant', 'grant', 'granted', '--hours', '2']),
    );
    token = stdout.trim();
    expect(stderr).toContain(`for namespace '${NAMESPACE}', until `);
    const [, payload = ''] = token.split('.');
    const { exp, iat, sub }: Record<string, unknown> = JSON.parse(
      Buffer.from(payload, 'base64url').toString(),
    );
    expect(Number(exp) - Number(iat)).toBe(7200);
    expect(sub).toBe(`system:serviceaccount:${NAMESPACE}:granted`);
    expect(site.everyFile().filter((text) => text.includes(token))).toEqual([]);
    expect(await site.kubectl(['get', 'secret', '-n', NAMESPACE, '-o', 'name'])).toBe('');
  });

  story('lets the team make what was agreed, and nothing else', async () => {
    const inForce = async (): Promise<boolean> =>
      (await make(service(80))).includes('Services must be on 9619');
    await until(inForce, 'the policies did not take effect', 60_000);
    expect(await make(service(9619))).toContain('service/ce created');
    expect(await make(service(9619, 'NodePort'))).toContain('exceeded quota');
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bare' }, spec: {} };
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'more' } };
    for (const kind of [pod, account]) expect(await make(kind)).toContain('forbidden');
    for (const [verb, what, namespace] of [
      ['create', 'deployments.apps', 'grant-neighbour'],
      ['get', 'secrets', 'grant-neighbour'],
      ['list', 'secrets', NAMESPACE],
      ['update', 'networkpolicies.networking.k8s.io', NAMESPACE],
      ['update', 'resourcequotas', NAMESPACE],
      ['create', 'serviceaccounts/token', NAMESPACE],
      ['list', 'namespaces', NAMESPACE],
    ] as const) {
      expect([verb, what, await asTeam(['auth', 'can-i', verb, what, '-n', namespace])]).toEqual([
        verb,
        what,
        expect.stringContaining('no'),
      ]);
    }
  });

  story('runs agreed images within the quota, and no others', async () => {
    const miner = container('docker.io/library/miner:1');
    const large = container(HOSTED_CE, { requests: { cpu: '3', memory: '64Mi' } });
    const root = { ...container(HOSTED_CE), securityContext: { runAsUser: 0 } };
    for (const [name, one] of Object.entries({ ce: container(HOSTED_CE), miner, large, root })) {
      expect(await asTeam(['create', '-f', '-'], deployment(name, one))).toContain('created');
    }
    const condition = (name: string, type: string): Promise<string> =>
      asTeam([
        'get',
        'deployment',
        name,
        '-o',
        `jsonpath={.status.conditions[?(@.type=="${type}")].message}`,
      ]);
    const runs = async (): Promise<boolean> =>
      (await asTeam(['get', 'pods', '-l', 'app=ce', '-o', 'jsonpath={.items[*].status.phase}'])) ===
      'Running';
    await until(runs, 'the agreed pod does not run', 60_000);
    for (const [name, reason] of [
      ['miner', 'images must come from hub.opensciencegrid.org/osg-htc/hosted-ce'],
      ['large', 'exceeded quota: edge-grant'],
      ['root', 'violates PodSecurity'],
    ] as const) {
      const said = async (): Promise<boolean> =>
        (await condition(name, 'ReplicaFailure')).includes(reason);
      await until(said, `the pods of '${name}' were not refused`, 60_000);
    }
  });

  story('tells of a longer grant, and refuses one longer than the site allows', async () => {
    const longer = await site.beamline(['preview', 'grant'], { variant: 'longer' });
    expect(longer.stdout).toMatch(/may run its service until \S+, before until \S+/);
    const tooLong = await site.beamline(['preview', 'grant'], { variant: 'too-long' });
    expect(tooLong.stderr).toMatch(
      /the grant lasts 101 days \(\S+ to \S+\), and the site grants 100 at most; make it shorter/,
    );
    expect(tooLong.exitCode).toBe(1);
  });

  story(
    'hands out nothing after the last day, whatever is deployed, and the check fails',
    async () => {
      const after = await site.beamline(['grant', 'grant', 'granted'], { variant: 'ended' });
      expect(after.stderr).toMatch(
        /the grant of team 'granted' ended on \S+; renew it in the environment and deploy/,
      );
      expect(after).toMatchObject({ exitCode: 1, stdout: '' });
      const check = await site.beamline(['check', 'grant'], { variant: 'ended' });
      expect(check.stdout).toMatch(/tenancy\/grant-over/);
      expect(check.exitCode).toBe(1);
    },
  );

  story('names what is wrong with a request for a token', async () => {
    const stranger = await site.beamline(['grant', 'grant', 'stranger']);
    expect(stranger.stderr).toContain("environment 'grant' grants nothing to a team 'stranger'");
    const week = await site.beamline(['grant', 'grant', 'granted', '--hours', '168']);
    expect(week.stderr).toContain("--hours must be 1 to 24, got '168'");
  });

  story('taken back, is shown so; and the token that was handed out is void', async () => {
    expect(await asTeam(['get', 'pods'])).toContain('ce-');
    const preview = await site.beamline(['preview', 'grant'], { variant: 'revoked' });
    expect(preview.stdout).toContain('every token that was handed out is void at once');
    succeeded(await site.beamline(['up', 'grant'], { variant: 'revoked' }));
    const refused = async (): Promise<boolean> =>
      /Unauthorized|must be logged in/.test(await asTeam(['get', 'pods']));
    // The API server keeps answers about a token for some seconds.
    await until(refused, 'the old token still works', 60_000);
  });
});
