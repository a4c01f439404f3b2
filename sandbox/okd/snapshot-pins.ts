import type { UpstreamPin } from '../../constructs/kit/upstream';

const VERSION = 'v8.2.0';

/** The definitions of volume snapshots. OKD brings them together with the snapshot controller. */
export const SNAPSHOT_CRD_PINS: readonly UpstreamPin[] = [
  pin('volumesnapshotclasses', '75e6565aac2c0f2949ed13ea884bbaa388cb7be576b558b709cf1168e011828d'),
  pin('volumesnapshotcontents', '895a3c1e73b60f06a0deb566dd123d01bdf1b2efc5d5ff5231ff8bbcf42dafc7'),
  pin('volumesnapshots', 'b032116e987fb1d7d93cec7d942833adeb9d95c9bdc7e00c10b280c2fe4a6c33'),
];

function pin(plural: string, sha256: string): UpstreamPin {
  const file = `config/crd/snapshot.storage.k8s.io_${plural}.yaml`;
  return {
    name: `external-snapshotter-${plural}`,
    version: VERSION,
    url: `https://raw.githubusercontent.com/kubernetes-csi/external-snapshotter/client/${VERSION}/client/${file}`,
    goModule: {
      path: 'github.com/kubernetes-csi/external-snapshotter/client/v8',
      version: VERSION,
      file,
    },
    sha256,
  };
}
