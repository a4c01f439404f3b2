import { Construct, type IDependable } from 'constructs';

import { find } from '../kit/findings';
import { labelsOf, type Part } from '../kit/labels';
import { kubeObject, namespaceOf } from '../kit/objects';
import { grantScc } from '../kit/scc';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import { problemsIn } from './access-problems';
import {
  PLAIN,
  type CsiWay,
  type CvmfsExecWay,
  type CvmfsPod,
  type CvmfsWay,
  type ExportWay,
  type ParrotWay,
  type Privilege,
} from './access-props';
import { KEYS_DIRECTORY } from './client-conf';
import { CVMFS_ROOT } from './repository';

/** How the pods of one program read CVMFS. */
export interface CvmfsAccessProps {
  /** What it is for: `worker`. Names the objects that it needs. */
  readonly name: string;
  readonly way: CvmfsWay;
  /**
   * Whether the pods share the user namespace of their node, as most do.
   *
   * @default true
   */
  readonly hostUsers?: boolean;
}

/**
 * One of the ways to CVMFS for the pods of one program: what the pods must have, made and listed, and the privilege
 * that it takes. What cannot work together is refused.
 */
export class CvmfsAccess extends Construct {
  public readonly pod: CvmfsPod;
  public readonly privileges: readonly Privilege[];
  public readonly ready: IDependable = this;
  private readonly part: Part;

  constructor(scope: Construct, id: string, props: CvmfsAccessProps) {
    super(scope, id);
    const { way, hostUsers = true } = props;
    rejectInvalid(this, problemsIn(targetOf(this), way, hostUsers));
    this.part = {
      name: 'cvmfs-access',
      instance: props.name,
      component: way.type,
      partOf: 'cvmfs',
    };
    const { pod, privileges } = this.take(way);
    this.pod = { ...PLAIN, ...pod };
    this.privileges = privileges;
  }

  private take(way: CvmfsWay): Taken {
    switch (way.type) {
      case 'export':
        return this.takeExport(way);
      case 'csi':
        return this.takeCsi(way);
      case 'cvmfsexec':
        return this.takeExec(way);
      case 'parrot':
        return this.takeParrot(way);
    }
  }

  private takeExport({ share, volume = 'claim' }: ExportWay): Taken {
    this.node.addDependency(share.ready);
    const name = share.claimName;
    if (volume === 'inline') {
      find(this, {
        rule: 'cvmfs/inline-nfs',
        severity: 'warning',
        reason:
          'an inline NFS volume has no mount options: a server that dies is noticed after three minutes',
        fix: "take the claim of the share: volume 'claim'",
      });
    }
    const source =
      volume === 'claim'
        ? { persistentVolumeClaim: { claimName: name, readOnly: true } }
        : { nfs: { server: share.server, path: share.mountPath, readOnly: true } };
    return {
      pod: {
        volumes: [{ name, ...source }],
        mounts: [{ name, mountPath: share.mountPath, readOnly: true }],
      },
      privileges: [
        { what: 'none for the pod; the tier is privileged', from: 'the cluster admin, once' },
      ],
    };
  }

  private takeCsi({ driver }: CsiWay): Taken {
    this.node.addDependency(driver.ready);
    const name = `cvmfs-${this.part.instance}`;
    kubeObject(this, 'Claim', 'PersistentVolumeClaim', {
      metadata: { name, labels: labelsOf(this.part) },
      spec: {
        accessModes: ['ReadOnlyMany'],
        storageClassName: driver.className,
        resources: { requests: { storage: '1Mi' } },
      },
    });
    return {
      pod: {
        volumes: [{ name, persistentVolumeClaim: { claimName: name, readOnly: true } }],
        // Repositories are mounted on the node after the pod has started.
        mounts: [
          { name, mountPath: CVMFS_ROOT, readOnly: true, mountPropagation: 'HostToContainer' },
        ],
      },
      privileges: [
        {
          what: 'none for the pod; a privileged client with the processes of the node on every node',
          from: 'the cluster admin, once',
        },
      ],
    };
  }

  private takeExec(way: CvmfsExecWay): Taken {
    const name = `cvmfs-${this.part.instance}`;
    const cache = `${name}-cache`;
    const directory = `${way.directory}/cache`;
    const client = way.repositories.configure(this, 'Client', {
      name,
      part: this.part,
      cacheDirectory: directory,
      role: { kind: 'client' },
      directory: `${way.directory}/dist/etc/cvmfs`,
    });
    const account = { name: way.serviceAccount, namespace: namespaceOf(this) };
    grantScc(this, 'Scc', {
      scc: { named: 'nested-container' },
      part: this.part,
      serviceAccount: account,
    });
    return {
      pod: {
        volumes: [
          client.volume,
          {
            name: cache,
            emptyDir: { sizeLimit: `${Math.ceil(way.repositories.quotaMiB * 1.2)}Mi` },
          },
        ],
        mounts: [...client.mounts, { name: cache, mountPath: directory }],
        annotations: way.fuse.by === 'crio' ? { 'io.kubernetes.cri-o.Devices': '/dev/fuse' } : {},
        resources: way.fuse.by === 'plugin' ? { [way.fuse.resource]: '1' } : {},
        wrapper: [`${way.directory}/cvmfsexec`, ...way.mount, '--'],
        context: { seccompProfile: { type: 'Localhost', localhostProfile: way.seccompProfile } },
        hostUsers: false,
      },
      privileges: [
        {
          what: "a seccomp profile with mount and unshare, /dev/fuse, a user namespace of its own (OKD: SCC 'nested-container')",
          from: 'the cluster admin, per account',
        },
      ],
    };
  }

  private takeParrot({ repositories, program }: ParrotWay): Taken {
    const name = `cvmfs-${this.part.instance}`;
    const client = repositories.configure(this, 'Client', {
      name,
      part: this.part,
      cacheDirectory: '/tmp',
      role: { kind: 'client' },
    });
    find(this, {
      rule: 'cvmfs/parrot-is-slow',
      severity: 'warning',
      reason: 'Parrot stops the program at every system call and keeps a cache for each pod',
      fix: "take it only where neither 'export' nor 'csi' nor 'cvmfsexec' is to be had",
    });
    const catalogue = repositories.repositories.map((repository) => {
      const keys = repository.keys.from === 'pem' ? Object.keys(repository.keys.files) : [];
      const pubkey = keys.map((file) => `${KEYS_DIRECTORY}/${repository.name}/${file}`).join(':');
      const url = repository.servers
        .map((server) => server.replace('@fqrn@', repository.name))
        .join(';');
      return `${repository.name}:url=${url},pubkey=${pubkey}`;
    });
    return {
      pod: {
        volumes: [client.volume],
        mounts: client.mounts.filter(({ mountPath }) => mountPath === KEYS_DIRECTORY),
        env: [
          { name: 'PARROT_ALLOW_SWITCHING_CVMFS_REPOSITORIES', value: 'yes' },
          { name: 'PARROT_CVMFS_REPO', value: catalogue.join(' ') },
          { name: 'HTTP_PROXY', value: repositories.httpProxy },
        ],
        wrapper: [program],
      },
      privileges: [{ what: 'none: it traces its own children', from: 'nobody' }],
    };
  }
}

interface Taken {
  readonly pod: Partial<CvmfsPod>;
  readonly privileges: readonly Privilege[];
}
