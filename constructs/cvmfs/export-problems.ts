import { isIPv4 } from 'node:net';

import { lt, valid } from 'semver';

import type { Target } from '../targets';
import {
  leastReplicas,
  mostReplicas,
  timingOf,
  type CvmfsExportProps,
  type ExportOperations,
  type ExportScale,
} from './export-props';
import { openToProblems, serviceAddressProblems } from './networks';

/** Shared maps of inodes were broken in 2.10.0: https://github.com/cvmfs/cvmfs/issues/3150 */
const OLDEST_CVMFS = '2.10.1';
/** What NFS mode refuses when it mounts, or what shared maps do not know. */
const NOT_WITH_NFS: Readonly<Record<string, string>> = {
  CVMFS_ALIEN_CACHE: 'the maps must be beside a cache of its own',
  CVMFS_WORKSPACE: 'the workspace must be the cache directory',
  CVMFS_NFS_INTERLEAVED_INODES: 'shared maps number inodes themselves',
  CVMFS_CACHE_PRIMARY: 'only the default cache manager knows NFS',
};

/** What is wrong with a tier on its target, one message each. */
export function problemsIn(target: Target, props: CvmfsExportProps): string[] {
  const { repositories, address, clients, image, consent } = props;
  return [
    ...(consent.trim() === ''
      ? [`'consent' must say why the site lets the servers be privileged, got nothing`]
      : []),
    ...imageProblems(image),
    ...scaleProblems(target, props.scale),
    ...requestProblems(props),
    ...mapProblems(props),
    ...cacheProblems(props),
    ...Object.entries(NOT_WITH_NFS).flatMap(([setting, why]) =>
      repositories.settings[setting] === undefined
        ? []
        : [
            `'repositories' must not set '${setting}' for clients that are a source of NFS: ${why}; make another catalogue for this tier`,
          ],
    ),
    ...serviceAddressProblems(address.clusterIp, address.serviceNetwork),
    ...(address.loadBalancer === undefined
      ? []
      : [
          ...(isIPv4(address.loadBalancer.ip)
            ? []
            : [
                `'address.loadBalancer.ip' must be an IPv4 address, got '${address.loadBalancer.ip}'`,
              ]),
          ...openToProblems(
            'address.loadBalancer.sources',
            address.loadBalancer.sources,
            'clients',
          ),
        ]),
    ...openToProblems('clients.nodeNetworks', clients.nodeNetworks, 'nodes'),
    ...(clients.podNetworks === undefined
      ? []
      : openToProblems('clients.podNetworks', clients.podNetworks, 'pods')),
    ...timingProblems(props),
    ...whole("'connections'", props.connections ?? 1, 1, 16),
  ];
}

function imageProblems({ repository, tag, cvmfs }: CvmfsExportProps['image']): string[] {
  return [
    ...(/^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9._-]+)+$/.test(repository)
      ? []
      : [`'image.repository' must be registry and repository without tag, got '${repository}'`]),
    ...(/^v?\d[\w.-]*$/.test(tag)
      ? []
      : [`'image.tag' must be an exact version, got '${tag}'; a moving tag would mix servers`]),
    ...(valid(cvmfs) === null
      ? [
          `'image.cvmfs' must be the version of the CVMFS client in the image, '2.12.7', got '${cvmfs}'`,
        ]
      : lt(cvmfs, OLDEST_CVMFS)
        ? [
            `'image.cvmfs' must be ${OLDEST_CVMFS} or later, got '${cvmfs}': shared maps of inodes are broken before; build the image with a newer client`,
          ]
        : []),
  ];
}

function scaleProblems(target: Target, scale: ExportScale): string[] {
  if (scale.kind === 'fixed') return whole("'scale.replicas'", scale.replicas, 1, 64);
  return [
    ...whole("'scale.min'", scale.min, 2, 64),
    ...(scale.max > scale.min && Number.isInteger(scale.max)
      ? []
      : [
          `'scale.max' must be a whole number above 'scale.min' (${scale.min}), got '${scale.max}'`,
        ]),
    ...whole("'scale.cpuPercent'", scale.cpuPercent, 1, 1000),
    ...whole("'scale.calmSeconds'", scale.calmSeconds ?? 1800, 0, 3600),
    ...(scale.calmSeconds === undefined
      ? []
      : target.problemsOf("'scale.calmSeconds'", 'hpa-behavior')),
    ...(scale.operations === undefined
      ? []
      : [
          ...operationsProblems(scale.operations),
          ...target.problemsOf("'scale.operations'", 'hpa-metrics'),
        ]),
  ];
}

function operationsProblems({ metric, perReplica, adapter }: ExportOperations): string[] {
  return [
    ...(adapter.trim() === ''
      ? [
          `'scale.operations.adapter' must name what serves custom.metrics.k8s.io in the cluster, got nothing: without it the metric is never known; install prometheus-adapter, or leave 'scale.operations' out`,
        ]
      : []),
    ...(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(metric)
      ? []
      : [
          `'scale.operations.metric' must be the name of a metric, 'beamline_cvmfs_nfs_calls_per_second', got '${metric}'`,
        ]),
    ...(/_total$/.test(metric)
      ? [
          `'scale.operations.metric' must be a rate, got '${metric}': a counter never falls, so that no server would be taken away; have the adapter serve its rate`,
        ]
      : []),
    ...(perReplica > 0 && Number.isFinite(perReplica)
      ? []
      : [`'scale.operations.perReplica' must be above 0 calls per second, got '${perReplica}'`]),
  ];
}

/** Use in percent of nothing is unknown, so an autoscaler would never act. */
function requestProblems({ scale, resources }: CvmfsExportProps): string[] {
  if (scale.kind === 'fixed' || resources === undefined) return [];
  return /^(0*[1-9]\d*m?|\d*\.\d*[1-9]\d*)$/.test(resources.cpu)
    ? []
    : [
        `'resources.cpu' must be what a server requests, got '${resources.cpu}': the autoscaler measures use in percent of it; request at least '100m'`,
      ];
}

function mapProblems({ maps, scale }: CvmfsExportProps): string[] {
  switch (maps.kind) {
    case 'private':
      return mostReplicas(scale) === 1
        ? []
        : [
            `'maps' must be shared when there is more than one server (${leastReplicas(scale)} to ${mostReplicas(scale)}), got 'private': the same handle would open another file on each; give a class or a share that many nodes can write to`,
          ];
    case 'share':
      return maps.share.readOnly
        ? [
            `'maps.share' must be writable, got '${maps.share.claimName}', which is read-only: every path that is first asked for is written into the maps`,
          ]
        : [];
    case 'class':
      return [
        ...(maps.storageClass.accessModes.includes('ReadWriteMany')
          ? []
          : [
              `'maps.storageClass' must be of volumes that many nodes can write to (ReadWriteMany), got '${maps.storageClass.className}' with ${maps.storageClass.accessModes.join(', ')}; use CephFS`,
            ]),
        ...(maps.sizeGiB > 0
          ? []
          : [`'maps.sizeGiB' must be more than 0, got '${maps.sizeGiB}'; 50 million paths take 8`]),
      ];
  }
}

function cacheProblems({ cache, repositories }: CvmfsExportProps): string[] {
  const needed = Math.ceil((repositories.quotaMiB * 1.2) / 1024);
  return [
    ...(cache.sizeGiB >= needed
      ? []
      : [
          `'cache.sizeGiB' must hold the quota of ${repositories.quotaMiB} MiB and a fifth more, at least ${needed}, got '${cache.sizeGiB}'`,
        ]),
    ...(cache.storageClass === undefined || cache.storageClass.accessModes.includes('ReadWriteOnce')
      ? []
      : [
          `'cache.storageClass' must be of volumes for one node (ReadWriteOnce), got '${cache.storageClass.className}'`,
        ]),
  ];
}

function timingProblems(props: CvmfsExportProps): string[] {
  const timing = timingOf(props.timing);
  return [
    ...whole("'timing.leaseSeconds'", timing.leaseSeconds, 5, 120),
    ...(props.server === 'kernel' && timing.leaseSeconds < 10
      ? [
          `'timing.leaseSeconds' must be at least 10 for the kernel server, got '${timing.leaseSeconds}'`,
        ]
      : []),
    ...whole("'timing.graceSeconds'", timing.graceSeconds, 0, 180),
    ...whole("'timing.drainSeconds'", timing.drainSeconds, 1, 300),
    ...whole("'timing.checkIntervalSeconds'", timing.checkIntervalSeconds, 1, 60),
    ...whole("'timing.statTimeoutSeconds'", timing.statTimeoutSeconds, 1, 60),
    ...whole("'timing.revisionToleranceSeconds'", timing.revisionToleranceSeconds, 0, 86_400),
  ];
}

function whole(field: string, value: number, least: number, most: number): string[] {
  return Number.isInteger(value) && value >= least && value <= most
    ? []
    : [`${field} must be a whole number from ${least} to ${most}, got '${value}'`];
}
