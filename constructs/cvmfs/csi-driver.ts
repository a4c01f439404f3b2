import { Construct, type IDependable } from 'constructs';
import type { PolicyRule } from 'kubernetes-types/rbac/v1';

import type { AccessMode, IStorageClass } from '../contracts';
import { labelsOf, type Part } from '../kit/labels';
import { allow, API_SERVER } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { grantInNamespace, grantOnCluster, serviceAccount } from '../kit/rbac';
import { grantScc } from '../kit/scc';
import { rejectInvalid } from '../kit/validate';
import { deployment } from '../kit/workloads';
import { targetOf, type Target } from '../targets';
import { imageRef, IMAGES } from '../versions';
import { csiNode, DRIVER, LOCAL_CACHE } from './csi-node';
import type { CvmfsCsiDriverProps } from './csi-props';

const NODE = 'cvmfs-csi-node';
const CONTROLLER = 'cvmfs-csi-controller';

/** What the provisioner v4.0.1 calls for a driver without topology; leases and nothing else are its own namespace's. */
const PROVISIONER_RULES: readonly PolicyRule[] = [
  {
    apiGroups: [''],
    resources: ['persistentvolumes'],
    verbs: ['get', 'list', 'watch', 'create', 'delete'],
  },
  {
    apiGroups: [''],
    resources: ['persistentvolumeclaims'],
    verbs: ['get', 'list', 'watch', 'update'],
  },
  { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['storage.k8s.io'], resources: ['csinodes'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['events'], verbs: ['list', 'watch', 'create', 'update', 'patch'] },
];

/**
 * CVMFS by a client on every node, mounted when a path is first asked for. Faster than the export and nearer to what
 * CVMFS recommends, and privileged on every node. Needs a namespace of privileged pods. See
 * https://github.com/cvmfs-contrib/cvmfs-csi
 */
export class CvmfsCsiDriver extends Construct implements IStorageClass {
  public readonly className: string;
  public readonly accessModes: readonly AccessMode[] = ['ReadOnlyMany'];
  public readonly ready: IDependable = this;

  constructor(scope: Construct, id: string, props: CvmfsCsiDriverProps) {
    super(scope, id);
    rejectInvalid(this, problemsIn(targetOf(this), props));
    this.className = props.className ?? 'cvmfs';
    this.addNodes(props);
    this.addController();
    this.addClass();
  }

  private part(name: string, component: string): Part {
    return {
      name,
      instance: name,
      component,
      partOf: 'cvmfs',
      version: IMAGES.cvmfsCsi.tag,
    };
  }

  private addNodes(props: CvmfsCsiDriverProps): void {
    const part = this.part(NODE, 'node');
    const { scc = 'privileged', repositories } = props;
    serviceAccount(this, 'NodeAccount', NODE, part);
    if (scc !== 'none') {
      const account = { name: NODE, namespace: namespaceOf(this) };
      grantScc(this, 'Scc', { scc, part, serviceAccount: account });
    }
    const client = repositories.configure(this, 'Client', {
      name: 'cvmfs-csi-client',
      part,
      cacheDirectory: LOCAL_CACHE,
      role: { kind: 'client' },
    });
    csiNode(this, part, props, client);
    allow(this, 'AllowNode', {
      name: NODE,
      part,
      to: [{ peers: 'anyone', ports: repositories.clientPorts }],
    });
  }

  private addController(): void {
    const part = this.part(CONTROLLER, 'controller');
    const to = { name: CONTROLLER, namespace: namespaceOf(this) };
    serviceAccount(this, 'ControllerAccount', CONTROLLER, part);
    grantOnCluster(this, 'Provisioner', {
      name: `beamline:${to.namespace}:${CONTROLLER}`,
      part,
      rules: PROVISIONER_RULES,
      to,
    });
    grantInNamespace(this, 'Leases', {
      name: CONTROLLER,
      part,
      rules: [
        {
          apiGroups: ['coordination.k8s.io'],
          resources: ['leases'],
          verbs: ['get', 'watch', 'list', 'delete', 'update', 'create'],
        },
      ],
      to,
    });
    const silent = {
      exempt: 'upstream gives it no health endpoint, and it ends when it cannot work',
    };
    const common = {
      probes: { readiness: silent, liveness: silent },
      resources: { cpu: '10m', memory: '32Mi', memoryLimit: '128Mi' },
      mounts: [{ name: 'socket', mountPath: '/csi' }],
    };
    deployment(this, 'Controller', {
      name: CONTROLLER,
      part,
      replicas: 1,
      serviceAccount: CONTROLLER,
      usesApi: true,
      containers: [
        {
          ...common,
          name: 'provisioner',
          image: imageRef(IMAGES.cvmfsCsiProvisioner),
          args: ['-v=4', '--csi-address=unix:///csi/csi.sock', '--leader-election=true'],
        },
        {
          ...common,
          name: 'controllerplugin',
          image: imageRef(IMAGES.cvmfsCsi),
          command: [
            '/csi-cvmfsplugin',
            '-v=4',
            '--nodeid=controller',
            '--endpoint=unix:///csi/csi.sock',
            `--drivername=${DRIVER}`,
            '--role=identity,controller',
          ],
        },
      ],
      volumes: [{ name: 'socket', emptyDir: {} }],
    });
    allow(this, 'AllowController', { name: CONTROLLER, part, to: [API_SERVER] });
  }

  private addClass(): void {
    const labels = labelsOf(this.part('cvmfs-csi', 'driver'));
    kubeObject(this, 'Driver', 'CSIDriver', {
      metadata: { name: DRIVER, labels },
      spec: { attachRequired: false, podInfoOnMount: false },
    });
    kubeObject(this, 'Class', 'StorageClass', {
      metadata: { name: this.className, labels },
      provisioner: DRIVER,
      reclaimPolicy: 'Delete', // of the volume, which holds nothing
      volumeBindingMode: 'Immediate',
    });
  }
}

function problemsIn(target: Target, props: CvmfsCsiDriverProps): string[] {
  const { consent, scc = 'privileged', className = 'cvmfs', cacheDirectory = '/' } = props;
  return [
    ...target.problemsOf('the CSI driver', 'csi'),
    ...(consent.trim() === ''
      ? [`'consent' must say why the site lets every node run a privileged client, got nothing`]
      : []),
    ...(scc === 'none' && target.has('scc')
      ? [
          `'scc' must name the SCC that admits the driver on '${target.name}', got 'none': its pods would never start; leave 'scc' out for 'privileged', or name the site's own`,
        ]
      : []),
    ...(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(className)
      ? []
      : [`'className' must be lower-case letters, digits and '-', at most 63, got '${className}'`]),
    ...(/^\/[^\s]*$/.test(cacheDirectory)
      ? []
      : [`'cacheDirectory' must be an absolute path of the node, got '${cacheDirectory}'`]),
  ];
}
