import type { Construct } from 'constructs';

import type { Part } from '../kit/labels';
import { allow, API_SERVER } from '../kit/network';
import { namespaceOf } from '../kit/objects';
import { grantInNamespace, grantOnCluster, serviceAccount } from '../kit/rbac';
import { grantScc } from '../kit/scc';
import { rejectInvalid } from '../kit/validate';
import { deployment } from '../kit/workloads';
import { imageRef, IMAGES } from '../versions';
import { nfsClass, nfsRoot } from './nfs-objects';
import { problemsIn } from './nfs-problems';
import type { NfsProvisionerProps } from './nfs-provisioner-props';
import { CLUSTER_RULES, lockRules } from './nfs-rules';
import { SharedClass } from './volume-class';

const NAME = 'nfs-provisioner';
const MOUNT = '/persistentvolumes'; // compiled into the program

/**
 * Gives every claim of a class its own directory on an existing NFS filer. The filer does not enforce the size that
 * a claim asks for. See https://github.com/kubernetes-sigs/nfs-subdir-external-provisioner
 */
export class NfsProvisioner extends SharedClass {
  public readonly className: string;
  public readonly expandable = false;
  public readonly snapshotClassName = undefined;
  private readonly part: Part;
  private readonly provisioner: string;

  constructor(scope: Construct, id: string, props: NfsProvisionerProps) {
    super(scope, id);
    rejectInvalid(this, problemsIn(props));

    this.className = props.className;
    this.provisioner = `beamline/nfs-${props.className}`;
    this.part = {
      name: 'nfs-subdir-external-provisioner',
      instance: props.className,
      component: 'provisioner',
      partOf: 'storage',
      version: IMAGES.nfsSubdirProvisioner.tag,
    };
    const replicas = props.replicas ?? 1;
    this.addRights(props.owner, replicas);
    const claim = nfsRoot(this, `${NAME}-${props.className}`, this.part, props);
    this.addProgram(claim, replicas, props);
    nfsClass(this, this.provisioner, this.part, props);
  }

  private get programName(): string {
    return `${NAME}-${this.className}`;
  }

  private addRights(owner: number | undefined, replicas: number): void {
    const name = this.programName;
    const namespace = namespaceOf(this);
    const to = { name, namespace };
    serviceAccount(this, 'ServiceAccount', name, this.part);
    // ClusterRoles of two provisioners, in two namespaces, must not meet under one name.
    grantOnCluster(this, 'Cluster', {
      name: `beamline:${namespace}:${name}`,
      part: this.part,
      rules: CLUSTER_RULES,
      to,
    });
    if (replicas > 1) {
      grantInNamespace(this, 'Lock', {
        name: `${name}-lock`,
        part: this.part,
        rules: lockRules(this.provisioner),
        to,
      });
    }
    if (owner !== undefined) {
      grantScc(this, 'Scc', { scc: 'nonroot', part: this.part, serviceAccount: to });
    }
    allow(this, 'Allow', { name, part: this.part, to: [API_SERVER] });
  }

  private addProgram(claim: string, replicas: number, props: NfsProvisionerProps): void {
    deployment(this, 'Deployment', {
      name: this.programName,
      part: this.part,
      replicas,
      // Two that work at once would race for the same directory.
      strategy: replicas === 1 ? { type: 'Recreate' } : undefined,
      serviceAccount: this.programName,
      usesApi: true,
      ...(props.owner === undefined ? {} : { user: props.owner, fixedUser: true }),
      containers: [
        {
          name: 'provisioner',
          image: imageRef(IMAGES.nfsSubdirProvisioner),
          env: [
            { name: 'PROVISIONER_NAME', value: this.provisioner },
            { name: 'NFS_SERVER', value: props.server },
            { name: 'NFS_PATH', value: props.path },
            { name: 'ENABLE_LEADER_ELECTION', value: String(replicas > 1) },
          ],
          resources: { cpu: '10m', memory: '64Mi', memoryLimit: '128Mi' },
          probes: {
            readiness: {
              exec: { command: ['stat', MOUNT] },
              periodSeconds: 30,
              timeoutSeconds: 10,
            },
            liveness: {
              exempt:
                'it has no health endpoint, ends by itself when it cannot work, and a restart does not mend a filer',
            },
          },
          mounts: [{ name: 'export', mountPath: MOUNT }],
        },
      ],
      volumes: [{ name: 'export', persistentVolumeClaim: { claimName: claim } }],
    });
  }
}
