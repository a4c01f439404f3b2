import type { Construct } from 'constructs';

import { find } from '../kit/findings';
import { hint } from '../kit/hints';
import { labelsOf, selectorOf, type Part } from '../kit/labels';
import { allow, API_SERVER } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { grantInNamespace, grantOnCluster, serviceAccount } from '../kit/rbac';
import { grantScc } from '../kit/scc';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import { IMAGES } from '../versions';
import { Claim } from './claim';
import { nfsMountOptions } from './nfs-mount';
import { nfsServerPod, PORTS } from './nfs-server-pod';
import { nfsServerProblems, type NfsServerProps } from './nfs-server-props';
import { SERVER_CLUSTER_RULES, serverRules } from './nfs-server-rules';
import { storageClass } from './storage-class';
import { storageScc } from './storage-scc';
import { SharedClass } from './volume-class';

/** What Ganesha does as root: it acts as each user in turn, and keeps files of all of them. */
const CAPABILITIES = [
  'CHOWN',
  'DAC_OVERRIDE',
  'DAC_READ_SEARCH',
  'FOWNER',
  'FSETID',
  'NET_BIND_SERVICE',
  'SETGID',
  'SETUID',
  'SYS_RESOURCE',
];

/**
 * An NFS server in the cluster that gives every claim of its class a directory of one volume.
 *
 * It is ONE server. While its pod or its node is down, every pod that mounts a volume of the class hangs; nothing takes
 * over, and the size of a claim is not enforced. A filer or CephFS has neither weakness.
 */
export class NfsServer extends SharedClass {
  public readonly className: string;
  public readonly expandable = false;
  public readonly snapshotClassName = undefined;
  private readonly part: Part;
  private readonly provisioner: string;

  constructor(scope: Construct, id: string, props: NfsServerProps) {
    super(scope, id);
    rejectInvalid(this, nfsServerProblems(props));

    this.className = props.className;
    this.provisioner = `beamline/nfs-server-${props.className}`;
    this.part = {
      name: 'nfs-server-provisioner',
      instance: props.className,
      component: 'server',
      partOf: 'storage',
      version: IMAGES.nfsServerProvisioner.tag,
    };
    this.warn();
    const claim = new Claim(this, 'Export', {
      claimName: this.programName,
      storageClass: props.export.storageClass,
      sizeGiB: props.export.sizeGiB,
      access: 'ReadWriteOnce',
      partOf: 'storage',
    });
    this.addService();
    this.addRights();
    const program = nfsServerPod(this, {
      name: this.programName,
      part: this.part,
      provisioner: this.provisioner,
      claimName: claim.claimName,
      capabilities: CAPABILITIES,
      props,
    });
    program.node.addDependency(claim);
    this.addBudget(props.drains ?? 'allow');
    storageClass(
      this,
      'Class',
      { ...props, expandable: false },
      {
        part: this.part,
        provisioner: this.provisioner,
        parameters: {},
        mountOptions: nfsMountOptions(props),
      },
    );
  }

  private get programName(): string {
    return `nfs-server-${this.className}`;
  }

  private warn(): void {
    find(this, {
      rule: 'storage/one-nfs-server',
      severity: 'warning',
      reason: `class '${this.className}' is served by one NFS server: while its pod or node is down, every pod that mounts one of its volumes hangs`,
      fix: 'Accept it for what can wait, or take a class of CephFS or of a filer',
    });
  }

  /** Its address is written into every volume. Were the Service made anew, no volume could be mounted again. */
  private addService(): void {
    const ports = Object.entries(PORTS).flatMap(([name, port]) => [
      { name, port, targetPort: port, protocol: 'TCP' },
      { name: `${name}-udp`, port, targetPort: port, protocol: 'UDP' },
    ]);
    const service = kubeObject(this, 'Service', 'Service', {
      metadata: { name: this.programName, labels: labelsOf(this.part) },
      spec: { selector: selectorOf(this.part), ports },
    });
    hint(service, { protect: true, retainOnDelete: true });
  }

  private addRights(): void {
    const name = this.programName;
    const namespace = namespaceOf(this);
    const to = { name, namespace };
    serviceAccount(this, 'ServiceAccount', name, this.part);
    grantOnCluster(this, 'Cluster', {
      name: `beamline:${namespace}:${name}`,
      part: this.part,
      rules: SERVER_CLUSTER_RULES,
      to,
    });
    grantInNamespace(this, 'Own', { name, part: this.part, rules: serverRules(name), to });
    allow(this, 'Allow', {
      name,
      part: this.part,
      // Nodes mount, and their addresses are the site's.
      from: [{ peers: 'anyone', ports: 'any' }],
      to: [API_SERVER],
    });
    if (!targetOf(this).has('scc')) return;
    const scc = `${namespace}-${name}`;
    storageScc(this, 'Scc', {
      name: scc,
      part: this.part,
      namespace,
      serviceAccounts: [name],
      capabilities: CAPABILITIES,
      privileged: false,
      host: [],
      volumes: ['configMap', 'emptyDir', 'persistentVolumeClaim', 'projected', 'secret'],
      selinux: 'MustRunAs',
    });
    grantScc(this, 'UseScc', { scc: { named: scc }, part: this.part, serviceAccount: to });
  }

  private addBudget(drains: 'allow' | 'refuse'): void {
    kubeObject(this, 'Budget', 'PodDisruptionBudget', {
      metadata: { name: this.programName, labels: labelsOf(this.part) },
      spec: {
        maxUnavailable: drains === 'allow' ? 1 : 0,
        selector: { matchLabels: selectorOf(this.part) },
      },
    });
  }
}
