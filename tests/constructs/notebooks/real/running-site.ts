import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Manifest } from '../../../../plan/model';
import { Authority } from '../../../support/authority';
import { Directory } from '../../../support/directory';
import { RecordingProxy } from '../../../support/recording-proxy';
import type { Synthesized } from '../../../support/synth';
import { until } from '../../../integration/support/processes';
import { boundShare } from '../../analysis/real/rendered';
import { Cluster } from '../../../support/cluster';
import { CLIENT_SECRET, RunningDex } from '../../identity/real/running-dex';
import { FrontDoor } from './front-door';
import { HOSTS, renderedSite, type Names, type SiteOptions } from './rendered';
import { RunningHub } from './running-hub';
import { SessionCrowd } from './session-crowd';
import { SessionNode } from './session-node';
import type { Doors } from './visitor';

const PID = process.pid;
/** The Secret with what the hub shows to the provider, as `name/key`. */
const LOGIN = 'jupyterhub-login/client-secret';

/** Where the parts are. */
export interface Parts {
  readonly jupyterhub: string;
  readonly dex: string;
  readonly slapd: string;
  readonly openssl: string;
}

/** What plays the sessions: a small server for each, or one process for all. For a crowd, the hub asks the API server itself, unrecorded. */
export type SessionPlay = 'each' | 'crowd';

/** What a test wants otherwise of the site, and what Secrets hold that its objects name, as `name/key`. */
export interface RunOptions extends SiteOptions {
  /** @default 'each' */
  readonly play?: SessionPlay;
  /** @default {} */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A site with notebooks: its objects on the control plane, and every program that browsers meet as a process. */
export class RunningSite {
  static #count = 0;
  readonly #number = RunningSite.#count++;
  /** Namespaces of a site that ended go slowly, and the next one may be of another file in the same process. */
  readonly #run = randomBytes(4).toString('hex');
  readonly names: Names = {
    notebooks: `notebooks-${this.#run}`,
    identity: `people-${this.#run}`,
    disk: `disk-${this.#run}`,
  };
  readonly cluster = new Cluster();
  readonly folder = mkdtempSync(join(tmpdir(), 'beamline-notebooks-'));
  readonly #stops: (() => unknown)[] = [];
  #tree: Synthesized | undefined;
  #hub: RunningHub | undefined;
  #sessions: SessionNode | undefined;
  #crowd: SessionCrowd | undefined;
  #directory: Directory | undefined;
  #people: RunningDex | undefined;
  #api: RecordingProxy | undefined;
  #door: FrontDoor | undefined;

  private constructor(private readonly parts: Parts) {}

  static async start(parts: Parts, options: RunOptions = {}): Promise<RunningSite> {
    const site = new RunningSite(parts);
    try {
      await site.#start(options);
      return site;
    } catch (error) {
      const logs = site.#hub?.logs() ?? '';
      await site.stop();
      throw new Error(`${String(error)}\n${logs}`);
    }
  }

  get tree(): Synthesized {
    return there(this.#tree);
  }

  get hub(): RunningHub {
    return there(this.#hub);
  }

  get sessions(): SessionNode {
    return there(this.#sessions);
  }

  get crowd(): SessionCrowd {
    return there(this.#crowd);
  }

  get directory(): Directory {
    return there(this.#directory);
  }

  /** Where hub and provider answer without TLS. */
  get doors(): Doors {
    return { [HOSTS.hub]: this.hub.proxyUrl, [HOSTS.login]: there(this.#people).url };
  }

  /** What the hub asked of the API server. */
  get asked(): RecordingProxy['requests'] {
    return there(this.#api).requests;
  }

  /** What tells Chromium where the hosts of the site are. */
  get hostRules(): string {
    const at = `127.0.0.1:${there(this.#door).port}`;
    return Object.values(HOSTS)
      .map((host) => `MAP ${host}:443 ${at}`)
      .join(', ');
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.reverse()) await stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #start(options: RunOptions): Promise<void> {
    const { slapd, openssl, dex } = this.parts;
    const directory = await Directory.start(join(this.folder, 'ldap'), { slapd, openssl });
    this.#directory = directory;
    this.#stops.push(() => directory.stop());
    const { identity, notebooks } = renderedSite(this.names, directory, options);
    this.#tree = notebooks;
    await this.#deploy([...identity.objects, ...notebooks.objects]);

    this.#api = await RecordingProxy.start(this.cluster.server);
    const forDex = await RecordingProxy.start(this.cluster.server);
    this.#stops.push(
      () => this.#api?.stop(),
      () => forDex.stop(),
    );
    const people = await RunningDex.start(dex, identity, {
      folder: join(this.folder, 'dex'),
      namespace: this.names.identity,
      cluster: this.cluster,
      api: forDex.url,
    });
    this.#stops.push(() => people.stop());
    this.#people = people;
    await this.#open(people, options);
  }

  /** Front door, hub, proxy, and whatever plays the sessions. */
  async #open(people: RunningDex, { play = 'each', secrets = {} }: RunOptions): Promise<void> {
    const { openssl, jupyterhub } = this.parts;
    const authority = await Authority.make(openssl);
    const ca = join(this.folder, 'ca.crt');
    writeFileSync(ca, authority.certificate);
    const door = await FrontDoor.start(await authority.sign(...Object.values(HOSTS)), {
      [HOSTS.login]: people.url,
      [HOSTS.hub]: `http://${this.#address('proxy')}:8000`,
    });
    authority.clear();
    this.#door = door;
    this.#stops.push(() => door.stop());
    const token = ['create', 'token', 'hub', '-n', this.names.notebooks];
    this.#hub = new RunningHub(this.tree, {
      folder: this.folder,
      jupyterhub,
      addresses: {
        hub: this.#address('hub'),
        proxy: this.#address('proxy'),
        sessions: this.#address('sessions'),
      },
      api: {
        ...(play === 'crowd' ? this.cluster.server : { url: there(this.#api).url }),
        token: (await this.cluster.kubectl(token)).trim(),
      },
      names: { [HOSTS.login]: ['127.0.0.1', door.port] },
      env: { SSL_CERT_FILE: ca },
      secrets: { [LOGIN]: CLIENT_SECRET, ...secrets },
    });
    this.#stops.push(() => this.#hub?.stop());
    await this.#hub.startProxy();
    await this.#hub.startHub();
    await this.#play(play);
  }

  async #play(play: SessionPlay): Promise<void> {
    const folder = join(this.folder, 'sessions');
    mkdirSync(folder);
    const place = {
      namespace: this.names.notebooks,
      python: join(this.parts.jupyterhub, 'bin', 'python'),
      folder,
      address: this.#address('sessions'),
    };
    switch (play) {
      case 'each':
        this.#sessions = await SessionNode.start(this.cluster, place);
        break;
      case 'crowd':
        this.#crowd = await SessionCrowd.start({ ...place, kubeconfig: this.cluster.kubeconfig });
        break;
    }
    this.#stops.push(
      () => this.#sessions?.stop(),
      () => this.#crowd?.stop(),
    );
  }

  /** Everything but what runs as processes here. */
  async #deploy(rendered: Synthesized['objects']): Promise<void> {
    const objects: Manifest[] = JSON.parse(JSON.stringify(rendered));
    const { notebooks, identity, disk } = this.names;
    this.#stops.push(() => this.#remove());
    const first = objects.filter(({ kind }) => kind === 'Namespace');
    await this.cluster.apply([
      ...first,
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: disk },
        provisioner: 'test.beamline/disk',
      },
    ]);
    // No Prometheus operator is here.
    const left = ['Namespace', 'Deployment', 'ServiceMonitor', 'PrometheusRule'];
    await this.cluster.apply([
      ...objects.filter(({ kind }) => !left.includes(kind)),
      ...boundShare(notebooks),
    ]);
    const kinds = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
    const listed = (): Promise<boolean> =>
      this.cluster
        .kubectl(['get', kinds.map(({ metadata }) => metadata.name).join(','), '-n', identity])
        .then(
          () => true,
          () => false,
        );
    await until(listed, 'what Dex keeps could not be listed', 60_000);
  }

  /** A loopback address of this test run, in place of a pod's. */
  #address(pod: 'hub' | 'proxy' | 'sessions'): string {
    const last = 10 + 3 * (this.#number % 70) + ['hub', 'proxy', 'sessions'].indexOf(pod);
    return `127.${1 + ((PID >> 8) % 254)}.${PID % 256}.${last}`;
  }

  async #remove(): Promise<void> {
    const { notebooks, identity, disk } = this.names;
    const gone = ['--ignore-not-found', '--wait=false'];
    await this.cluster.kubectl(['delete', 'namespace', notebooks, identity, ...gone]);
    await this.cluster.kubectl(['delete', 'storageclass', disk, ...gone]);
    await this.cluster.kubectl(['delete', 'pv', `${notebooks}-cvmfs`, ...gone]);
  }
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the site was not started');
  return value;
}
