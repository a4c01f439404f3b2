import { Construct, type IDependable } from 'constructs';

import { labelsOf, type Part } from '../kit/labels';
import { allow, API_SERVER } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { grantInNamespace, grantOnCluster, serviceAccount } from '../kit/rbac';
import { exempt } from '../kit/exceptions';
import { rejectInvalid } from '../kit/validate';
import { deployment } from '../kit/workloads';
import { targetOf } from '../targets';
import { imageRef, IMAGES } from '../versions';
import {
  driverProbes,
  field,
  livenessProbe,
  mounts,
  provisioner,
  resizer,
  SOCKET_MOUNT,
} from './csi-containers';
import { csiNode, host, kubeletMounts } from './csi-node';
import { LOCK_RULES, merged, PROVISIONER_RULES, RESIZER_RULES } from './csi-rules';
import { storageScc } from './storage-scc';
import type { ContainerProps } from '../kit/containers';

/** Name of the driver, compiled into no program but known to every volume it made. */
export const NFS_DRIVER = 'nfs.csi.k8s.io';

/** The CSI driver for NFS servers. One for a cluster. */
export interface NfsCsiDriverProps {
  /** Why a privileged pod on every node is accepted: `classes on the filer, with its quota daemon`. */
  readonly consent: string;
  /**
   * Directory of the kubelet on the nodes.
   *
   * @default '/var/lib/kubelet'
   */
  readonly kubeletDirectory?: string;
  /**
   * Controllers, one of which works.
   *
   * @default 2
   */
  readonly replicas?: number;
}

const CONTROLLER = 'csi-nfs-controller';
const NODE = 'csi-nfs-node';

/** csi-driver-nfs: makes a directory of a server for each claim and mounts it. See `NfsCsiClass` for the classes. */
export class NfsCsiDriver extends Construct {
  public readonly ready: IDependable = this;
  private readonly part: Part;
  private readonly kubeletDirectory: string;

  constructor(scope: Construct, id: string, props: NfsCsiDriverProps) {
    super(scope, id);
    const replicas = props.replicas ?? 2;
    rejectInvalid(this, [
      ...targetOf(this).problemsOf('csi-driver-nfs', 'csi'),
      ...(props.consent.trim() === ''
        ? [`'consent' must say why a privileged pod on every node is accepted, got ''`]
        : []),
      ...(Number.isInteger(replicas) && replicas >= 1
        ? []
        : [`'replicas' must be a whole number from 1, got '${replicas}'`]),
    ]);

    this.kubeletDirectory = props.kubeletDirectory ?? '/var/lib/kubelet';
    this.part = {
      name: 'csi-driver-nfs',
      instance: namespaceOf(this),
      component: 'controller',
      partOf: 'storage',
      version: IMAGES.nfsPlugin.tag,
    };
    kubeObject(this, 'Driver', 'CSIDriver', {
      metadata: { name: NFS_DRIVER, labels: labelsOf(this.part) },
      spec: {
        attachRequired: false,
        podInfoOnMount: false,
        volumeLifecycleModes: ['Persistent'],
        ...(targetOf(this).has('csi-fs-group-policy') ? { fsGroupPolicy: 'File' } : {}),
      },
    });
    this.addRights();
    this.addController(props.consent, replicas);
    this.addNodes(props.consent);
  }

  private addRights(): void {
    const namespace = namespaceOf(this);
    const to = { name: CONTROLLER, namespace };
    serviceAccount(this, 'Controller', CONTROLLER, this.part);
    serviceAccount(this, 'Node', NODE, this.nodePart);
    grantOnCluster(this, 'Cluster', {
      name: `beamline:${namespace}:${CONTROLLER}`,
      part: this.part,
      rules: merged(PROVISIONER_RULES, RESIZER_RULES),
      to,
    });
    grantInNamespace(this, 'Lock', { name: CONTROLLER, part: this.part, rules: LOCK_RULES, to });
    allow(this, 'Allow', {
      name: CONTROLLER,
      part: this.part,
      // The server's address is the site's; every version of NFS but 4 needs further ports.
      to: [API_SERVER, { peers: 'anyone', ports: 'any' }],
    });
    storageScc(this, 'Scc', {
      name: `${namespace}-csi-nfs`,
      part: this.part,
      namespace,
      serviceAccounts: [CONTROLLER, NODE],
      capabilities: ['SYS_ADMIN'],
      privileged: true,
      host: ['paths', 'network', 'ports'],
      volumes: ['emptyDir', 'projected'],
      selinux: 'RunAsAny',
    });
  }

  private get nodePart(): Part {
    return { ...this.part, component: 'node' };
  }

  private plugin(consent: string, port: number, where: 'node' | 'pod'): ContainerProps {
    return {
      name: 'nfs',
      image: imageRef(IMAGES.nfsPlugin),
      args: ['--nodeid=$(NODE_ID)', '--endpoint=unix:///csi/csi.sock'],
      env: [field('NODE_ID', 'spec.nodeName')],
      resources: { cpu: '10m', memory: '64Mi', memoryLimit: '300Mi' },
      elevated: mounts(consent),
      writableRoot: { exempt: 'rpc.statd writes below /var, and the program mounts below /tmp' },
      probes: driverProbes(port, where),
      mounts: [SOCKET_MOUNT, ...kubeletMounts(this.kubeletDirectory)],
    };
  }

  private addController(consent: string, replicas: number): void {
    const made = deployment(this, 'ControllerProgram', {
      name: CONTROLLER,
      part: this.part,
      replicas,
      serviceAccount: CONTROLLER,
      usesApi: true,
      root: { exempt: 'it mounts the server to make directories on it' },
      priorityClass: 'system-cluster-critical',
      containers: [
        this.plugin(consent, 29652, 'pod'),
        provisioner(29653, ['--timeout=1200s', '--retry-interval-max=30m']),
        resizer(29654),
        livenessProbe(29652, 'pod'),
      ],
      volumes: [
        { name: 'socket', emptyDir: { sizeLimit: '16Mi' } },
        host('pods', `${this.kubeletDirectory}/pods`, 'Directory'),
      ],
    });
    exempt(made, { rule: 'host-access', reason: 'it mounts below the directory of the kubelet' });
  }

  private addNodes(consent: string): void {
    csiNode(this, 'NodeProgram', {
      name: NODE,
      part: this.nodePart,
      driver: NFS_DRIVER,
      kubeletDirectory: this.kubeletDirectory,
      healthPort: 29653,
      plugin: this.plugin(consent, 29653, 'node'),
      usesApi: false,
    });
  }
}
