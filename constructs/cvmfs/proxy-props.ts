import type { IStorageClass } from '../contracts';
import type { Autoscaling } from '../kit/autoscaler';
import type { Monitoring } from '../kit/monitoring';

/** The proxies between a site's CVMFS clients and the Stratum-1 servers. */
export interface CvmfsProxyProps {
  /**
   * Which program proxies. Varnish answers from more cores than Squid's one; it needs every server by its name, learns the
   * servers' addresses once, when it starts, loses its objects with every restart, and tells Prometheus nothing.
   *
   * @default 'squid'
   */
  readonly program?: 'squid' | 'varnish';
  /** Networks of the clients as the proxies see them, those of pods and nodes, in CIDR notation. All others are refused. */
  readonly clients: readonly string[];
  /** Namespaces whose pods may ask: those of the export, of the CSI driver, of jobs with cvmfsexec. */
  readonly namespaces: readonly string[];
  /** Host names of Stratum-1 servers, or `.example.org` for all below a domain; see `serversOf`. Nothing else is fetched. */
  readonly destinations: readonly string[];
  /**
   * TCP ports of the destinations.
   *
   * @default [80, 8000]
   */
  readonly destinationPorts?: readonly number[];
  /** How many proxies there are: a number, or as their CPU asks for. */
  readonly scale: { readonly replicas: number } | Autoscaling;
  /** Objects on disk. */
  readonly cache: {
    readonly sizeGiB: number;
    /**
     * Class of a claim for each proxy.
     *
     * @default - the node's disk, empty after every start
     */
    readonly storageClass?: IStorageClass;
  };
  /**
   * Objects in memory, in MiB. The documentation of CVMFS advises all that can be spared. Varnish leaves it to the
   * kernel what of its file is in memory, so that there it is what is requested.
   *
   * @default 1024
   */
  readonly memoryMiB?: number;
  /**
   * CPU that a proxy requests. Squid works on one core.
   *
   * @default '500m'
   */
  readonly cpu?: string;
  /**
   * Domain of the cluster's names.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;
  /**
   * How metrics are collected.
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
