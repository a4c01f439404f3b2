import type { Construct } from 'constructs';

import { labelsOf, type Part } from '../kit/labels';
import { customObject } from '../kit/objects';
import { targetOf, type Target } from '../targets';
import { classProblems, type ClassProps } from './class-props';
import type { CephConnection, CephDriver } from './ceph-connection';
import { storageClass } from './storage-class';

/** What classes on Ceph have in common. */
export interface CephClassProps extends ClassProps {
  readonly ceph: CephConnection;

  /**
   * Whether claims can be snapshotted and copied: a VolumeSnapshotClass of the same name. On Kubernetes that takes the
   * snapshot controller, which is not a part of it.
   *
   * @default - yes where the cluster brings the snapshot controller, as OKD does
   */
  readonly snapshots?: boolean;

  /**
   * What becomes of a snapshot in Ceph when it is deleted in Kubernetes.
   *
   * @default 'delete'
   */
  readonly deletedSnapshots?: 'delete' | 'keep';

  /**
   * Id of the key management that holds a key for each volume, of those that the cluster's connection knows.
   *
   * @default - not encrypted by the driver
   */
  readonly encryption?: string;
}

/** Whether a class has snapshots. */
export function hasSnapshots(target: Target, { snapshots }: CephClassProps): boolean {
  return snapshots ?? target.has('snapshot-controller');
}

/** What is wrong with the common props. */
export function cephClassProblems(
  target: Target,
  driver: CephDriver | undefined,
  kind: 'RBD' | 'CephFS',
  props: CephClassProps,
): string[] {
  const { encryption, ceph } = props;
  return [
    ...target.problemsOf(`a class of ${kind}`, 'csi'),
    ...(driver === undefined
      ? [`'ceph' must have the ${kind} driver, which this connection was made without`]
      : []),
    ...classProblems(props),
    ...(props.expandable === false
      ? []
      : target.problemsOf("'expandable' (set it to false otherwise)", 'csi-volume-expansion')),
    ...(props.snapshots === true ? target.problemsOf("'snapshots'", 'volume-snapshots') : []),
    ...(encryption === undefined || ceph.keyManagement.includes(encryption)
      ? []
      : [
          `'encryption' must be one of the key managements [${ceph.keyManagement.join(', ')}] that the connection knows, got '${encryption}'`,
        ]),
  ];
}

/** Adds a class that a driver serves, with its VolumeSnapshotClass where it has snapshots. Both wait for the Ceph. */
export function cephClass(
  scope: Construct,
  props: CephClassProps,
  driver: CephDriver,
  { name, parameters }: { readonly name: string; readonly parameters: Record<string, string> },
): void {
  const part: Part = { name, instance: props.className, component: 'class', partOf: 'storage' };
  storageClass(scope, 'Class', props, {
    part,
    provisioner: driver.name,
    parameters: { ...cephParameters(props, driver), ...parameters },
  });
  if (hasSnapshots(targetOf(scope), props)) snapshotClass(scope, props, driver, part);
  scope.node.addDependency(props.ceph.ready);
}

/** Parameters of every class: the cluster, the Secrets of the driver, encryption. */
function cephParameters(
  { ceph, encryption }: CephClassProps,
  { secrets }: CephDriver,
): Record<string, string> {
  const secret = (verb: string, name: string): Record<string, string> => ({
    [`csi.storage.k8s.io/${verb}-secret-name`]: name,
    [`csi.storage.k8s.io/${verb}-secret-namespace`]: secrets.namespace,
  });
  return {
    clusterID: ceph.clusterId,
    ...secret('provisioner', secrets.provisioner),
    ...secret('controller-expand', secrets.provisioner),
    ...secret('controller-publish', secrets.provisioner),
    ...secret('node-stage', secrets.node),
    ...(encryption === undefined ? {} : { encrypted: 'true', encryptionKMSID: encryption }),
  };
}

/** Adds the VolumeSnapshotClass of a class, under the same name. */
function snapshotClass(
  scope: Construct,
  props: CephClassProps,
  { name, secrets }: CephDriver,
  part: Part,
): void {
  customObject(scope, 'SnapshotClass', {
    apiVersion: targetOf(scope).apiVersion('VolumeSnapshotClass'),
    kind: 'VolumeSnapshotClass',
    metadata: { name: props.className, labels: labelsOf(part) },
    driver: name,
    deletionPolicy: (props.deletedSnapshots ?? 'delete') === 'delete' ? 'Delete' : 'Retain',
    parameters: {
      clusterID: props.ceph.clusterId,
      'csi.storage.k8s.io/snapshotter-secret-name': secrets.provisioner,
      'csi.storage.k8s.io/snapshotter-secret-namespace': secrets.namespace,
    },
  });
}
