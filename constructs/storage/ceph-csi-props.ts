import { isIPv4 } from 'node:net';

import type { Target } from '../targets';
import { CEPH_NAME, type CephFilesystemFacts, type CephPoolFacts } from './ceph-connection';
import type { Credentials } from './credentials';

/** A user of Ceph, and where its key comes from. An existing Secret holds `userID` and `userKey`. */
export interface CephUser {
  /** Without `client.`: `csi-rbd-provisioner`. */
  readonly id: string;
  readonly key: Credentials;
}

/** The users of a driver: one that makes volumes, and one that nodes mount with. */
export interface CephUsers {
  readonly provisioner: CephUser;
  readonly node: CephUser;
}

/** A Ceph outside the cluster, and how this cluster reaches it. */
export interface CephCsiProps {
  /** What the classes call the Ceph cluster; its `fsid` is a good name. At most 36 bytes, and never to be changed. */
  readonly clusterId: string;

  /** Addresses of the monitors: `192.0.2.11:6789`, or `192.0.2.11:3300` for the second protocol. */
  readonly monitors: readonly string[];

  /**
   * Block devices: users and the pools they may use.
   *
   * @default - no driver for them
   */
  readonly rbd?: { readonly users: CephUsers; readonly pools: readonly CephPoolFacts[] };

  /**
   * File systems: users, the file systems, and the subvolume group that holds the volumes.
   *
   * @default - no driver for them
   */
  readonly cephfs?: {
    readonly users: CephUsers;
    readonly filesystems: readonly CephFilesystemFacts[];
    /** @default 'csi' */
    readonly subvolumeGroup?: string;
  };

  /** Why privileged pods on every node are accepted: `Ceph of the computing centre is the site's storage`. */
  readonly consent: string;

  /**
   * Key management for encrypted classes: by id, what ceph-csi is told of it. No secret.
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

  /**
   * Controllers of each driver, one of which works.
   *
   * @default 2
   */
  readonly replicas?: number;

  /**
   * Directory of the kubelet on the nodes.
   *
   * @default '/var/lib/kubelet'
   */
  readonly kubeletDirectory?: string;
}

/** What is wrong with the props, one message each. */
export function cephCsiProblems(target: Target, props: CephCsiProps): string[] {
  const { clusterId, monitors, rbd, cephfs, replicas } = props;
  const bytes = Buffer.byteLength(clusterId);
  return [
    ...target.problemsOf('ceph-csi', 'csi'),
    ...(bytes <= 36
      ? []
      : [
          `'clusterId' must be at most 36 bytes, got '${clusterId}' of ${bytes}; take the fsid of Ceph`,
        ]),
    ...(/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(clusterId)
      ? []
      : [`'clusterId' must be letters, digits, '.', '_' and '-', got '${clusterId}'`]),
    ...(monitors.length === 0 ? [`'monitors' must list at least one address, got none`] : []),
    ...monitors.flatMap((monitor) =>
      isMonitor(monitor)
        ? []
        : [`'monitors' must be address and port, such as '192.0.2.11:6789', got '${monitor}'`],
    ),
    ...(rbd === undefined && cephfs === undefined
      ? [`'rbd' or 'cephfs' must be given, got neither: no class could be made`]
      : []),
    ...(rbd?.pools.length === 0 ? [`'rbd.pools' must list at least one pool, got none`] : []),
    ...(cephfs?.filesystems.length === 0
      ? [`'cephfs.filesystems' must list at least one file system, got none`]
      : []),
    ...(props.consent.trim() === ''
      ? [`'consent' must say why privileged pods on every node are accepted, got ''`]
      : []),
    ...(replicas === undefined || (Number.isInteger(replicas) && replicas >= 1)
      ? []
      : [`'replicas' must be a whole number from 1, got '${replicas}'`]),
    ...[...usersOf('rbd', rbd?.users), ...usersOf('cephfs', cephfs?.users)].flatMap(
      ([field, { id }]) =>
        CEPH_NAME.test(id) || /^[\w.-]+$/.test(id)
          ? id.startsWith('client.')
            ? [`'${field}.id' must leave 'client.' out, got '${id}'`]
            : []
          : [`'${field}.id' must be the name of a user of Ceph, got '${id}'`],
    ),
  ];
}

function usersOf(driver: string, users: CephUsers | undefined): (readonly [string, CephUser])[] {
  return users === undefined
    ? []
    : [
        [`${driver}.users.provisioner`, users.provisioner],
        [`${driver}.users.node`, users.node],
      ];
}

function isMonitor(text: string): boolean {
  const [, address = '', port] = /^(.+):(\d+)$/.exec(text) ?? [];
  return (isIPv4(address) || /^[a-z0-9.-]+$/i.test(address)) && Number(port) > 0;
}
