import type { ApiObject } from 'cdk8s';
import { Construct, type IDependable } from 'constructs';

import { labelsOf, type Part } from '../kit/labels';
import { kubeObject, namespaceOf } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import { IMAGES } from '../versions';
import type {
  CephConnection,
  CephDriver,
  CephFilesystemFacts,
  CephPoolFacts,
} from './ceph-connection';
import { cephCsiDriver } from './ceph-csi-driver';
import type { CephDriverKind } from './ceph-csi-programs';
import {
  cephCsiProblems,
  type CephCsiProps,
  type CephUser,
  type CephUsers,
} from './ceph-csi-props';
import { credentialsSecret } from './credentials';
import { storageScc } from './storage-scc';

/**
 * ceph-csi for a Ceph outside the cluster, with the drivers that the site asks for. One for a namespace; the names of the
 * drivers begin with the namespace, so that several can be in a cluster.
 */
export class CephCsi extends Construct implements CephConnection {
  public readonly clusterId: string;
  public readonly rbd: CephDriver | undefined;
  public readonly cephfs: CephDriver | undefined;
  public readonly blockPools: readonly CephPoolFacts[];
  public readonly filesystems: readonly CephFilesystemFacts[];
  public readonly keyManagement: readonly string[];
  public readonly ready: IDependable = this;
  private readonly part: Part;
  private readonly accounts: string[] = [];

  constructor(scope: Construct, id: string, props: CephCsiProps) {
    super(scope, id);
    rejectInvalid(this, cephCsiProblems(targetOf(this), props));

    this.clusterId = props.clusterId;
    this.blockPools = props.rbd?.pools ?? [];
    this.filesystems = props.cephfs?.filesystems ?? [];
    this.keyManagement = Object.keys(props.keyManagement ?? {});
    this.part = {
      name: 'ceph-csi',
      instance: namespaceOf(this),
      component: 'driver',
      partOf: 'storage',
      version: IMAGES.cephCsi.tag,
    };
    const config = [this.addClusters(props), this.addCephConf(), this.addKeyManagement(props)];
    this.rbd = this.addDriver('rbd', props, props.rbd?.users, config);
    this.cephfs = this.addDriver('cephfs', props, props.cephfs?.users, config);
    storageScc(this, 'Scc', {
      name: `${namespaceOf(this)}-ceph-csi`,
      part: this.part,
      namespace: namespaceOf(this),
      serviceAccounts: this.accounts,
      capabilities: ['SYS_ADMIN'],
      privileged: true,
      host: ['paths', 'network', 'ports', 'pid'],
      volumes: ['configMap', 'emptyDir', 'projected'],
      selinux: 'RunAsAny',
    });
  }

  private addClusters({ clusterId, monitors, cephfs }: CephCsiProps): ApiObject {
    const cluster = {
      clusterID: clusterId,
      monitors,
      ...(cephfs === undefined
        ? {}
        : { cephFS: { subvolumeGroup: cephfs.subvolumeGroup ?? 'csi' } }),
    };
    return this.settings('Clusters', 'ceph-csi-config', {
      'config.json': JSON.stringify([cluster]),
    });
  }

  private addCephConf(): ApiObject {
    const lines = [
      '[global]',
      'auth_cluster_required = cephx',
      'auth_service_required = cephx',
      'auth_client_required = cephx',
    ];
    // ceph-csi wants a keyring to be there, and an empty one will do.
    return this.settings('CephConf', 'ceph-config', {
      'ceph.conf': `${lines.join('\n')}\n`,
      keyring: '',
    });
  }

  private addKeyManagement({ keyManagement }: CephCsiProps): ApiObject {
    return this.settings('KeyManagement', 'ceph-csi-encryption-kms-config', {
      'config.json': JSON.stringify(keyManagement ?? {}),
    });
  }

  private settings(id: string, name: string, data: Readonly<Record<string, string>>): ApiObject {
    return kubeObject(this, id, 'ConfigMap', {
      metadata: { name, labels: labelsOf(this.part) },
      data: { ...data },
    });
  }

  private addDriver(
    kind: CephDriverKind,
    props: CephCsiProps,
    users: CephUsers | undefined,
    config: readonly ApiObject[],
  ): CephDriver | undefined {
    if (users === undefined) return undefined;
    const namespace = namespaceOf(this);
    const secrets = {
      namespace,
      provisioner: this.user(`csi-${kind}-provisioner`, users.provisioner),
      node: this.user(`csi-${kind}-node`, users.node),
    };
    const name = `${namespace}.${kind}.csi.ceph.com`;
    this.accounts.push(
      ...cephCsiDriver(this, { kind, name, part: this.part, secrets, config, props }),
    );
    return { name, secrets };
  }

  private user(name: string, { id, key }: CephUser): string {
    return credentialsSecret(this, name, key, {
      name,
      part: this.part,
      data: (password) => ({ userID: id, userKey: password }),
    }).name;
  }
}
