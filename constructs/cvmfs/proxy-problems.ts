import { openToProblems } from './networks';
import type { CvmfsProxyProps } from './proxy-props';

const DESTINATION =
  /^\.?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** What is wrong with proxies, one message each. */
export function problemsIn(props: CvmfsProxyProps): string[] {
  const { namespaces, destinations, cache, memoryMiB = 1024, cpu = '500m' } = props;
  return [
    ...openToProblems('clients', props.clients, 'clients'),
    ...(namespaces.length > 0
      ? []
      : [`'namespaces' must name at least one namespace whose pods may ask, got none`]),
    ...namespaces.flatMap((name) =>
      NAMESPACE.test(name) ? [] : [`'namespaces' must be names of namespaces, got '${name}'`],
    ),
    ...(destinations.length > 0
      ? []
      : [
          `'destinations' must name at least one Stratum-1 server, got none: nothing could be fetched`,
        ]),
    ...destinations.flatMap((name) =>
      DESTINATION.test(name)
        ? []
        : [
            `'destinations' must be host names, or domains such as '.example.org', got '${name}'; the proxies fetch from nowhere else`,
          ],
    ),
    ...(props.destinationPorts ?? []).flatMap((port) =>
      Number.isInteger(port) && port > 0 && port < 65536
        ? []
        : [`'destinationPorts' must be TCP ports, got '${port}'`],
    ),
    ...(props.program === 'varnish' ? varnishProblems(props) : []),
    ...scaleProblems(props.scale),
    ...(cache.sizeGiB >= 1 && Number.isFinite(cache.sizeGiB)
      ? []
      : [`'cache.sizeGiB' must be at least 1, got '${cache.sizeGiB}'`]),
    ...(cache.storageClass === undefined || cache.storageClass.accessModes.includes('ReadWriteOnce')
      ? []
      : [
          `'cache.storageClass' must be of volumes for one node (ReadWriteOnce), got '${cache.storageClass.className}'`,
        ]),
    ...(Number.isInteger(memoryMiB) && memoryMiB >= 64
      ? []
      : [`'memoryMiB' must be a whole number from 64, got '${memoryMiB}'`]),
    ...(/^(0*[1-9]\d*m?|\d*\.\d*[1-9]\d*)$/.test(cpu)
      ? []
      : [
          `'cpu' must be what a proxy requests, '500m', got '${cpu}': the autoscaler measures use in percent of it`,
        ]),
  ];
}

function varnishProblems(props: CvmfsProxyProps): string[] {
  const { destinations, monitoring = 'none', monitoringNamespaces = [] } = props;
  return [
    ...destinations.flatMap((name) =>
      name.startsWith('.')
        ? [
            `'destinations' must be host names for Varnish, which knows no domains, got '${name}'; name every Stratum-1 server, or take 'squid'`,
          ]
        : [],
    ),
    ...(monitoring === 'none' && monitoringNamespaces.length === 0
      ? []
      : [
          `'monitoring' and 'monitoringNamespaces' must be left out for Varnish: no image of an exporter is published by its makers; take 'squid', or watch the CPU of the pods`,
        ]),
  ];
}

function scaleProblems(scale: CvmfsProxyProps['scale']): string[] {
  if ('replicas' in scale) {
    return Number.isInteger(scale.replicas) && scale.replicas > 0
      ? []
      : [`'scale.replicas' must be a whole number from 1, got '${scale.replicas}'`];
  }
  const { min, max, cpuPercent } = scale;
  return [
    ...(Number.isInteger(min) && min > 0
      ? []
      : [`'scale.min' must be a whole number from 1, got '${min}'`]),
    ...(Number.isInteger(max) && max > min
      ? []
      : [`'scale.max' must be a whole number above 'scale.min' (${min}), got '${max}'`]),
    ...(cpuPercent > 0 ? [] : [`'scale.cpuPercent' must be above 0, got '${cpuPercent}'`]),
  ];
}
