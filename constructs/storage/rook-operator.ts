import { Construct, type IDependable } from 'constructs';

import { httpProbe } from '../kit/containers';
import { labelsOf, type Part } from '../kit/labels';
import { podsMadeBy } from '../kit/made-elsewhere';
import { allow, API_SERVER } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { deployment } from '../kit/workloads';
import { targetOf } from '../targets';
import { imageRef, IMAGES } from '../versions';
import { rookDefinitions, rookRights } from './rook-prerequisites';
import { rookDrivers } from './rook-drivers';
import { rookSccs } from './rook-sccs';

/** How Rook runs. The namespace is that of the stack; the operator and its Ceph share it. */
export interface RookOperatorProps {
  /**
   * Why it is accepted that storage daemons run as root with the devices of their nodes, for example
   * `Ceph owns the disks of the storage nodes`. Nothing of Rook works without.
   */
  readonly consent: string;

  /**
   * Directory of the kubelet on the nodes.
   *
   * @default '/var/lib/kubelet'
   */
  readonly kubeletDirectory?: string;

  /**
   * Key management for encrypted classes: by id, what ceph-csi is told of it, such as
   * `{ vault: { encryptionKMSType: 'vault', vaultAddress: 'https://vault.example.org:8200' } }`. No secret.
   *
   * @default {}
   */
  readonly keyManagement?: Readonly<Record<string, Readonly<Record<string, string>>>>;

  /**
   * Node labels that say where a volume can be reached from, for classes with a topology.
   *
   * @default []
   */
  readonly topologyLabels?: readonly string[];
}

/**
 * Rook's operator, the operator of ceph-csi, and the drivers for block devices and file systems. Definitions and roles
 * come from Rook's own pinned files, put into this namespace; the programs and, on OKD, the SCCs are ours.
 * One for a cluster: the definitions are the cluster's.
 */
export class RookOperator extends Construct {
  public readonly namespace: string;
  public readonly keyManagement: readonly string[];
  public readonly ready: IDependable;
  private readonly part: Part;

  constructor(scope: Construct, id: string, props: RookOperatorProps) {
    super(scope, id);
    rejectInvalid(this, [
      ...targetOf(this).problemsOf('Rook', 'rook'),
      ...(props.consent.trim() === ''
        ? [`'consent' must say why privileged storage daemons are accepted, got ''`]
        : []),
    ]);

    this.namespace = namespaceOf(this);
    this.keyManagement = Object.keys(props.keyManagement ?? {});
    this.part = {
      name: 'rook-ceph',
      instance: this.namespace,
      component: 'operator',
      partOf: 'storage',
      version: IMAGES.rook.tag,
    };
    const definitions = rookDefinitions(this);
    const rights = rookRights(this, this.namespace);
    rookSccs(this, this.namespace, this.part);
    const config = this.addSettings();
    const programs = [this.addOperator(config), this.addCsiOperator()];
    for (const program of programs) program.node.addDependency(definitions, rights);
    rookDrivers(this, this.namespace, this.part, props).node.addDependency(...programs);
    this.addPolicies();
    this.ready = this;
  }

  private addSettings(): Construct {
    return kubeObject(this, 'Settings', 'ConfigMap', {
      metadata: { name: 'rook-ceph-operator-config', labels: labelsOf(this.part) },
      data: {
        ROOK_LOG_LEVEL: 'INFO',
        ROOK_ENABLE_DISCOVERY_DAEMON: 'false',
        ROOK_OBC_WATCH_OPERATOR_NAMESPACE: 'true',
        // What a user of a bucket may ask for beside its name.
        ROOK_OBC_ALLOW_ADDITIONAL_CONFIG_FIELDS: 'maxObjects,maxSize',
      },
    });
  }

  private addOperator(settings: Construct): Construct {
    const made = deployment(this, 'Operator', {
      name: 'rook-ceph-operator',
      part: this.part,
      replicas: 1,
      strategy: { type: 'Recreate' },
      serviceAccount: 'rook-ceph-system',
      usesApi: true,
      user: 2016, // "rook" of the image
      fixedUser: true,
      containers: [
        {
          name: 'operator',
          image: imageRef(IMAGES.rook),
          args: ['ceph', 'operator'],
          env: [
            { name: 'ROOK_CURRENT_NAMESPACE_ONLY', value: 'true' },
            // SELinux keeps daemons off host paths unless they are privileged.
            {
              name: 'ROOK_HOSTPATH_REQUIRES_PRIVILEGED',
              value: String(targetOf(this).flavour === 'okd'),
            },
            { name: 'ROOK_UNREACHABLE_NODE_TOLERATION_SECONDS', value: '5' },
            fieldOf('NODE_NAME', 'spec.nodeName'),
            fieldOf('POD_NAME', 'metadata.name'),
            fieldOf('POD_NAMESPACE', 'metadata.namespace'),
          ],
          resources: { cpu: '200m', memory: '256Mi', memoryLimit: '1Gi' },
          probes: {
            readiness: { exempt: 'it serves nothing and has no endpoint that says how it is' },
            liveness: { exempt: 'it ends by itself when it loses the API server' },
          },
          scratch: { '/var/lib/rook': '256Mi', '/etc/ceph': '16Mi', '/tmp': '64Mi' },
        },
      ],
    });
    made.node.addDependency(settings);
    return made;
  }

  private addCsiOperator(): Construct {
    return deployment(this, 'CsiOperator', {
      name: 'ceph-csi-controller-manager',
      part: { ...this.part, name: 'ceph-csi-operator', version: IMAGES.cephCsiOperator.tag },
      replicas: 1,
      serviceAccount: 'ceph-csi-controller-manager',
      usesApi: true,
      containers: [
        {
          name: 'manager',
          image: imageRef(IMAGES.cephCsiOperator),
          command: ['/manager'],
          args: ['--leader-elect'],
          env: [
            fieldOf('OPERATOR_NAMESPACE', 'metadata.namespace'),
            { name: 'CSI_SERVICE_ACCOUNT_PREFIX', value: 'ceph-csi-' },
            { name: 'WATCH_NAMESPACE', value: this.namespace },
          ],
          ports: { health: 8081 },
          resources: { cpu: '10m', memory: '64Mi', memoryLimit: '256Mi' },
          probes: {
            readiness: { ...httpProbe('health', '/readyz'), periodSeconds: 10 },
            liveness: { ...httpProbe('health', '/healthz'), periodSeconds: 20 },
          },
        },
      ],
    });
  }

  /** Clients mount from the network of their nodes, whose addresses only the site knows: what they talk to is open. */
  private addPolicies(): void {
    const everyPod = {};
    const here = [{ podSelector: {} }];
    const policies = [
      allow(this, 'AllowWithin', {
        name: 'ceph-within',
        part: this.part,
        pods: everyPod,
        from: [{ peers: here, ports: 'any' }],
        to: [{ peers: here, ports: 'any' }, API_SERVER],
      }),
      allow(this, 'AllowMonitors', {
        name: 'ceph-monitors',
        part: this.part,
        pods: { app: 'rook-ceph-mon' },
        from: [{ peers: 'anyone', ports: [3300, 6789] }],
      }),
      ...['rook-ceph-osd', 'rook-ceph-mds', 'rook-ceph-mgr'].map((app) =>
        allow(this, `AllowClients-${app}`, {
          name: `${app}-clients`,
          part: this.part,
          pods: { app },
          // From 6800 on, as many as there are daemons on the node.
          from: [{ peers: 'anyone', ports: 'any' }],
        }),
      ),
    ];
    for (const policy of policies) podsMadeBy(policy, 'rook');
  }
}

function fieldOf(
  name: string,
  fieldPath: string,
): { name: string; valueFrom: { fieldRef: { fieldPath: string } } } {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
