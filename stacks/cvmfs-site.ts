import type { App } from 'cdk8s';

import type { IFileShare, IStorageClass } from '../constructs/contracts';
import type { ExportImage, ExportOperations, ExportScale } from '../constructs/cvmfs/export-props';
import type { CvmfsProxyProps } from '../constructs/cvmfs/proxy-props';
import type { CvmfsRepository } from '../constructs/cvmfs/repository';
import type { Monitoring } from '../constructs/kit/monitoring';
import { CvmfsProxyStack } from './cvmfs-proxy-stack';
import { CvmfsShareStack } from './cvmfs-share-stack';
import { CvmfsStack } from './cvmfs-stack';

/** CVMFS of a whole site: proxies, the NFS tier behind them, and the shares of every namespace. */
export interface CvmfsSiteProps {
  /** Why the site lets the NFS servers be privileged. */
  readonly consent: string;
  readonly image: ExportImage;
  /** Pinned address of the tier, in the range of Services. */
  readonly address: string;
  /** Range of Services, in CIDR notation. */
  readonly serviceNetwork: string;
  /** Networks of the nodes, in CIDR notation. */
  readonly nodeNetworks: readonly string[];
  /** Networks of the pods, in CIDR notation. */
  readonly podNetworks: readonly string[];
  readonly replicas: SiteReplicas;
  /** @default - Squid */
  readonly proxies?: SiteProxies | undefined;
  /** Cache of each NFS server, in GiB. */
  readonly cacheGiB: number;
  /** What a client keeps in its cache, in MiB. */
  readonly quotaMiB: number;
  /** Maps of inodes: a class that many nodes can write to and that has POSIX locks. */
  readonly maps: { readonly storageClass: IStorageClass; readonly sizeGiB: number };
  /** Host names of Stratum-1 servers, which listen on 8000. */
  readonly stratumOnes: readonly string[];
  readonly repositories: readonly {
    readonly name: string;
    /** Directory of the image that has the public keys: `/etc/cvmfs/keys/cern.ch`. */
    readonly keys: string;
    /** @default - the newest revision */
    readonly tag?: string | undefined;
    /** Namespaces that get it. */
    readonly readers: readonly string[];
  }[];
  /**
   * How metrics and alerts are collected, of the servers and of the proxies. Varnish has no metrics, so that with it the
   * servers alone are watched.
   *
   * @default 'none'
   */
  readonly monitoring?: Monitoring;
  /**
   * Namespaces whose pods may read the metrics.
   *
   * @default [] - nobody
   */
  readonly monitoringNamespaces?: readonly string[];
}

/** How many NFS servers a site has: as many as keep their CPU at 60 % of what they request. */
export interface SiteReplicas {
  /** At least, from 2. */
  readonly min: number;
  /** At most. Each needs a node of its own. */
  readonly max: number;
  /**
   * Calls per second of one server above which servers are added as well.
   *
   * @default - CPU alone decides
   */
  readonly operations?: ExportOperations | undefined;
}

/** What stands between the servers of a site and the Stratum-1 servers. */
export interface SiteProxies {
  /**
   * Squid, or Varnish, which uses all cores, forgets its objects with every restart, and learns the addresses of the
   * Stratum-1 servers when it starts.
   *
   * @default 'squid'
   */
  readonly program?: CvmfsProxyProps['program'] | undefined;
}

/** Wires the stacks of a site's CVMFS together. */
export class CvmfsSite {
  public readonly proxies: CvmfsProxyStack;
  public readonly cvmfs: CvmfsStack;
  /** What each namespace reads. */
  public readonly shares: ReadonlyMap<string, CvmfsShareStack>;

  constructor(app: App, id: string, props: CvmfsSiteProps) {
    const { monitoring = 'none', monitoringNamespaces = [] } = props;
    const watched = { monitoring, monitoringNamespaces };
    const program = props.proxies?.program ?? 'squid';
    this.proxies = new CvmfsProxyStack(app, `${id}Proxy`, {
      ...(program === 'varnish' ? {} : watched),
      program,
      clients: [...props.podNetworks, ...props.nodeNetworks],
      namespaces: ['cvmfs'],
      destinations: props.stratumOnes,
      destinationPorts: [8000],
      scale: { min: 2, max: 6, cpuPercent: 70 },
      cache: { sizeGiB: 100 },
      memoryMiB: 4096,
    });
    this.cvmfs = new CvmfsStack(app, id, {
      repositories: {
        repositories: repositoriesOf(props),
        httpProxy: this.proxies.httpProxy,
        shardProxies: true,
        quotaMiB: props.quotaMiB,
      },
      tier: {
        ...watched,
        consent: props.consent,
        image: props.image,
        scale: scaleOf(props.replicas),
        maps: { kind: 'class', ...props.maps },
        cache: { sizeGiB: props.cacheGiB },
        address: { clusterIp: props.address, serviceNetwork: props.serviceNetwork },
        clients: { nodeNetworks: props.nodeNetworks, podNetworks: props.podNetworks },
      },
    });
    this.cvmfs.addDependency(this.proxies);
    this.shares = this.sharesOf(app, id, props);
  }

  /** The shares of a namespace, each to be mounted under `/cvmfs`; none where it reads nothing. */
  public mountsIn(namespace: string): { share: IFileShare; mountPath: string }[] {
    return [...(this.shares.get(namespace)?.shares ?? [])].map(([name, share]) => ({
      share,
      mountPath: `/cvmfs/${name}`,
    }));
  }

  private sharesOf(app: App, id: string, props: CvmfsSiteProps): Map<string, CvmfsShareStack> {
    const namespaces = [...new Set(props.repositories.flatMap(({ readers }) => readers))];
    return new Map(
      namespaces.map((namespace) => {
        const repositories = props.repositories
          .filter(({ readers }) => readers.includes(namespace))
          .map(({ name }) => name);
        const share = { tier: this.cvmfs.tier, namespace, repositories };
        return [namespace, new CvmfsShareStack(app, `${id}-${namespace}`, share)];
      }),
    );
  }
}

function scaleOf({ min, max, operations }: SiteReplicas): ExportScale {
  return {
    kind: 'auto',
    min,
    max,
    cpuPercent: 60,
    ...(operations === undefined ? {} : { operations }),
  };
}

function repositoriesOf({ repositories, stratumOnes }: CvmfsSiteProps): CvmfsRepository[] {
  return repositories.map(({ name, keys, tag }) => ({
    name,
    keys: { from: 'image', directory: keys },
    servers: stratumOnes.map((host) => `http://${host}:8000/cvmfs/@fqrn@`),
    ...(tag === undefined ? {} : { tag }),
  }));
}
