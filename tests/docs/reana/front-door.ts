import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

import { Chart } from 'cdk8s';
import { execa } from 'execa';
import getPort from 'get-port';

import { Traefik } from '../../../constructs/edge/traefik';
import { PORTS } from '../../../constructs/edge/traefik-arguments';
import { revealSecrets, secretFromConfig } from '../../../constructs/kit/secret-value';
import { Target } from '../../../constructs/targets';
import { PlatformNamespace } from '../../../constructs/tenancy/platform-namespace';
import { Reana } from '../../../constructs/workflows/reana';
import { objectsOf, type Manifest } from '../../../plan/model';
import { planOf } from '../../../plan/plan-of';
import { freePorts, machineAddress } from '../../constructs/edge/real/backends';
import { minimal } from '../../constructs/workflows/support';
import { Authority, type KeyPair } from '../../support/authority';
import { Cluster } from '../../support/cluster';
import { RecordingProxy } from '../../support/recording-proxy';
import { appFor } from '../../support/synth';

/** What would run in pods or wait for them. */
const NOT_HERE = new Set([
  ...['Deployment', 'StatefulSet', 'Job', 'CronJob', 'PersistentVolumeClaim'],
  ...['PodDisruptionBudget', 'NetworkPolicy', 'Secret'],
]);

/** The real Traefik, with the arguments and the routes of a REANA that we render, on a real API server. Only pods are missing. */
export class FrontDoor {
  /** Where programs behind Services listen: the API server takes no loopback. */
  readonly address = machineAddress();
  readonly #cluster = new Cluster();
  readonly #edge = `reana-edge-${process.pid}`;
  readonly #namespace = `reana-${process.pid}`;
  readonly #ends: (() => Promise<unknown>)[] = [];
  /** Every object of the REANA and the front door. */
  objects: readonly Manifest[] = [];

  /** Plans them. */
  async plan(openssl: string): Promise<void> {
    const authority = await Authority.make(openssl);
    const pair = await authority.sign(minimal.host);
    authority.clear();
    this.objects = this.#planned(pair);
  }

  /** `ports` of what runs behind the Services of the REANA. Answers the proxy by which clients come to it. */
  async open(traefik: string, ports: Readonly<Record<string, number>>): Promise<string> {
    const kept = ({ kind, metadata }: Manifest): boolean =>
      metadata.namespace === this.#edge ? kind !== 'Deployment' : !NOT_HERE.has(kind);
    await this.#cluster.apply(this.objects.filter(kept));
    const slices = Object.entries(ports).map(([name, port]) => this.#slice(name, port));
    await this.#cluster.apply(slices);
    const websecure = await this.#start(traefik);
    return this.#tunnel(websecure);
  }

  async close(): Promise<void> {
    for (const end of [...this.#ends].reverse()) await end();
    const gone = ['--ignore-not-found', '--wait=false'];
    await this.#cluster.kubectl(['delete', 'namespace', this.#edge, this.#namespace, ...gone]);
    const role = `clusterrole/beamline:${this.#edge}:traefik`;
    await this.#cluster.kubectl(['delete', role, role.replace('role', 'rolebinding'), ...gone]);
    await this.#cluster.kubectl(['delete', 'ingressclass', this.#edge, ...gone]);
  }

  #planned(pair: KeyPair): Manifest[] {
    const app = appFor();
    const edge = new Chart(app, 'Edge', { namespace: this.#edge });
    new PlatformNamespace(edge, 'Namespace', { partOf: 'ingress' });
    const ingress = new Traefik(edge, 'Traefik', {
      exposure: { type: 'LoadBalancer' },
      className: this.#edge,
      internalNetworks: ['127.0.0.0/8'],
      certificates: { kind: 'given', chain: pair.certificate, key: secretFromConfig('siteKey') },
    });
    const chart = new Chart(app, 'Reana', { namespace: this.#namespace });
    new PlatformNamespace(chart, 'Namespace', { partOf: 'reana' });
    new Reana(chart, 'Reana', { ...minimal, ingress });
    const plan = planOf(app, {
      environment: 'test',
      target: Target.parse('kubernetes 1.34'),
      data: 'disposable',
      moved: [],
      provided: ['_/storageclass.storage.k8s.io/shared', '_/storageclass.storage.k8s.io/disk'],
    });
    const text = JSON.stringify(objectsOf(plan).map(({ manifest }) => manifest));
    const key = JSON.stringify(pair.key).slice(1, -1);
    const revealed: Manifest[] = JSON.parse(revealSecrets(text, () => key));
    return revealed;
  }

  #slice(service: string, port: number): Manifest {
    return {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${service}-test`,
        namespace: this.#namespace,
        labels: {
          'kubernetes.io/service-name': service,
          'endpointslice.kubernetes.io/managed-by': 'test',
        },
      },
      addressType: 'IPv4',
      endpoints: [{ addresses: [this.address], conditions: { ready: true } }],
      ports: [{ name: 'http', port, protocol: 'TCP' }],
    };
  }

  /** Runs the program on free ports; answers that of TLS. */
  async #start(traefik: string): Promise<number> {
    const api = await RecordingProxy.start(this.#cluster.server);
    this.#ends.push(() => api.stop());
    const token = await this.#cluster.kubectl(['create', 'token', 'traefik', '-n', this.#edge]);
    const [web = 0, websecure = 0, ping = 0, metrics = 0] = await freePorts(4);
    const moved = new Map(
      [
        [PORTS.web, web],
        [PORTS.websecure, websecure],
        [PORTS.ping, ping],
        [PORTS.metrics, metrics],
      ].map(([from, to]) => [`:${from}/tcp`, `127.0.0.1:${to}/tcp`]),
    );
    const args = this.#arguments().map((argument) => {
      const [flag = '', value = ''] = argument.split(/=(.*)/s);
      return `${flag}=${moved.get(value) ?? value}`;
    });
    const client = ['kubernetesingress', 'kubernetescrd'].flatMap((provider) => [
      `--providers.${provider}.endpoint=${api.url}`,
      `--providers.${provider}.token=${token.trim()}`,
    ]);
    const program = execa(traefik, [...args, ...client], {
      extendEnv: false,
      reject: false,
      buffer: false,
      stdio: 'ignore',
    });
    this.#ends.push(async () => {
      program.kill('SIGKILL');
      await program;
    });
    return websecure;
  }

  #arguments(): string[] {
    const own = this.objects.filter(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.namespace === this.#edge,
    );
    return Array.from(
      JSON.stringify(own).matchAll(/"(--[^"]+)"/g),
      ([, argument = '']) => argument,
    );
  }

  /** What stands in for the name service: a proxy that leads every host below `example.org` to the front door, and refuses others. */
  async #tunnel(port: number): Promise<string> {
    const tunnels = new Set<Duplex>();
    const proxy = createServer();
    proxy.on('connect', ({ url = '' }, client: Duplex) => {
      if (!url.endsWith('.example.org:443')) {
        client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
        return;
      }
      const onward = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        client.pipe(onward).pipe(client);
      });
      for (const end of [client, onward]) {
        tunnels.add(end);
        end.on('error', () => {
          client.destroy();
          onward.destroy();
        });
      }
    });
    const own = await getPort();
    await new Promise<void>((ready) => proxy.listen(own, '127.0.0.1', ready));
    this.#ends.push(async () => {
      for (const tunnel of tunnels) tunnel.destroy();
      await new Promise((done) => proxy.close(done));
    });
    return `http://127.0.0.1:${own}`;
  }
}
