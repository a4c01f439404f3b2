import type { UpstreamPin } from '../kit/upstream';
import type { ImagePins } from './pin';

const SIG_STORAGE = 'registry.k8s.io/sig-storage';

/** Images of the storage constructs. Those of Ceph are the set that Rook 1.20.6 names in `deploy/examples/images.txt`. */
export const STORAGE_IMAGES = {
  nfsSubdirProvisioner: {
    repository: `${SIG_STORAGE}/nfs-subdir-external-provisioner`,
    tag: 'v4.0.2',
  },
  nfsServerProvisioner: { repository: `${SIG_STORAGE}/nfs-provisioner`, tag: 'v4.0.8' },
  nfsPlugin: { repository: `${SIG_STORAGE}/nfsplugin`, tag: 'v4.13.4' },
  rook: { repository: 'docker.io/rook/ceph', tag: 'v1.20.6' },
  ceph: { repository: 'quay.io/ceph/ceph', tag: 'v20.2.4' },
  cephCsiOperator: { repository: 'quay.io/cephcsi/ceph-csi-operator', tag: 'v1.0.4' },
  cephCsi: { repository: 'quay.io/cephcsi/cephcsi', tag: 'v3.17.0' },
  csiAddons: { repository: 'quay.io/csiaddons/k8s-sidecar', tag: 'v0.14.0' },
  csiProvisioner: { repository: `${SIG_STORAGE}/csi-provisioner`, tag: 'v6.2.0' },
  csiAttacher: { repository: `${SIG_STORAGE}/csi-attacher`, tag: 'v4.12.0' },
  csiResizer: { repository: `${SIG_STORAGE}/csi-resizer`, tag: 'v2.1.0' },
  csiSnapshotter: { repository: `${SIG_STORAGE}/csi-snapshotter`, tag: 'v8.5.0' },
  csiNodeDriverRegistrar: {
    repository: `${SIG_STORAGE}/csi-node-driver-registrar`,
    tag: 'v2.17.0',
  },
  csiLivenessProbe: { repository: `${SIG_STORAGE}/livenessprobe`, tag: 'v2.19.0' },
} as const satisfies ImagePins;

/** Third-party files of the storage constructs. */
export const STORAGE_FILES = {
  rookCrds: rookFile(
    'rook-crds',
    'crds.yaml',
    '7fa7462d44b35d636703a03a88120030692a06a05ac91ec253200cb4ae8c37cf',
  ),
  rookCommon: rookFile(
    'rook-common',
    'common.yaml',
    '2d59b3093446dcf7dd69c73ebaef2d41e8cdfd14af564c2e885d49ab8d190457',
  ),
  rookCsiOperator: rookFile(
    'rook-csi-operator',
    'csi-operator.yaml',
    'de0bf9160c8370220353d7140a4b60ee6d4b8eda5e260f395fd00cbdc1059ffb',
  ),
} as const satisfies Readonly<Record<string, UpstreamPin>>;

function rookFile(name: string, file: string, sha256: string): UpstreamPin {
  const version = 'v1.20.6';
  const path = `deploy/examples/${file}`;
  return {
    name,
    version,
    url: `https://raw.githubusercontent.com/rook/rook/${version}/${path}`,
    goModule: { path: 'github.com/rook/rook', version, file: path },
    sha256,
  };
}
