import type { Construct } from 'constructs';

import { resolveImage } from '../kit/images';
import { namespaceOf } from '../kit/objects';
import { gibibytes } from '../kit/quantity';
import { targetOf } from '../targets';
import { imageRef, IMAGES } from '../versions';
import type { Homes, JupyterHubProps, Traitlets } from './hub-props';
import { gpuResource, type NotebookProfile, type ProfileGpu } from './profile';

/** ServiceAccount of the sessions: it has no right and its token is in no pod. */
export const SESSION_ACCOUNT = 'notebook';
/** Port of a session. */
export const SESSION_PORT = 8888;
/** Labels of the sessions' pods, which policies select them by. KubeSpawner sets the component itself, whatever it is told. */
export const SESSION_LABELS = {
  'app.kubernetes.io/name': 'jupyterhub',
  'app.kubernetes.io/component': 'singleuser-server',
} as const;
/** The claim for all homes. */
export const HOMES_CLAIM = 'homes';

const HOME = '/home/jovyan';
const IMAGE_USER = 1000; // jovyan of the Jupyter images
const IMAGE_GROUP = 100; // its group, users

/** The traitlets of every session, whatever its profile. */
export function sessionTraitlets(scope: Construct, props: JupyterHubProps): Traitlets[string] {
  const { homes } = props;
  return {
    namespace: namespaceOf(scope),
    service_account: SESSION_ACCOUNT,
    automount_service_account_token: false,
    pod_name_template: 'session-{user_server}',
    // The image's own start script needs no root: it takes whichever UID it gets.
    working_dir: HOME,
    environment: { HOME },
    image_pull_policy: 'IfNotPresent',
    port: SESSION_PORT,
    common_labels: { 'app.kubernetes.io/part-of': 'notebooks' },
    extra_labels: { ...SESSION_LABELS, 'app.kubernetes.io/instance': 'session' },
    allow_privilege_escalation: false,
    container_security_context: CONTAINER_SECURITY,
    pod_security_context: podSecurity(scope),
    extra_pod_config: {
      enableServiceLinks: false,
      ...(props.userNamespaces === true ? { hostUsers: false } : {}),
    },
    // Of 500 people, 42 got no session at KubeSpawner's own 3 s and 30 s: the hub was busy for longer than the API server was.
    k8s_api_request_timeout: 30,
    k8s_api_request_retry_timeout: 300,
    start_timeout: 600,
    http_timeout: 120,
    ...homeTraitlets(scope, homes),
    delete_pvc: false, // people's files outlive their accounts; the site deletes them
  };
}

const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
} as const;

/** OKD gives each namespace its UID and group; naming one would need more than restricted-v2. */
function podSecurity(scope: Construct): object {
  const target = targetOf(scope);
  const ids =
    target.flavour === 'okd'
      ? {}
      : { runAsUser: IMAGE_USER, runAsGroup: IMAGE_GROUP, fsGroup: IMAGE_GROUP };
  return {
    runAsNonRoot: true,
    ...ids,
    ...(target.has('seccomp-field') ? { seccompProfile: { type: 'RuntimeDefault' } } : {}),
  };
}

function homeTraitlets(scope: Construct, homes: Homes): Traitlets[string] {
  switch (homes.kind) {
    case 'claims':
      return {
        storage_pvc_ensure: true,
        pvc_name_template: 'home-{username}',
        storage_class: homes.storageClass.className,
        storage_capacity: gibibytes(homes.sizeGiB),
        storage_access_modes: [
          homes.storageClass.accessModes.includes('ReadWriteMany')
            ? 'ReadWriteMany'
            : 'ReadWriteOnce',
        ],
        storage_extra_labels: { 'app.kubernetes.io/component': 'home' },
      };
    case 'shared-claim':
      return folderInit(scope, 'home');
    case 'share':
      return folderInit(scope, homes.folder ?? 'home');
  }
}

/**
 * Makes somebody's folder as the session's own user. The node would make a missing `subPath` as root, and the session could not write there.
 */
function folderInit(scope: Construct, folder: string): Traitlets[string] {
  return {
    storage_pvc_ensure: false,
    init_containers: [
      {
        name: 'home',
        image: resolveImage(scope, imageRef(IMAGES.jupyterHub)),
        command: ['mkdir', '-p', `/homes/${folder}/{username}`],
        volumeMounts: [{ name: 'home', mountPath: '/homes' }],
        securityContext: { ...CONTAINER_SECURITY, readOnlyRootFilesystem: true },
        resources: {
          requests: { cpu: '10m', memory: '32Mi' },
          limits: { memory: '64Mi' },
        },
      },
    ],
  };
}

/** What a profile changes of the sessions' traitlets. */
export function profileOverride(
  scope: Construct,
  { homes }: JupyterHubProps,
  profile: NotebookProfile,
): Traitlets[string] {
  const { cpu: cores, memoryGiB, gpu, shares = [], environment = {}, nodes = {} } = profile;
  const claim = claimOf(homes);
  const folder = homes.kind === 'share' ? (homes.folder ?? 'home') : 'home';
  return {
    image: resolveImage(scope, profile.image),
    cpu_guarantee: cores.least,
    cpu_limit: cores.most,
    mem_guarantee: bytes(memoryGiB.least),
    mem_limit: bytes(memoryGiB.most),
    environment: { HOME, ...environment },
    node_selector: { ...nodes },
    extra_resource_limits: gpu === undefined ? {} : gpuResource(gpu),
    extra_labels: {
      ...SESSION_LABELS,
      'app.kubernetes.io/instance': 'session',
      'beamline/profile': profile.name,
    },
    volumes: [
      { name: 'home', persistentVolumeClaim: { claimName: claim } },
      ...shares.map(({ share }, index) => ({
        name: `share-${index}`,
        persistentVolumeClaim: { claimName: share.claimName, readOnly: share.readOnly },
      })),
    ],
    volume_mounts: [
      {
        name: 'home',
        mountPath: HOME,
        ...(homes.kind === 'claims' ? {} : { subPath: `${folder}/{username}` }),
      },
      ...shares.map(({ share, mountPath }, index) => ({
        name: `share-${index}`,
        mountPath,
        readOnly: share.readOnly,
        // What an autofs mounts later on the node is to be seen here, too.
        mountPropagation: 'HostToContainer',
      })),
    ],
  };
}

/** Name of the claim with somebody's home. */
export function claimOf(homes: Homes): string {
  switch (homes.kind) {
    case 'claims':
      return 'home-{username}';
    case 'shared-claim':
      return HOMES_CLAIM;
    case 'share':
      return homes.share.claimName;
  }
}

/** Bytes: KubeSpawner writes what it is given into the pod. */
function bytes(gib: number): number {
  return Math.round(gib * 1024 ** 3);
}

/** What a profile looks like to people, who know no millicores. */
export function profileText({ title, description, cpu, memoryGiB, gpu }: NotebookProfile): {
  readonly display_name: string;
  readonly description: string;
} {
  return {
    display_name: title,
    description:
      description ??
      [
        `${cpu.least} to ${cpu.most} cores`,
        `${memoryGiB.least} to ${memoryGiB.most} GiB of memory`,
        ...(gpu === undefined ? [] : [gpuText(gpu)]),
      ].join(', '),
  };
}

function gpuText(gpu: ProfileGpu): string {
  switch (gpu.kind) {
    case 'whole':
      return `${gpu.count} GPU`;
    case 'slices':
      return `${gpu.count} GPU slice ${gpu.slice}`;
  }
}
