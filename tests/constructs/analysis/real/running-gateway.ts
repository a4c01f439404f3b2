import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stringify } from 'yaml';
import { z } from 'zod';

import type { Manifest } from '../../../../plan/model';
import { until } from '../../../integration/support/processes';
import { RecordingProxy, type ApiRequest } from '../../../support/recording-proxy';
import { freePorts } from '../../edge/real/backends';
import { Cluster } from '../../../support/cluster';
import { Program } from './program';
import { boundShare, namespace, renderedSite, type Names } from './rendered';

const texts = z.record(z.string(), z.string());
const TESTER = 'the-token-of-the-test-itself';
const PID = process.pid;

/** Where the parts are. */
export interface Parts {
  readonly jupyterhub: string;
  readonly gateway: string;
  readonly traefik: string;
}

/** Hub, gateway, controller and proxy as plain processes, with the configuration, accounts and rights that we render. */
export class RunningGateway {
  readonly cluster = new Cluster();
  readonly names: Names = {
    dask: `dask-${PID}`,
    cms: `cms-${PID}`,
    atlas: `atlas-${PID}`,
    notebooks: `notebooks-${PID}`,
  };
  readonly folder = mkdtempSync(join(tmpdir(), 'beamline-dask-'));
  readonly objects = renderedSite(this.names);
  readonly programs: Record<string, Program> = {};
  readonly #proxies: Record<string, RecordingProxy> = {};
  #hub = '';

  private constructor(private readonly parts: Parts) {}

  static async start(parts: Parts): Promise<RunningGateway> {
    const site = new RunningGateway(parts);
    try {
      await site.#deploy();
      await site.#startHub();
      await site.#startServer('gateway', ['dask-gateway-server']);
      await site.#startServer('controller', ['dask-gateway-server', 'kube-controller']);
      await site.#startProxy();
      const health = (): Promise<boolean> =>
        fetch(`http://${address(1)}:8000/api/health`).then(
          ({ ok }) => ok,
          () => false,
        );
      await until(health, 'the gateway never answered', 60_000);
      return site;
    } catch (error) {
      const logs = site.logs();
      await site.stop();
      throw new Error(`${String(error)}\n${logs}`);
    }
  }

  /** What was asked of the API server by one of the programs. */
  requestsOf(account: string): readonly ApiRequest[] {
    return this.#proxies[account]?.requests ?? [];
  }

  /** A token as a session of somebody has it. */
  async sessionToken(user: string, more: object = { roles: ['server'] }): Promise<string> {
    const asked = await fetch(`${this.#hub}/users/${user}/tokens`, {
      method: 'POST',
      headers: { authorization: `token ${TESTER}` },
      body: JSON.stringify(more),
    });
    const answer = await asked.text();
    const parsed = z.object({ token: z.string() }).safeParse(JSON.parse(answer));
    if (parsed.success) return parsed.data.token;
    throw new Error(`the hub gives no token to ${user}: ${answer}`);
  }

  /** Asks the gateway as the Python client does. */
  async ask(
    token: string,
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const answer = await fetch(`http://${address(1)}:8000/api/v1/${path}`, {
      method,
      headers: { authorization: `jupyterhub ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const found: unknown = text === '' ? {} : JSON.parse(text);
    return { status: answer.status, body: found };
  }

  /** Runs the program of a scheduler's pod, with what the controller put into it. */
  async runScheduler(cluster: string): Promise<void> {
    const [tenant = '', name = ''] = cluster.split('.');
    const get = (kind: string, what: string): Promise<string> =>
      this.cluster.kubectl(['get', kind, what, '-n', tenant, '-o', 'json']);
    const secret = z.object({ data: texts });
    const { data } = secret.parse(JSON.parse(await get('secret', `dask-credentials-${name}`)));
    const credentials = join(this.folder, 'credentials');
    mkdirSync(credentials);
    for (const [file, value] of Object.entries(data))
      writeFileSync(join(credentials, file), Buffer.from(value, 'base64'));
    const pod = schedulerPod.parse(JSON.parse(await get('pod', `dask-scheduler-${name}`)));
    const [container] = pod.spec.containers;
    const moved = (text: string): string =>
      text.replace('/etc/dask-credentials', credentials).replace(/^:(\d+)$/, `${address(3)}:$1`);
    const [command = '', ...args] = container?.args ?? [];
    const env = Object.fromEntries(
      (container?.env ?? []).map((each) => [each.name, moved(each.value)]),
    );
    this.programs['scheduler'] = Program.start(
      join(this.parts.gateway, 'bin', command),
      args.map((arg) => (arg === '' ? address(3) : moved(arg))),
      { ...env, HOME: this.folder, ...this.#lookup() },
      this.folder,
    );
    const up = (): Promise<boolean> =>
      fetch(`http://${address(3)}:8788/api/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(up, 'the scheduler never answered', 60_000).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.logs()}`);
    });
  }

  logs(): string {
    return Object.entries(this.programs)
      .map(([name, { log }]) => `--- ${name}\n${log.slice(-3000)}`)
      .join('\n');
  }

  async stop(): Promise<void> {
    for (const program of Object.values(this.programs)) await program.stop();
    for (const proxy of Object.values(this.#proxies)) await proxy.stop();
    const { dask, cms, atlas } = this.names;
    const gone = ['--ignore-not-found', '--wait=false'];
    await this.cluster.kubectl(['delete', 'namespace', dask, cms, atlas, ...gone]);
    await this.cluster.kubectl(['delete', 'pv', `${cms}-cvmfs`, ...gone]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #deploy(): Promise<void> {
    const { dask, cms, atlas } = this.names;
    const wanted = [
      'CustomResourceDefinition',
      'ServiceAccount',
      'Role',
      'RoleBinding',
      'Middleware',
    ];
    await this.cluster.apply([dask, cms, atlas].map(namespace));
    await this.cluster.apply([
      ...this.objects.filter(
        ({ kind, metadata }) =>
          wanted.includes(kind) && metadata.namespace !== this.names.notebooks,
      ),
      ...boundShare(cms),
    ]);
  }

  async #startHub(): Promise<void> {
    const root = join(this.folder, 'hub');
    this.#write(join(root, 'config'), this.#object('ConfigMap', 'hub'), 'data');
    this.#write(join(root, 'secret'), this.#object('Secret', 'hub'), 'stringData');
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    this.#hub = `${url}/hub/api`;
    const given = {
      address: url,
      database: `sqlite:///${join(root, 'hub.sqlite')}`,
      token: TESTER,
      groups: { cms: ['anna', 'emil'], atlas: ['bert'], experts: ['emil'], guests: ['carla'] },
    };
    this.programs['hub'] = Program.start(
      join(this.parts.jupyterhub, 'bin', 'jupyterhub'),
      ['--config', join(__dirname, 'hub_config.py')],
      {
        HUB_ROOT: root,
        TEST_HUB: JSON.stringify(given),
        LOGIN_SECRET: 'unused',
        KUBECONFIG: this.#kubeconfig('none', 'http://127.0.0.1:1', ''),
      },
      root,
    );
    const up = (): Promise<boolean> =>
      fetch(this.#hub).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(up, 'the hub never answered', 90_000);
  }

  async #startServer(account: string, command: readonly string[]): Promise<void> {
    const folder = join(this.folder, account);
    this.#write(folder, this.#object('ConfigMap', 'gateway'), 'data');
    // Every program has a loopback address of its own in place of a pod's.
    const settings = join(folder, 'settings.json');
    const own = address(account === 'gateway' ? 1 : 2);
    const text = texts.parse(this.#object('ConfigMap', 'gateway')['data'])['settings.json'] ?? '';
    writeFileSync(settings, text.replace('"address": ":8000"', `"address": "${own}:8000"`));
    const [program = '', ...args] = command;
    this.programs[account] = Program.start(
      join(this.parts.gateway, 'bin', program),
      [...args, '--config', join(folder, 'dask_gateway_config.py')],
      {
        GATEWAY_ROOT: folder,
        JUPYTERHUB_API_URL: this.#hub,
        JUPYTERHUB_SERVICE_NAME: 'dask-gateway',
        KUBECONFIG: await this.#accessAs(account),
        ...this.#lookup(),
      },
      folder,
    );
  }

  async #startProxy(): Promise<void> {
    const text = JSON.stringify(this.#object('Deployment', 'proxy', this.names.dask));
    const args = Array.from(text.matchAll(/"(--[^"]+)"/g), ([, argument]) => argument ?? '');
    const token = await this.#tokenOf('proxy');
    const client = [
      `--providers.kubernetescrd.endpoint=${this.#proxies['proxy']?.url ?? ''}`,
      `--providers.kubernetescrd.token=${token}`,
    ];
    this.programs['proxy'] = Program.start(
      this.parts.traefik,
      [...args.map((arg) => arg.replace(/address=:(\d+)/, `address=${address(4)}:$1`)), ...client],
      {},
      this.folder,
    );
  }

  #lookup(): Record<string, string> {
    const names = { [`gateway.${this.names.dask}`]: address(1), 'dask-': address(3) };
    return { PYTHONPATH: join(__dirname, 'names'), NAMES: JSON.stringify(names) };
  }

  async #tokenOf(account: string): Promise<string> {
    this.#proxies[account] = await RecordingProxy.start(this.cluster.server);
    const token = ['create', 'token', account, '-n', this.names.dask];
    return (await this.cluster.kubectl(token)).trim();
  }

  async #accessAs(account: string): Promise<string> {
    const token = await this.#tokenOf(account);
    return this.#kubeconfig(account, this.#proxies[account]?.url ?? '', token);
  }

  #kubeconfig(name: string, server: string, token: string): string {
    const path = join(this.folder, `${name}.kubeconfig`);
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'own',
      contexts: [{ name: 'own', context: { cluster: 'own', user: 'own' } }],
      clusters: [{ name: 'own', cluster: { server } }],
      users: [{ name: 'own', user: token === '' ? {} : { token } }],
    };
    writeFileSync(path, stringify(config));
    return path;
  }

  #write(folder: string, object: Manifest, field: 'data' | 'stringData'): void {
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(texts.parse(object[field])))
      writeFileSync(join(folder, file), text);
  }

  #object(kind: string, name: string, inside?: string): Manifest {
    const found = this.objects.find(
      (object) =>
        object.kind === kind &&
        object.metadata.name === name &&
        (inside === undefined || object.metadata.namespace === inside),
    );
    if (found === undefined) throw new Error(`no ${kind} '${name}' is rendered`);
    return found;
  }
}

/** A loopback address of this test run, in place of a pod's. */
function address(pod: number): string {
  return `127.${1 + ((PID >> 8) % 254)}.${PID % 256}.${pod}`;
}

const schedulerPod = z.object({
  spec: z.object({
    containers: z.array(
      z.object({
        args: z.array(z.string()),
        env: z.array(z.object({ name: z.string(), value: z.string().default('') })),
      }),
    ),
  }),
});
