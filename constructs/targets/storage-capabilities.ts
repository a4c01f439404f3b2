import { SOURCES, type CapabilityRow } from './capability';

/** What volumes and claims can do. */
export const STORAGE_CAPABILITIES = {
  csi: {
    what: 'CSI volumes',
    kubernetes: { since: 13 },
    instead: 'an in-tree driver',
    source: `${SOURCES.removedGates}, CSIPersistentVolume`,
  },
  'csi-fs-group-policy': {
    what: 'spec.fsGroupPolicy of CSIDrivers',
    kubernetes: { since: 20 },
    instead: 'the rule of older releases, which look at the file system',
    source: `${SOURCES.removedGates}, CSIVolumeFSGroupPolicy`,
  },
  'csi-selinux-mount': {
    what: 'spec.seLinuxMount of CSIDrivers',
    kubernetes: { since: 28 },
    instead: 'relabelling every file',
    source: `${SOURCES.gates}, SELinuxMountReadWriteOncePod`,
  },
  'csi-ephemeral': {
    what: 'inline CSI volumes',
    kubernetes: { since: 16 },
    instead: 'a claim',
    source: `${SOURCES.removedGates}, CSIInlineVolume`,
  },
  'generic-ephemeral-volumes': {
    what: 'generic ephemeral volumes',
    kubernetes: { since: 21 },
    instead: 'an emptyDir or a claim',
    source: `${SOURCES.removedGates}, GenericEphemeralVolume`,
  },
  'volume-expansion': {
    what: 'growing a claim',
    kubernetes: { since: 11 },
    instead: 'a new claim and a copy',
    source: `${SOURCES.removedGates}, ExpandPersistentVolumes`,
  },
  'csi-volume-expansion': {
    what: 'growing a claim on a CSI volume',
    kubernetes: { since: 16 },
    instead: 'a new claim and a copy',
    source: `${SOURCES.removedGates}, ExpandCSIVolumes`,
  },
  'volume-cloning': {
    what: 'claims cloned from claims',
    kubernetes: { since: 16 },
    instead: 'a copy Job',
    source: `${SOURCES.removedGates}, VolumePVCDataSource`,
  },
  'volume-snapshots': {
    what: 'volume snapshots',
    kubernetes: { since: 17 },
    instead: 'a backup Job',
    source: `${SOURCES.removedGates}, VolumeSnapshotDataSource`,
  },
  'snapshot-controller': {
    what: 'the snapshot controller as a part of the cluster',
    kubernetes: 'never',
    okd: { since: 7 },
    instead:
      'the snapshot controller of kubernetes-csi/external-snapshotter, and say so with snapshots: true',
    source: `${SOURCES.openshiftDocs}/4.7/storage/container_storage_interface/persistent-storage-csi-snapshots.html`,
  },
  rook: {
    what: 'Kubernetes 1.31, from which on Rook 1.20 is supported',
    kubernetes: { since: 31 },
    instead: 'ceph-csi with a Ceph outside the cluster, or NFS',
    source:
      'https://github.com/rook/rook/blob/v1.20.6/Documentation/Getting-Started/Prerequisites/prerequisites.md',
  },
  'read-write-once-pod': {
    what: 'the access mode ReadWriteOncePod',
    kubernetes: { since: 27 },
    instead: 'ReadWriteOnce',
    source: 'https://github.com/kubernetes/enhancements/issues/2485',
  },
  'volume-binding-mode': {
    what: 'WaitForFirstConsumer',
    kubernetes: { since: 10 },
    instead: 'Immediate',
    source: `${SOURCES.removedGates}, VolumeScheduling`,
  },
  'pvc-retention-policy': {
    what: 'spec.persistentVolumeClaimRetentionPolicy of StatefulSets',
    kubernetes: { since: 27 },
    instead: 'claims that stay',
    source: `${SOURCES.gates}, StatefulSetAutoDeletePVC`,
  },
  'in-tree-glusterfs': {
    what: 'the in-tree GlusterFS driver',
    kubernetes: { since: 0, until: 26 },
    instead: 'Ceph or NFS',
    source:
      'https://github.com/kubernetes/kubernetes/pull/112015; https://github.com/kubernetes/kubernetes/issues/115035',
  },
  'glusterfs-client': {
    what: 'GlusterFS client packages on its nodes',
    kubernetes: { since: 0, until: 26 },
    okd: { since: 0, until: 12 },
    instead: 'nodes layered with glusterfs-fuse, or Ceph',
    source: 'https://github.com/okd-project/okd/issues/1537',
  },
  'in-tree-cephfs': {
    what: 'the in-tree CephFS and RBD drivers',
    kubernetes: { since: 0, until: 31 },
    instead: 'ceph-csi',
    source: 'https://github.com/kubernetes/kubernetes/pull/118143',
  },
} as const satisfies Readonly<Record<string, CapabilityRow>>;
