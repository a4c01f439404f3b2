import { Construct } from 'constructs';
import type { PolicyRule } from 'kubernetes-types/rbac/v1';

import { labelsOf, type Part } from '../kit/labels';
import { allow, API_SERVER } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { grantInNamespace, grantOnCluster, serviceAccount } from '../kit/rbac';
import { targetOf } from '../targets';
import {
  cephCsiController,
  cephCsiNode,
  type CephCsiDriver,
  type CephDriverKind,
} from './ceph-csi-programs';
import type { CephCsiProps } from './ceph-csi-props';
import {
  ATTACHER_RULES,
  LOCK_RULES,
  merged,
  PROVISIONER_RULES,
  RESIZER_RULES,
  secretRules,
  SNAPSHOTTER_RULES,
  TOPOLOGY_RULES,
} from './csi-rules';

/** Adds a driver; answers the names of its ServiceAccounts. */
export function cephCsiDriver(scope: Construct, driver: CephCsiDriver): string[] {
  const { kind, name, secrets, props } = driver;
  const at = new Construct(scope, kind === 'rbd' ? 'Rbd' : 'CephFs');
  const target = targetOf(at);
  const controllerPart: Part = { ...driver.part, component: `${kind}-controller` };
  const nodePart: Part = { ...driver.part, component: `${kind}-node` };
  const controller = `csi-${kind}-controller`;
  const node = `csi-${kind}-nodes`;
  kubeObject(at, 'Driver', 'CSIDriver', {
    metadata: { name, labels: labelsOf(driver.part) },
    spec: {
      attachRequired: kind === 'rbd',
      podInfoOnMount: false,
      ...(target.has('csi-fs-group-policy') ? { fsGroupPolicy: 'File' } : {}),
      ...(target.has('csi-selinux-mount') ? { seLinuxMount: true } : {}),
    },
  });
  rights(at, 'Controller', {
    name: controller,
    part: controllerPart,
    cluster: controllerRules(kind, props, target.has('volume-snapshots')),
    own: [...LOCK_RULES, ...secretRules([secrets.provisioner])],
  });
  rights(at, 'Node', {
    name: node,
    part: nodePart,
    cluster: nodeRules(kind, props),
    own: secretRules([secrets.node]),
  });
  allow(at, 'Allow', {
    name: controller,
    part: controllerPart,
    // Daemons of Ceph listen from 6800 on, as many as there are.
    to: [API_SERVER, { peers: 'anyone', ports: 'any' }],
  });
  const programs = { ...driver, controllerPart, nodePart, controller, node };
  cephCsiController(at, programs);
  cephCsiNode(at, programs);
  return [controller, node];
}

function rights(
  scope: Construct,
  id: string,
  to: {
    readonly name: string;
    readonly part: Part;
    readonly cluster: readonly PolicyRule[];
    readonly own: readonly PolicyRule[];
  },
): void {
  const namespace = namespaceOf(scope);
  const { name, part } = to;
  serviceAccount(scope, `${id}Account`, name, part);
  if (to.cluster.length > 0) {
    grantOnCluster(scope, id, {
      name: `beamline:${namespace}:${name}`,
      part,
      rules: to.cluster,
      to: { name, namespace },
    });
  }
  grantInNamespace(scope, id, { name, part, rules: to.own, to: { name, namespace } });
}

function controllerRules(
  kind: CephDriverKind,
  { topologyLabels }: CephCsiProps,
  snapshots: boolean,
): PolicyRule[] {
  return merged(
    PROVISIONER_RULES,
    RESIZER_RULES,
    kind === 'rbd' ? ATTACHER_RULES : [],
    snapshots ? SNAPSHOTTER_RULES : [],
    topologyLabels === undefined || topologyLabels.length === 0 ? [] : TOPOLOGY_RULES,
  );
}

/** The node part of RBD looks at start for devices that it must attach again (`internal/rbd/rbd_healer.go`). */
function nodeRules(kind: CephDriverKind, { topologyLabels }: CephCsiProps): PolicyRule[] {
  return [
    ...(kind === 'rbd'
      ? [
          { apiGroups: ['storage.k8s.io'], resources: ['volumeattachments'], verbs: ['list'] },
          { apiGroups: [''], resources: ['persistentvolumes'], verbs: ['get'] },
        ]
      : []),
    ...(topologyLabels === undefined || topologyLabels.length === 0
      ? []
      : [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }]),
  ];
}
