import { httpProbe, type ContainerProps, type TaskProps } from '../kit/containers';
import { mebibytes } from '../kit/quantity';
import { imageRef, IMAGES } from '../versions';
import {
  objectsMiB,
  PROXY_CACHE,
  PROXY_CONFIG,
  PROXY_METRICS_PORT,
  PROXY_NAME,
  PROXY_PORT,
  proxyProbes,
  type ProxyProgram,
} from './proxy-program';
import type { CvmfsProxyProps } from './proxy-props';
import { squidConf } from './squid-conf';

const CACHE = '/var/cache/squid';
const CONF = '/etc/squid/squid.conf';

/** Squid, with an exporter of its metrics. */
export function squid(props: CvmfsProxyProps): ProxyProgram {
  return {
    name: 'squid',
    version: IMAGES.squid.tag,
    files: { 'squid.conf': conf(props) },
    initContainers: [prepare()],
    containers: [server(props), exporter()],
    metrics: true,
  };
}

function conf({
  clients,
  destinations,
  destinationPorts,
  memoryMiB,
  cache,
}: CvmfsProxyProps): string {
  return squidConf({
    port: PROXY_PORT,
    clients,
    destinations,
    destinationPorts: destinationPorts ?? [80, 8000],
    memoryMiB: memoryMiB ?? 1024,
    diskMiB: objectsMiB(cache.sizeGiB),
    cacheDirectory: CACHE,
    runDirectory: '/run',
    visibleName: PROXY_NAME,
  });
}

function files(): Pick<ContainerProps, 'image' | 'mounts' | 'scratch'> {
  return {
    image: imageRef(IMAGES.squid),
    mounts: [
      { ...PROXY_CONFIG, mountPath: CONF, subPath: 'squid.conf' },
      { ...PROXY_CACHE, mountPath: CACHE },
    ],
    scratch: { '/run': '16Mi', '/tmp': '16Mi' },
  };
}

/** Makes the directories of an empty cache. */
function prepare(): TaskProps {
  return {
    ...files(),
    name: 'prepare',
    command: ['/usr/sbin/squid', '-N', '-z', '-f', CONF],
    resources: { cpu: '50m', memory: '128Mi' },
  };
}

function server({ memoryMiB = 1024, cpu = '500m', cache }: CvmfsProxyProps): ContainerProps {
  // Objects in memory, 14 MiB for the index of a GiB on disk, and Squid itself. See https://wiki.squid-cache.org/SquidFaq/SquidMemory
  const memory = memoryMiB + Math.ceil(14 * cache.sizeGiB) + 256;
  return {
    ...files(),
    name: 'squid',
    command: ['/usr/sbin/squid', '-N', '-d', '1', '-f', CONF],
    ports: { proxy: PROXY_PORT },
    resources: { cpu, memory: mebibytes(memory), memoryLimit: mebibytes(2 * memory) },
    probes: proxyProbes(),
  };
}

function exporter(): ContainerProps {
  return {
    name: 'metrics',
    image: imageRef(IMAGES.squidExporter),
    env: [
      { name: 'SQUID_EXPORTER_LISTEN', value: `:${PROXY_METRICS_PORT}` },
      { name: 'SQUID_HOSTNAME', value: 'localhost' },
      { name: 'SQUID_PORT', value: String(PROXY_PORT) },
    ],
    ports: { metrics: PROXY_METRICS_PORT },
    resources: { cpu: '10m', memory: '32Mi', memoryLimit: '64Mi' },
    probes: { readiness: httpProbe('metrics', '/'), liveness: httpProbe('metrics', '/') },
  };
}
