import type { ContainerProps } from '../kit/containers';
import { mebibytes } from '../kit/quantity';
import { imageRef, IMAGES } from '../versions';
import {
  objectsMiB,
  PROXY_CACHE,
  PROXY_CONFIG,
  PROXY_PORT,
  proxyProbes,
  type ProxyProgram,
} from './proxy-program';
import type { CvmfsProxyProps } from './proxy-props';
import { varnishVcl } from './varnish-vcl';

const CACHE = '/var/cache/varnish';
const VCL = '/etc/varnish/beamline.vcl';
/** Where it compiles its VCL and keeps its counters. */
const WORK = '/var/lib/varnish';
/** Memory for what is not kept, in MiB. */
const TRANSIENT_MIB = 256;

/** Varnish, whose objects are in a file that it maps into memory. */
export function varnish(props: CvmfsProxyProps): ProxyProgram {
  const { clients, destinations, destinationPorts = [80, 8000] } = props;
  return {
    name: 'varnish',
    version: IMAGES.varnish.tag,
    files: { 'beamline.vcl': varnishVcl({ clients, destinations, destinationPorts }) },
    initContainers: [],
    containers: [server(props)],
    metrics: false,
  };
}

function server({ memoryMiB = 1024, cpu = '500m', cache }: CvmfsProxyProps): ContainerProps {
  // What is in memory of the file, about 1 KiB for each object on disk of 16 KiB or more, and Varnish itself.
  const memory = memoryMiB + Math.ceil(objectsMiB(cache.sizeGiB) / 16) + TRANSIENT_MIB + 128;
  return {
    name: 'varnish',
    image: imageRef(IMAGES.varnish),
    command: [
      ...['/usr/sbin/varnishd', '-F', '-j', 'none', '-n', WORK, '-f', VCL],
      // Nobody commands it: a new configuration is a new pod.
      ...['-a', `proxy=:${PROXY_PORT}`, '-T', 'none'],
      ...['-s', `cache=file,${CACHE}/objects,${objectsMiB(cache.sizeGiB)}M`],
      ...['-s', `Transient=malloc,${TRANSIENT_MIB}M`],
    ],
    mounts: [
      { ...PROXY_CONFIG, mountPath: VCL, subPath: 'beamline.vcl' },
      { ...PROXY_CACHE, mountPath: CACHE },
    ],
    scratch: { [WORK]: '256Mi', '/tmp': '16Mi' },
    ports: { proxy: PROXY_PORT },
    resources: { cpu, memory: mebibytes(memory), memoryLimit: mebibytes(2 * memory) },
    probes: proxyProbes(),
  };
}
