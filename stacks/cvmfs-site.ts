import type { App } from 'cdk8s';

import type { IFileShare, IStorageClass } from '../constructs/contracts';
import type { ExportImage } from '../constructs/cvmfs/export-props';
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
  /** NFS servers, at least and at most. */
  readonly replicas: { readonly min: number; readonly max: number };
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
  /** @default 'none' */
  readonly monitoring?: Monitoring;
  /** @default [] - nobody */
  readonly monitoringNamespaces?: readonly string[];
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
    this.proxies = new CvmfsProxyStack(app, `${id}Proxy`, {
      ...watched,
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
        scale: { kind: 'auto', ...props.replicas, cpuPercent: 60 },
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

function repositoriesOf({ repositories, stratumOnes }: CvmfsSiteProps): CvmfsRepository[] {
  return repositories.map(({ name, keys, tag }) => ({
    name,
    keys: { from: 'image', directory: keys },
    servers: stratumOnes.map((host) => `http://${host}:8000/cvmfs/@fqrn@`),
    ...(tag === undefined ? {} : { tag }),
  }));
}
