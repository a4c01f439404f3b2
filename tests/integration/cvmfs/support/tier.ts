import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomInt } from 'node:crypto';

import type { ExportTiming } from '../../../../constructs/cvmfs/export-props';
import { Balancer } from './balancer';
import { Reader, type Account, type ReaderMode } from './reader';
import { NAME, renderedTier } from './rendered';
import { Replica } from './replica';
import type { Settings } from './settings';
import { writeTree, type TreeShape } from './tree';

/** How a tier is built for a trial. */
export interface TierShape {
  readonly replicas: number;
  readonly tree: TreeShape;
  /** `shared`: as CVMFS_NFS_SHARED. `private`: each replica numbers inodes in the order in which it is asked. */
  readonly maps: 'shared' | 'private';
  /**
   * Library that is preloaded into the server.
   *
   * @default - that of the image
   */
  readonly guard?: string;
  /**
   * Networks that may mount.
   *
   * @default ['127.0.0.0/8']
   */
  readonly clients?: readonly string[];
  /**
   * Shell command with which a replica brings its revision up to date; `$0` is the file that has it.
   *
   * @default 'true'
   */
  readonly refresh?: string;
  /**
   * What is to be different from what the construct renders.
   *
   * @default {}
   */
  readonly timing?: ExportTiming;
}

/** Which reader reads what. */
export interface ReadOptions {
  /** @default - the balancer's */
  readonly address?: string;
  /**
   * Calls under way at a time.
   *
   * @default 2
   */
  readonly depth?: number;
  /**
   * File with the paths.
   *
   * @default - all files
   */
  readonly list?: string;
  /**
   * Directory of this machine to read instead, with the address `-`.
   *
   * @default - the mount of the repository
   */
  readonly directory?: string;
}

/** Some export servers, a balancer before them, and whoever reads: all on loopback addresses of their own. */
export class Tier {
  readonly settings: Settings;
  readonly replicas: readonly Replica[];
  readonly balancer: Balancer;
  readonly tree: string;
  readonly list: string;
  readonly #readers: Reader[] = [];

  constructor(shape: TierShape, parts: Settings['parts']) {
    const folder = mkdtempSync(join(tmpdir(), 'beamline-cvmfs-'));
    // Nobody else uses this network of 256 addresses, so that ports need not be looked for.
    const network = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
    this.tree = join(folder, 'tree');
    this.list = join(folder, 'list');
    writeTree(this.tree, this.list, shape.tree);
    const shared = join(folder, 'shared');
    for (const directory of [shared, join(folder, 'cvmfs', NAME)])
      mkdirSync(directory, { recursive: true });
    this.settings = {
      folder,
      rendered: renderedTier(),
      mount: join(folder, 'cvmfs', NAME),
      clients: shape.clients ?? ['127.0.0.0/8'],
      ports: { nfs: 12_049, health: 18_080 },
      timing: shape.timing ?? {},
      shared,
      treeOf: () => this.tree,
      mapOf: (name) =>
        join(
          shape.maps === 'shared' ? shared : folder,
          shape.maps === 'shared' ? 'inode_maps.db' : `${name}.db`,
        ),
      refresh: shape.refresh ?? 'true',
      parts: { ...parts, guard: shape.guard ?? parts.guard },
    };
    this.replicas = Array.from(
      { length: shape.replicas },
      (_, i) => new Replica(this.settings, `cvmfs-nfs-${i}`, `${network}.${11 + i}`),
    );
    this.balancer = new Balancer(this.settings, `${network}.10`, this.replicas);
  }

  /** Starts the replicas and the balancer. */
  async start(replicas: readonly Replica[] = this.replicas): Promise<void> {
    await Promise.all(replicas.map((replica) => replica.start()));
    await this.balancer.start();
    await Promise.all(replicas.map((replica) => this.balancer.sees(replica, true)));
  }

  /** A client of the tier. */
  async read(mode: ReaderMode, options: ReadOptions = {}): Promise<Reader> {
    const reader = new Reader({
      settings: this.settings,
      address: options.address ?? this.balancer.address,
      mode,
      tree: this.tree,
      list: options.list ?? this.list,
      ...(options.depth === undefined ? {} : { depth: options.depth }),
      ...(options.directory === undefined ? {} : { directory: options.directory }),
    });
    this.#readers.push(reader);
    await reader.ready();
    return reader;
  }

  /**
   * Starts the replicas that have ended by themselves, as the kubelet does, and answers how many. On a busy machine a server
   * may be taken for hung.
   */
  async mend(): Promise<number> {
    const ended = this.replicas.filter((replica) => !replica.running());
    for (const replica of ended) {
      await replica.start();
      await this.balancer.sees(replica, true);
    }
    return ended.length;
  }

  /** The replica with most clients: the one whose loss is felt. */
  async busiest(): Promise<Replica> {
    const counted = await Promise.all(
      this.replicas.map(async (replica) => ({
        replica,
        connections: await this.balancer.connections(replica),
      })),
    );
    const [first] = counted.sort((a, b) => b.connections - a.connections);
    if (first === undefined || first.connections === 0) throw new Error('no replica has clients');
    return first.replica;
  }

  /** Ends everything and removes what was written. */
  async stop(): Promise<void> {
    for (const reader of this.#readers) reader.kill();
    this.balancer.stop();
    for (const replica of this.replicas) replica.killAll();
    await Promise.all(this.replicas.map((replica) => replica.ended()));
    rmSync(this.settings.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** The sums over some accounts. */
export function sumOf(accounts: readonly Account[], field: keyof Omit<Account, 'event'>): number {
  return accounts.reduce((sum, account) => sum + account[field], 0);
}
