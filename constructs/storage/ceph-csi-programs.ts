import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Volume, VolumeMount } from 'kubernetes-types/core/v1';

import type { ContainerProps } from '../kit/containers';
import { exempt } from '../kit/exceptions';
import type { Part } from '../kit/labels';
import { deployment } from '../kit/workloads';
import { targetOf } from '../targets';
import { imageRef, IMAGES } from '../versions';
import type { CephDriver } from './ceph-connection';
import type { CephCsiProps } from './ceph-csi-props';
import {
  driverProbes,
  field,
  livenessProbe,
  mounts,
  provisioner,
  resizer,
  sidecar,
  SOCKET_MOUNT,
} from './csi-containers';
import { csiNode, host, kubeletMounts } from './csi-node';

/** What a driver of ceph-csi serves. */
export type CephDriverKind = 'rbd' | 'cephfs';

/** A driver of ceph-csi. */
export interface CephCsiDriver {
  readonly kind: CephDriverKind;
  readonly name: string;
  readonly part: Part;
  readonly secrets: CephDriver['secrets'];
  /** What its programs read when they start. */
  readonly config: readonly ApiObject[];
  readonly props: CephCsiProps;
}

/** The two programs of a driver. */
export interface CephCsiPrograms extends CephCsiDriver {
  readonly controllerPart: Part;
  readonly nodePart: Part;
  readonly controller: string;
  readonly node: string;
}

/** Ports of the nodes' loopback, one for each driver: Ceph's own charts use 8680 and 8681 for metrics. */
const NODE_HEALTH = { rbd: 8682, cephfs: 8683 } as const;
const POD_HEALTH = 8682;

const SHARED_VOLUMES: readonly Volume[] = [
  host('dev', '/dev'),
  host('sys', '/sys'),
  host('modules', '/lib/modules'),
  { name: 'clusters', configMap: { name: 'ceph-csi-config' } },
  { name: 'ceph-conf', configMap: { name: 'ceph-config' } },
  { name: 'key-management', configMap: { name: 'ceph-csi-encryption-kms-config' } },
  { name: 'keys', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } },
];

const SHARED_MOUNTS: readonly VolumeMount[] = [
  SOCKET_MOUNT,
  { name: 'dev', mountPath: '/dev' },
  { name: 'sys', mountPath: '/sys' },
  { name: 'modules', mountPath: '/lib/modules', readOnly: true },
  { name: 'clusters', mountPath: '/etc/ceph-csi-config' },
  { name: 'ceph-conf', mountPath: '/etc/ceph' },
  { name: 'key-management', mountPath: '/etc/ceph-csi-encryption-kms-config' },
  { name: 'keys', mountPath: '/tmp/csi/keys' },
];

const WRITABLE = { exempt: 'ceph-csi writes below /tmp, /var/log and /run of its image' };

/** Makes, grows, copies and deletes volumes. */
export function cephCsiController(scope: Construct, programs: CephCsiPrograms): void {
  const { kind, props } = programs;
  const topology = hasTopology(programs);
  const snapshots = targetOf(scope).has('volume-snapshots');
  const made = deployment(scope, 'ControllerProgram', {
    name: programs.controller,
    part: programs.controllerPart,
    replicas: props.replicas ?? 2,
    serviceAccount: programs.controller,
    usesApi: true,
    root: { exempt: 'librbd and ceph-csi keep keys and sockets where only root may' },
    priorityClass: 'system-cluster-critical',
    config: programs.config,
    containers: [
      {
        ...plugin(programs),
        args: [
          ...common(programs),
          '--controllerserver=true',
          '--pidlimit=-1',
          '--setmetadata=true',
          `--clustername=${props.clusterId}`,
        ],
        probes: driverProbes(POD_HEALTH, 'pod'),
      },
      provisioner(8090, [
        '--prevent-volume-mode-conversion=true',
        ...(kind === 'rbd' ? ['--default-fstype=ext4'] : []),
        ...(topology ? ['--feature-gates=Topology=true', '--immediate-topology=false'] : []),
      ]),
      resizer(8091),
      ...(snapshots ? [sidecar('csi-snapshotter', IMAGES.csiSnapshotter, 8092, SNAPSHOTS)] : []),
      ...(kind === 'rbd'
        ? [sidecar('csi-attacher', IMAGES.csiAttacher, 8093, ['--default-fstype=ext4'])]
        : []),
      livenessProbe(POD_HEALTH, 'pod'),
    ],
    volumes: [
      { name: 'socket', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } },
      ...SHARED_VOLUMES,
    ],
  });
  exempt(made, { rule: 'host-access', reason: 'librbd looks at devices and modules of the node' });
}

const SNAPSHOTS = ['--timeout=150s', '--extra-create-metadata=true'];

/** Mounts volumes on its node. */
export function cephCsiNode(scope: Construct, programs: CephCsiPrograms): void {
  const { kind, name, props } = programs;
  const kubelet = props.kubeletDirectory ?? '/var/lib/kubelet';
  const labels = props.topologyLabels ?? [];
  const made = csiNode(scope, 'NodeProgram', {
    name: programs.node,
    part: programs.nodePart,
    driver: name,
    kubeletDirectory: kubelet,
    healthPort: NODE_HEALTH[kind],
    usesApi: true,
    hostPid: 'mounts and devices are handled in the namespaces of the host’s first process',
    plugin: {
      ...plugin(programs),
      args: [
        ...common(programs),
        '--nodeserver=true',
        '--pidlimit=-1',
        ...(kind === 'rbd'
          ? [
              `--pluginpath=${kubelet}/plugins`,
              `--stagingpath=${kubelet}/plugins/kubernetes.io/csi/`,
            ]
          : []),
        ...(labels.length === 0 ? [] : [`--domainlabels=${labels.join(',')}`]),
      ],
      elevated: mounts(props.consent),
      probes: driverProbes(NODE_HEALTH[kind], 'node'),
      mounts: [
        ...SHARED_MOUNTS,
        ...kubeletMounts(kubelet),
        {
          name: 'plugins',
          mountPath: `${kubelet}/plugins`,
          mountPropagation: 'Bidirectional',
        },
        { name: 'run-mount', mountPath: '/run/mount' },
        { name: 'selinux', mountPath: '/etc/selinux', readOnly: true },
        ...(kind === 'cephfs' ? [{ name: 'mountinfo', mountPath: '/csi/mountinfo' }] : []),
      ],
    },
    volumes: [
      ...SHARED_VOLUMES,
      host('plugins', `${kubelet}/plugins`, 'Directory'),
      host('run-mount', '/run/mount'),
      host('selinux', '/etc/selinux'),
      ...(kind === 'cephfs'
        ? [host('mountinfo', `${kubelet}/plugins/${name}/mountinfo`, 'DirectoryOrCreate')]
        : []),
    ],
  });
  made.node.addDependency(...programs.config);
}

function hasTopology({ props }: CephCsiPrograms): boolean {
  return props.topologyLabels !== undefined && props.topologyLabels.length > 0;
}

function common({ kind, name }: CephCsiPrograms): string[] {
  return [
    '--nodeid=$(NODE_ID)',
    `--type=${kind}`,
    '--endpoint=unix:///csi/csi.sock',
    `--drivername=${name}`,
  ];
}

function plugin({ kind }: CephCsiPrograms): Omit<ContainerProps, 'probes'> {
  return {
    name: `csi-${kind}`,
    image: imageRef(IMAGES.cephCsi),
    env: [
      field('POD_IP', 'status.podIP'),
      field('NODE_ID', 'spec.nodeName'),
      field('POD_NAMESPACE', 'metadata.namespace'),
    ],
    resources: { cpu: '100m', memory: '128Mi', memoryLimit: '1Gi' },
    writableRoot: WRITABLE,
    mounts: SHARED_MOUNTS,
  };
}
