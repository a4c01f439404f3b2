import type { Construct } from 'constructs';

import { resolveImage } from '../kit/images';
import { namespaceOf } from '../kit/objects';
import { gibibytes } from '../kit/quantity';
import { targetOf } from '../targets';
import { CLUSTER_ACCOUNT, DASK_PORTS, MIDDLEWARE } from './dask-parts';
import { USUAL_SCHEDULER, type DaskGatewayProps, type DaskProfile } from './dask-props';
import type { ScaleTenant } from './scale-tenant';

/** UID and GID of Dask's own images, on Kubernetes. */
const IMAGE_USER = 1000;

/** What `settings.json` says to gateway and controller. Nothing in it is secret. */
export function daskSettings(scope: Construct, props: DaskGatewayProps): object {
  const namespace = namespaceOf(scope);
  const scheduler = props.scheduler ?? USUAL_SCHEDULER;
  return {
    address: `:${DASK_PORTS.api}`,
    apiUrl: `http://gateway.${namespace}:${DASK_PORTS.api}/api`,
    instance: namespace,
    middleware: MIDDLEWARE,
    labels: {
      'app.kubernetes.io/name': 'dask-gateway',
      'app.kubernetes.io/instance': 'cluster',
      'app.kubernetes.io/part-of': 'dask',
    },
    tenants: props.tenants.map(tenantSettings),
    profiles: props.profiles.map((profile) => profileSettings(scope, profile)),
    options: props.options ?? [],
    limits: {
      everybody: props.limits,
      groups: props.groupLimits ?? {},
      users: props.userLimits ?? {},
    },
    scheduler: { cpu: scheduler.cpu.least, memoryGiB: scheduler.memoryGiB.most },
    cluster: {
      image_pull_policy: 'IfNotPresent',
      // Newer Dask has no `dask-scheduler` and `dask-worker`, which upstream would run.
      scheduler_cmd: ['dask', 'scheduler'],
      worker_cmd: ['dask', 'worker'],
      scheduler_cores: scheduler.cpu.least,
      scheduler_cores_limit: scheduler.cpu.most,
      scheduler_memory: bytes(scheduler.memoryGiB.least),
      scheduler_memory_limit: bytes(scheduler.memoryGiB.most),
      idle_timeout: (props.idleMinutes ?? 60) * 60,
    },
    container: {
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      },
    },
    mounts: [{ name: 'scratch', mountPath: '/tmp' }],
  };
}

function profileSettings(scope: Construct, profile: DaskProfile): object {
  const {
    name,
    image,
    cpu,
    memoryGiB,
    environment = {},
    nodes = {},
    home = '/home/dask',
    scratchGiB = 10,
  } = profile;
  return {
    name,
    groups: profile.groups ?? [],
    worker: { cpu: cpu.least, memoryGiB: memoryGiB.most },
    cluster: {
      image: resolveImage(scope, image),
      worker_cores: cpu.least,
      worker_cores_limit: cpu.most,
      worker_memory: bytes(memoryGiB.least),
      worker_memory_limit: bytes(memoryGiB.most),
      worker_threads: profile.threads ?? Math.max(1, Math.floor(cpu.least)),
    },
    // OKD's UID has no entry in /etc/passwd, and so no home where Python would look for what the image installed.
    environment: { HOME: home, DASK_TEMPORARY_DIRECTORY: '/tmp', ...environment },
    pod: {
      serviceAccountName: CLUSTER_ACCOUNT,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 30,
      ...(Object.keys(nodes).length === 0 ? {} : { nodeSelector: nodes }),
      securityContext: podSecurity(scope),
      volumes: [{ name: 'scratch', emptyDir: { sizeLimit: gibibytes(scratchGiB) } }],
    },
  };
}

/** OKD gives each namespace its UID and group; naming one would need more than restricted-v2. */
function podSecurity(scope: Construct): object {
  const target = targetOf(scope);
  return {
    runAsNonRoot: true,
    ...(target.flavour === 'okd' ? {} : { runAsUser: IMAGE_USER, runAsGroup: IMAGE_USER }),
    ...(target.has('seccomp-field') ? { seccompProfile: { type: 'RuntimeDefault' } } : {}),
  };
}

function tenantSettings({ namespace, groups, shares = [] }: ScaleTenant): object {
  return {
    namespace,
    groups,
    volumes: shares.map(({ share }, index) => ({
      name: `share-${index}`,
      persistentVolumeClaim: { claimName: share.claimName, readOnly: share.readOnly },
    })),
    mounts: shares.map(({ share, mountPath }, index) => ({
      name: `share-${index}`,
      mountPath,
      readOnly: share.readOnly,
      // What an autofs mounts later on the node is to be seen here, too.
      mountPropagation: 'HostToContainer',
    })),
  };
}

/** Bytes: Dask Gateway writes what it is given into the pod. */
function bytes(gib: number): number {
  return Math.round(gib * 1024 ** 3);
}
