import { Construct } from 'constructs';

import { UpstreamManifest, type UpstreamObject } from '../kit/upstream-manifest';
import { UPSTREAM_FILES } from '../versions';

/** The namespace that Rook's files hard-code. */
const UPSTREAM_NAMESPACE = 'rook-ceph';

/** Parts that nothing of ours uses: the bucket API of COSI, and drivers for NFS and NVMe-oF. */
const UNUSED = /objectstorage-provisioner|nvmeof|-csi-nfs-/;

/** Rook's definitions and those of the operator of ceph-csi. They are the cluster's. */
export function rookDefinitions(scope: Construct): Construct {
  const both = new Construct(scope, 'Definitions');
  new UpstreamManifest(both, 'Rook', { pin: UPSTREAM_FILES.rookCrds });
  new UpstreamManifest(both, 'Csi', {
    pin: UPSTREAM_FILES.rookCsiOperator,
    only: ({ kind }) => kind === 'CustomResourceDefinition',
  });
  return both;
}

/** ServiceAccounts and roles, in the namespace that Rook runs in. */
export function rookRights(scope: Construct, namespace: string): Construct {
  const both = new Construct(scope, 'Rights');
  const moved = { from: UPSTREAM_NAMESPACE, to: namespace };
  new UpstreamManifest(both, 'Rook', {
    pin: UPSTREAM_FILES.rookCommon,
    only: isRight,
    namespace: moved,
  });
  new UpstreamManifest(both, 'Csi', {
    pin: UPSTREAM_FILES.rookCsiOperator,
    only: isRight,
    namespace: moved,
  });
  return both;
}

function isRight({ kind, metadata }: UpstreamObject): boolean {
  const kinds = ['ServiceAccount', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'];
  return kinds.includes(kind) && !UNUSED.test(metadata.name);
}
