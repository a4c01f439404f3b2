import { execa, type ExecaChildProcess } from 'execa';

import type { PolicyRule } from 'kubernetes-types/rbac/v1';

import type { Issuer } from '../../../../constructs/edge/certificates';
import { PORTS } from '../../../../constructs/edge/traefik-arguments';
import { secretFromConfig } from '../../../../constructs/kit/secret-value';
import type { Manifest } from '../../../../plan/model';
import { Backend, doorkeeper, freePorts, machineAddress } from './backends';
import { Authority } from '../../../support/authority';
import { Cluster } from '../../../support/cluster';
import { RecordingProxy } from '../../../support/recording-proxy';
import { rightsIn } from '../../../support/recorded-account';
import { plannedSite, type SERVICES } from './tree';

/** The ports of the running program, by entry point. */
type Ports = Readonly<Record<keyof typeof PORTS, number>>;

/** How a site's certificates are made, where they are not given. */
export interface SiteCertificates {
  readonly issuer: Issuer;
  /** What else is said of an object before it is applied. */
  readonly changed: (object: Manifest) => Manifest;
}

/** A Traefik that runs as a plain process with everything that we render, and what is behind it. */
export class RunningSite {
  readonly cluster = new Cluster();
  readonly address = machineAddress();
  readonly namespace = `edge-${process.pid}`;
  readonly apps = `edge-apps-${process.pid}`;
  log = '';
  objects: readonly Manifest[] = [];
  ports: Ports = PORTS;
  readonly #ends: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly authority: Authority,
    readonly proxy: RecordingProxy,
  ) {}

  static async start(
    traefik: string,
    openssl: string,
    made?: SiteCertificates,
  ): Promise<RunningSite> {
    const authority = await Authority.make(openssl);
    const site = new RunningSite(authority, await RecordingProxy.start(new Cluster().server));
    try {
      await site.#deploy(await Authority.make(openssl), made);
      await site.#runProgram(traefik);
      return site;
    } catch (error) {
      await site.stop();
      throw error;
    }
  }

  /** The rules that our roles grant it, as `verb group/resource`. */
  granted(kind: 'Role' | 'ClusterRole', namespace: string): string[] {
    const roles = this.objects.filter(
      ({ kind: found, metadata }) => found === kind && (metadata.namespace ?? '') === namespace,
    );
    // A role's rules are what the kit rendered them from.
    const rules: PolicyRule[] = JSON.parse(JSON.stringify(roles.flatMap(({ rules: own }) => own)));
    return rightsIn(rules);
  }

  /** Ends the program and everything else, and removes what was deployed but for the resource definitions. */
  async stop(): Promise<void> {
    for (const end of [...this.#ends].reverse()) await end();
    await this.proxy.stop();
    this.authority.clear();
    const gone = ['--ignore-not-found', '--wait=false'];
    await this.cluster.kubectl(['delete', 'namespace', this.namespace, this.apps, ...gone]);
    const mine = `clusterrole/beamline:${this.namespace}:traefik`;
    await this.cluster.kubectl(['delete', mine, mine.replace('role', 'rolebinding'), ...gone]);
    await this.cluster.kubectl(['delete', 'ingressclass', this.namespace, ...gone]);
  }

  async #deploy(stranger: Authority, made: SiteCertificates | undefined): Promise<void> {
    const door = await doorkeeper();
    this.#ends.push(door.stop);
    const { authority, namespace, apps } = this;
    const given = await authority.sign('*.example.org', '*.many.example.org');
    const objects = plannedSite({
      namespace,
      apps,
      certificates:
        made === undefined
          ? { kind: 'given', chain: given.certificate, key: secretFromConfig('siteKey') }
          : { kind: 'cert-manager', issuer: made.issuer },
      siteKey: given.key,
      own: await authority.sign('own.example.org'),
      authority: authority.certificate,
      stranger: stranger.certificate,
      doorkeeper: door.url,
    });
    this.objects = objects.map((object) => made?.changed(object) ?? object);
    stranger.clear();
    await this.cluster.apply(this.objects);
    const pair = await authority.sign(`tls.${apps}.svc`, 'whole.example.org');
    const tls = await this.#backend('tls', pair);
    await this.cluster.apply([
      this.#slice('one', await this.#backend('one')),
      this.#slice('two', await this.#backend('two')),
      this.#slice('tls', tls),
      this.#slice('mistrusted', tls),
      this.#slice('sticky', await this.#backend('sticky')),
    ]);
  }

  async #backend(name: string, pair?: Parameters<typeof Backend.start>[2]): Promise<number> {
    const backend = await Backend.start(name, this.address, pair);
    this.#ends.push(() => backend.stop());
    return backend.port;
  }

  #slice(service: (typeof SERVICES)[number], port: number): Manifest {
    return {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${service}-test`,
        namespace: this.apps,
        labels: {
          'kubernetes.io/service-name': service,
          'endpointslice.kubernetes.io/managed-by': 'test',
        },
      },
      addressType: 'IPv4',
      endpoints: [{ addresses: [this.address], conditions: { ready: true } }],
      ports: [{ name: 'web', port, protocol: 'TCP' }],
    };
  }

  async #runProgram(traefik: string): Promise<void> {
    const token = await this.cluster.kubectl(['create', 'token', 'traefik', '-n', this.namespace]);
    const [web = 0, websecure = 0, ping = 0, metrics = 0] = await freePorts(4);
    this.ports = { web, websecure, ping, metrics };
    const moved = new Map(
      Object.entries(PORTS).map(([name, port]) => [`:${port}/tcp`, `:${this.#port(name)}/tcp`]),
    );
    const args = this.#arguments().map((argument) => {
      const [flag = '', value = ''] = argument.split(/=(.*)/s);
      return `${flag}=${moved.get(value) ?? value}`;
    });
    const client = ['kubernetesingress', 'kubernetescrd'].flatMap((provider) => [
      `--providers.${provider}.endpoint=${this.proxy.url}`,
      `--providers.${provider}.token=${token.trim()}`,
    ]);
    const running = execa(traefik, [...args, ...client], {
      extendEnv: false,
      reject: false,
      buffer: false,
    });
    for (const stream of [running.stdout, running.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    }
    this.#ends.push(() => this.#end(running));
  }

  #port(name: string): number {
    return Object.entries(this.ports).find(([own]) => own === name)?.[1] ?? 0;
  }

  #arguments(): string[] {
    const text = JSON.stringify(this.objects.filter(({ kind }) => kind === 'Deployment'));
    return Array.from(text.matchAll(/"(--[^"]+)"/g), ([, argument]) => argument ?? '');
  }

  async #end(running: ExecaChildProcess): Promise<void> {
    running.kill('SIGKILL');
    await running;
  }
}
