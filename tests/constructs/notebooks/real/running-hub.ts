import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { stringify } from 'yaml';
import { z } from 'zod';

import { HUB_PORTS } from '../../../../constructs/notebooks/hub-config';
import { killFamily, until } from '../../../integration/support/processes';
import type { Synthesized } from '../../../support/synth';
import { Program } from '../../analysis/real/program';

const texts = z.record(z.string(), z.string());

/** Where hub and proxy run, and whom they speak to. */
export interface HubPlace {
  readonly folder: string;
  /** The Python environment. */
  readonly jupyterhub: string;
  /** Loopback addresses in place of the pods' own. */
  readonly addresses: { readonly hub: string; readonly proxy: string; readonly sessions: string };
  /** The API server, its authority where it speaks TLS, and the token of the hub's ServiceAccount. */
  readonly api: { readonly url: string; readonly ca?: string; readonly token: string };
  /** What answers for a name: address and port. */
  readonly names: Readonly<Record<string, readonly [string, number]>>;
  /** Further variables: the authority that is trusted. */
  readonly env: Readonly<Record<string, string>>;
  /** What the keys of Secrets hold that the pod's variables come from, as `name/key`. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * JupyterHub and configurable-http-proxy as plain processes. They are told what we render; other than in a pod are addresses, where files
 * are, and what the names of Services mean. Sessions are found at one address, as KWOK's pods have none that is reachable.
 */
export class RunningHub {
  #hub: Program | undefined;
  #proxy: Program | undefined;
  readonly #root: string;

  constructor(
    private readonly tree: Synthesized,
    private readonly place: HubPlace,
  ) {
    this.#root = join(place.folder, 'hub');
    const settings = texts.parse(tree.one('ConfigMap', 'hub')['data']);
    const json = this.#here(settings['settings.json'] ?? '');
    this.#write('config', { ...settings, 'settings.json': json });
    this.#write('secret', texts.parse(tree.one('Secret', 'hub')['stringData']));
    writeFileSync(join(this.#root, 'kubeconfig'), stringify(kubeconfig(place.api)));
  }

  /** Where the hub's database is, when it is SQLite's. */
  get sqlite(): string {
    return join(this.#root, 'jupyterhub.sqlite');
  }

  /** The hub itself, past the proxy. */
  get url(): string {
    return `http://${this.place.addresses.hub}:${HUB_PORTS.hub}`;
  }

  /** The hub's process; the culler is one that it started. */
  get pid(): number {
    return this.#hub?.pid ?? 0;
  }

  get proxyPid(): number {
    return this.#proxy?.pid ?? 0;
  }

  /** What the front door sends people to. */
  get proxyUrl(): string {
    return `http://${this.place.addresses.proxy}:${HUB_PORTS.proxy}`;
  }

  async startHub(): Promise<void> {
    const { jupyterhub, names, env } = this.place;
    const folder = this.#root;
    this.#hub = Program.start(
      join(jupyterhub, 'bin', 'jupyterhub'),
      ['--config', join(this.#root, 'config', 'jupyterhub_config.py'), '--upgrade-db'],
      {
        ...this.#variables(),
        ...env,
        HOME: folder,
        HUB_ROOT: folder,
        KUBECONFIG: join(folder, 'kubeconfig'),
        PYTHONPATH: join(__dirname, 'names'),
        NAMES: JSON.stringify(names),
      },
      folder,
    );
    await this.#answers(`${this.url}/hub/health`, 'the hub', this.#hub);
  }

  async startProxy(): Promise<void> {
    const container = this.#container('proxy');
    const { proxy } = this.place.addresses;
    const args = container.command
      .slice(1)
      .map((arg) => this.#here(arg.replace(/^(--(?:api-)?ip)=$/, `$1=${proxy}`)));
    const secret = texts.parse(this.tree.one('Secret', 'hub')['stringData']);
    this.#proxy = Program.start(
      process.execPath,
      [require.resolve('configurable-http-proxy/bin/configurable-http-proxy'), ...args],
      { CONFIGPROXY_AUTH_TOKEN: secret['proxy-token'] ?? '' },
      this.#root,
    );
    await this.#answers(`${this.proxyUrl}/_chp_healthz`, 'the proxy', this.#proxy);
  }

  /** Ends the hub and the culler at once, as a node that fails does. */
  async killHub(): Promise<void> {
    if (this.#hub === undefined) return;
    killFamily(this.#hub.pid);
    await this.#hub.stop();
  }

  async killProxy(): Promise<void> {
    await this.#proxy?.stop();
  }

  async stop(): Promise<void> {
    await this.killHub();
    await this.killProxy();
  }

  /** The kinds of errors that the hub told of, without times and numbers. */
  complaints(): string[] {
    const lines = (this.#hub?.log ?? '').split('\n').filter((line) => line.startsWith('[E '));
    return [...new Set(lines.map((line) => line.replaceAll(/\d+/g, '0')))];
  }

  /** What hub and proxy printed last. */
  logs(): string {
    return [this.#hub, this.#proxy].map((one) => one?.log.slice(-6000) ?? '').join('\n---\n');
  }

  async #answers(url: string, who: string, program: Program): Promise<void> {
    const up = async (): Promise<boolean> => {
      if (!program.running) throw new Error(`${who} ended`);
      return fetch(url).then(
        ({ ok }) => ok,
        () => false,
      );
    };
    await until(up, `${who} never answered`, 120_000).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.logs()}`);
    });
  }

  #container(deployment: string): z.infer<typeof container> {
    const [first] = pods.parse(this.tree.one('Deployment', deployment)).spec.template.spec
      .containers;
    return container.parse(first);
  }

  /** The variables of the hub's pod. */
  #variables(): Record<string, string> {
    const { secrets } = this.place;
    const entries = this.#container('hub').env.map(({ name, value, valueFrom }) => {
      if (valueFrom === undefined) return [name, this.#here(value)] as const;
      const key = `${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`;
      const found = secrets[key];
      if (found === undefined) throw new Error(`nobody said what the Secret '${key}' holds`);
      return [name, found] as const;
    });
    return Object.fromEntries(entries);
  }

  #here(text: string): string {
    const { proxy, sessions } = this.place.addresses;
    return text
      .replace(`http://:${HUB_PORTS.hub}`, this.url)
      .replace(`http://hub:${HUB_PORTS.hub}`, this.url)
      .replace(`http://localhost:${HUB_PORTS.hub}`, this.url)
      .replace(`http://proxy-api:${HUB_PORTS.proxyApi}`, `http://${proxy}:${HUB_PORTS.proxyApi}`)
      .replace(/^\/etc\/jupyterhub\//, `${this.#root}/`)
      .replace('sqlite:////srv/jupyterhub/jupyterhub.sqlite', `sqlite:///${this.sqlite}`)
      .replace('"KubeSpawner": {', `"KubeSpawner": { "pod_connect_ip": "${sessions}",`);
  }

  #write(name: string, files: Readonly<Record<string, string>>): void {
    const folder = join(this.#root, name);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  }
}

const container = z.looseObject({
  command: z.array(z.string()).default([]),
  env: z.array(
    z.looseObject({
      name: z.string(),
      value: z.string().default(''),
      valueFrom: z
        .looseObject({ secretKeyRef: z.looseObject({ name: z.string(), key: z.string() }) })
        .optional(),
    }),
  ),
});
const pods = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({ spec: z.looseObject({ containers: z.array(container).min(1) }) }),
  }),
});

function kubeconfig({ url, ca, token }: HubPlace['api']): object {
  const authority =
    ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'own',
    contexts: [{ name: 'own', context: { cluster: 'own', user: 'own' } }],
    clusters: [{ name: 'own', cluster: { server: url, ...authority } }],
    users: [{ name: 'own', user: { token } }],
  };
}
