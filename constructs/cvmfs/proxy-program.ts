import type { ContainerProps, TaskProps } from '../kit/containers';

/** TCP port of the proxies, which `CVMFS_HTTP_PROXY` names. */
export const PROXY_PORT = 3128;
/** TCP port of the metrics of a proxy. */
export const PROXY_METRICS_PORT = 9301;
/** Name of the proxies: of their pods, their Service and their configuration. */
export const PROXY_NAME = 'cvmfs-proxy';
/** Volume of the configuration. */
export const PROXY_CONFIG = { name: 'config', readOnly: true } as const;
/** Volume of the objects. */
export const PROXY_CACHE = { name: 'cache' } as const;

/** A program that proxies, as a pod runs it. */
export interface ProxyProgram {
  /** What it is called. */
  readonly name: string;
  /** Version of its image. */
  readonly version: string;
  /** Its configuration, by the name of the file. */
  readonly files: Readonly<Record<string, string>>;
  readonly initContainers: readonly TaskProps[];
  readonly containers: readonly ContainerProps[];
  /** Whether a container beside it tells Prometheus what it does. */
  readonly metrics: boolean;
}

/** Disk for objects, in MiB. What a program keeps beside objects must fit as well. */
export function objectsMiB(cacheGiB: number): number {
  return Math.floor(cacheGiB * 1024 * 0.8);
}

/** How the kubelet asks a proxy; it reads its index first. */
export function proxyProbes(): ContainerProps['probes'] {
  const listens = { tcpSocket: { port: 'proxy' } };
  return {
    readiness: { ...listens, periodSeconds: 2 },
    liveness: { ...listens, periodSeconds: 10 },
    startup: { ...listens, periodSeconds: 2, failureThreshold: 150 },
  };
}
