import { Construct } from 'constructs';

import { labelsOf, type Part } from '../kit/labels';
import { customObject, kubeObject } from '../kit/objects';
import { imageRef, IMAGES } from '../versions';

const CSI_API = 'csi.ceph.io/v1';
const IMAGE_SET = 'ceph-csi-images';
const KMS = 'ceph-csi-key-management';

/** Names of the drivers of a Rook, as its StorageClasses have them. */
export function rookDriverNames(namespace: string): {
  readonly rbd: string;
  readonly cephfs: string;
} {
  return { rbd: `${namespace}.rbd.csi.ceph.com`, cephfs: `${namespace}.cephfs.csi.ceph.com` };
}

/** What the operator of ceph-csi is told: the images, and a driver for block devices and one for file systems. */
export function rookDrivers(
  scope: Construct,
  namespace: string,
  part: Part,
  props: {
    readonly kubeletDirectory?: string;
    readonly keyManagement?: Readonly<Record<string, Readonly<Record<string, string>>>>;
    readonly topologyLabels?: readonly string[];
  },
): Construct {
  const drivers = new Construct(scope, 'Drivers');
  const labels = labelsOf({ ...part, name: 'ceph-csi', component: 'driver' });
  const keyManagement = props.keyManagement ?? {};
  kubeObject(drivers, 'Images', 'ConfigMap', {
    metadata: { name: IMAGE_SET, labels },
    data: {
      plugin: imageRef(IMAGES.cephCsi),
      provisioner: imageRef(IMAGES.csiProvisioner),
      attacher: imageRef(IMAGES.csiAttacher),
      resizer: imageRef(IMAGES.csiResizer),
      snapshotter: imageRef(IMAGES.csiSnapshotter),
      registrar: imageRef(IMAGES.csiNodeDriverRegistrar),
      addons: imageRef(IMAGES.csiAddons),
    },
  });
  const encrypted = Object.keys(keyManagement).length > 0;
  if (encrypted) {
    kubeObject(drivers, 'KeyManagement', 'ConfigMap', {
      metadata: { name: KMS, labels },
      data: { 'config.json': JSON.stringify(keyManagement) },
    });
  }
  customObject(drivers, 'Config', {
    apiVersion: CSI_API,
    kind: 'OperatorConfig',
    metadata: { name: 'ceph-csi-operator-config', labels },
    spec: {
      driverSpecDefaults: {
        imageSet: { name: IMAGE_SET },
        enableMetadata: true,
        fsGroupPolicy: 'File',
        deployCsiAddons: false,
        ...(encrypted ? { encryption: { configMapName: { name: KMS } } } : {}),
        nodePlugin: {
          priorityClassName: 'system-node-critical',
          kubeletDirPath: props.kubeletDirectory ?? '/var/lib/kubelet',
          ...(props.topologyLabels === undefined || props.topologyLabels.length === 0
            ? {}
            : { topology: { domainLabels: [...props.topologyLabels] } }),
        },
        controllerPlugin: { priorityClassName: 'system-cluster-critical' },
      },
    },
  });
  for (const name of Object.values(rookDriverNames(namespace))) {
    customObject(drivers, `Driver-${name}`, {
      apiVersion: CSI_API,
      kind: 'Driver',
      metadata: { name, labels },
      spec: {
        fsGroupPolicy: 'File',
        ...(name.includes('.cephfs.') ? { cephFsClientType: 'kernel' } : {}),
        nodePlugin: { updateStrategy: { type: 'RollingUpdate' } },
      },
    });
  }
  return drivers;
}
