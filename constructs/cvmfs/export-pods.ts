import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Volume, VolumeMount } from 'kubernetes-types/core/v1';

import { httpProbe, listed, type ContainerProps } from '../kit/containers';
import { labelsOf, type Part } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { gibibytes } from '../kit/quantity';
import { statefulSet } from '../kit/stateful-set';
import { targetOf } from '../targets';
import { leastReplicas, timingOf, type CvmfsExportProps } from './export-props';
import { KERNEL_ROOT } from './kernel-exports';
import type { ClientConfiguration } from './repositories';

/** TCP port of NFS. */
export const NFS_PORT = 2049;
/** TCP port of the supervisor. */
export const HEALTH_PORT = 8080;
/** Where the maps of inodes are that all servers share. */
export const SHARED_MAPS = '/var/lib/cvmfs-maps';
/** Where Ganesha keeps records of its clients. */
export const RECOVERY = '/var/lib/nfs/ganesha';

const SUPERVISOR = '/usr/bin/beamline-cvmfs-export'; // of images/cvmfs-export
const CACHE = '/var/lib/cvmfs';

/** What the servers read when they start. */
export interface ExportFiles {
  readonly client: ClientConfiguration;
  readonly config: ApiObject;
}

/** Adds the servers: never two on a node, each with a cache of its own, all with the same maps. */
export function exportPods(
  scope: Construct,
  part: Part,
  props: CvmfsExportProps,
  files: ExportFiles,
): ApiObject {
  const { name } = part;
  const { drainSeconds } = timingOf(props.timing);
  const { cache, consent } = props;
  const maps = mapsVolume(scope, part, props);
  const onDisk = cache.storageClass === undefined;
  const cacheSize = gibibytes(cache.sizeGiB);
  return statefulSet(scope, 'Servers', {
    name,
    part,
    replicas: leastReplicas(props.scale),
    service: `${name}-replicas`,
    start: 'Parallel',
    serviceAccount: name,
    apart: leastReplicas(props.scale) > 1,
    root: { exempt: `FUSE mounts and the handles of NFS need root; consent: ${consent}` },
    // Drain, then whatever reads are under way, then the unmounting of every repository.
    graceSeconds: drainSeconds + 25,
    ...(targetOf(scope).has('scc-v2')
      ? { annotations: { 'openshift.io/required-scc': 'privileged' } }
      : {}),
    containers: [exportContainer(props, files, maps)],
    volumes: [
      { name: 'config', configMap: { name: files.config.name } },
      files.client.volume,
      // A tmpfs: the root of the NFSv4 name space cannot be on an overlay.
      { name: 'mounts', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
      ...(onDisk ? [{ name: 'cache', emptyDir: { sizeLimit: cacheSize } }] : []),
      ...(maps === undefined ? [] : [maps]),
    ],
    claims:
      cache.storageClass === undefined
        ? []
        : [{ name: 'cache', className: cache.storageClass.className, size: cacheSize }],
    config: [files.config, files.client.object],
  });
}

function exportContainer(
  props: CvmfsExportProps,
  { client }: ExportFiles,
  maps: Volume | undefined,
): ContainerProps {
  const { image, consent, server = 'ganesha' } = props;
  const config =
    server === 'ganesha'
      ? ['/etc/ganesha/ganesha.conf', 'ganesha.conf']
      : ['/etc/exports', 'exports'];
  const [serverFile = '', serverKey = ''] = config;
  const mounts: VolumeMount[] = [
    {
      name: 'config',
      mountPath: '/etc/beamline/export.json',
      subPath: 'export.json',
      readOnly: true,
    },
    { name: 'config', mountPath: serverFile, subPath: serverKey, readOnly: true },
    ...client.mounts,
    { name: 'mounts', mountPath: server === 'kernel' ? KERNEL_ROOT : '/cvmfs' },
    { name: 'cache', mountPath: CACHE },
    ...(maps === undefined ? [] : [{ name: maps.name, mountPath: SHARED_MAPS }]),
  ];
  return {
    name: 'export',
    image: `${image.repository}:${image.tag}`,
    command: [SUPERVISOR],
    env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    ports: { nfs: NFS_PORT, health: HEALTH_PORT },
    resources: props.resources ?? { cpu: '1', memory: '4Gi', memoryLimit: '16Gi' },
    probes: {
      // What it answers is in docs/how-to/cvmfs.md: every repository answers stat, and its revision is not behind.
      readiness: {
        ...httpProbe('health', '/ready'),
        periodSeconds: 1,
        timeoutSeconds: 1,
        failureThreshold: 1,
      },
      liveness: { ...httpProbe('health', '/live'), periodSeconds: 5, failureThreshold: 3 },
      // The first start walks what is to be warmed.
      startup: { ...httpProbe('health', '/live'), periodSeconds: 2, failureThreshold: 300 },
    },
    preStop: [SUPERVISOR, 'drain'],
    mounts,
    scratch: { '/run': '64Mi', '/tmp': '64Mi', '/var/lib/nfs': '64Mi', '/var/log': '64Mi' },
    elevated: {
      exempt: `only a privileged container may mount FUSE; consent: ${consent}`,
      context: {
        privileged: true,
        allowPrivilegeEscalation: true,
        capabilities: { add: ['SYS_ADMIN'] },
      },
    },
  };
}

function mapsVolume(scope: Construct, part: Part, { maps }: CvmfsExportProps): Volume | undefined {
  switch (maps.kind) {
    case 'private':
      return undefined;
    case 'share':
      scope.node.addDependency(maps.share.ready);
      return { name: 'maps', persistentVolumeClaim: { claimName: maps.share.claimName } };
    case 'class': {
      scope.node.addDependency(maps.storageClass.ready);
      const claimName = `${part.name}-maps`;
      kubeObject(scope, 'Maps', 'PersistentVolumeClaim', {
        metadata: { name: claimName, labels: labelsOf(part) },
        spec: {
          ...listed('accessModes', ['ReadWriteMany']),
          storageClassName: maps.storageClass.className,
          resources: { requests: { storage: gibibytes(maps.sizeGiB) } },
        },
      });
      return { name: 'maps', persistentVolumeClaim: { claimName } };
    }
  }
}
