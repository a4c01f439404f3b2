import type { ObjectHints, ReadyWhen } from '../constructs/kit/hints';
import { at, isList } from './json';
import type { Lifecycle, Manifest, ObjectId } from './model';
import { groupOf } from './object-id';

/** Whether an environment's data outlives its code. */
export type DataPolicy = 'keep' | 'disposable';

/** What a kind needs beyond what the Pulumi provider does by itself. */
interface KindRule {
  /** Deleting it deletes data or everything in it. */
  readonly holdsData?: boolean;
  /** It stays in the cluster when it leaves the plan, because its deletion deletes data. */
  readonly retain?: boolean;
  /** Immutable fields that the provider takes for mutable. */
  readonly immutable?: readonly string[];
  /** Fields that the cluster writes. */
  readonly clusterWrites?: readonly string[];
  readonly ready?: ReadyWhen;
}

const established: ReadyWhen = { kind: 'condition', type: 'Established' };
const caBundle = ['webhooks[*].clientConfig.caBundle'];
const phase = (value: string): ReadyWhen => ({ kind: 'field', path: 'status.phase', value });
/** OKD gives every namespace its ranges (`hep.md` 2.4). */
const sccRanges = ['mcs', 'supplemental-groups', 'uid-range'].map(
  (range) => `metadata.annotations["openshift.io/sa.scc.${range}"]`,
);

/**
 * `Kind` or `Kind.group`. Immutable fields: pulumi-kubernetes `provider/pkg/provider/diff.go` knows only some of what the
 * API server's validation refuses (rook#16155, terraform-provider-kubernetes#757; the validation packages of Kubernetes 1.34, tried on a real API
 * server in `tests/integration/ranking.test.ts`); cluster-written fields: the rebase rules of
 * kapp `pkg/kapp/config/default.go`.
 */
const RULES: ReadonlyMap<string, KindRule> = new Map(
  Object.entries<KindRule>({
    Namespace: { holdsData: true, clusterWrites: sccRanges },
    PersistentVolumeClaim: {
      holdsData: true,
      retain: true,
      immutable: ['spec.volumeMode', 'spec.dataSource', 'spec.dataSourceRef'],
    },
    PersistentVolume: {
      holdsData: true,
      retain: true,
      immutable: ['spec.volumeMode', 'spec.nodeAffinity'],
    },
    ServiceAccount: { clusterWrites: ['secrets', 'imagePullSecrets'] },
    'CustomResourceDefinition.apiextensions.k8s.io': {
      holdsData: true,
      retain: true,
      immutable: ['spec.scope', 'spec.group', 'spec.names.kind', 'spec.names.plural'],
      clusterWrites: ['spec.conversion.webhook.clientConfig.caBundle'],
      ready: established,
    },
    'StorageClass.storage.k8s.io': { immutable: ['reclaimPolicy', 'volumeBindingMode'] },
    'CSIDriver.storage.k8s.io': { immutable: ['spec.attachRequired', 'spec.volumeLifecycleModes'] },
    'CSIStorageCapacity.storage.k8s.io': { immutable: ['nodeTopology', 'storageClassName'] },
    'VolumeAttachment.storage.k8s.io': { immutable: ['spec'] },
    'VolumeAttributesClass.storage.k8s.io': { immutable: ['driverName', 'parameters'] },
    'VolumeSnapshot.snapshot.storage.k8s.io': { holdsData: true, immutable: ['spec.source'] },
    'VolumeSnapshotContent.snapshot.storage.k8s.io': {
      holdsData: true,
      immutable: ['spec.driver', 'spec.source'],
    },
    'VolumeSnapshotClass.snapshot.storage.k8s.io': {
      immutable: ['driver', 'deletionPolicy', 'parameters'],
    },
    'PriorityClass.scheduling.k8s.io': { immutable: ['value', 'preemptionPolicy'] },
    'RuntimeClass.node.k8s.io': { immutable: ['handler'] },
    'IngressClass.networking.k8s.io': { immutable: ['spec.controller'] },
    'ServiceCIDR.networking.k8s.io': { immutable: ['spec.cidrs'] },
    'IPAddress.networking.k8s.io': { immutable: ['spec.parentRef'] },
    'EndpointSlice.discovery.k8s.io': { immutable: ['addressType'] },
    'ReplicaSet.apps': { immutable: ['spec.selector'] },
    'Job.batch': {
      immutable: [
        'spec.backoffLimitPerIndex',
        'spec.completionMode',
        'spec.managedBy',
        'spec.podFailurePolicy',
        'spec.successPolicy',
      ],
    },
    'ResourceClaim.resource.k8s.io': { immutable: ['spec'] },
    'ResourceClaimTemplate.resource.k8s.io': { immutable: ['spec'] },
    'CertificateSigningRequest.certificates.k8s.io': { immutable: ['spec'] },
    'MutatingWebhookConfiguration.admissionregistration.k8s.io': { clusterWrites: caBundle },
    'ValidatingWebhookConfiguration.admissionregistration.k8s.io': { clusterWrites: caBundle },
    'APIService.apiregistration.k8s.io': {
      clusterWrites: ['spec.caBundle'],
      ready: { kind: 'condition', type: 'Available' },
    },
    'CephCluster.ceph.rook.io': { holdsData: true, retain: true, ready: phase('Ready') },
    'CephBlockPool.ceph.rook.io': { holdsData: true, retain: true, ready: phase('Ready') },
    'CephFilesystem.ceph.rook.io': { holdsData: true, retain: true, ready: phase('Ready') },
    'CephFilesystemSubVolumeGroup.ceph.rook.io': {
      holdsData: true,
      retain: true,
      immutable: ['spec.name', 'spec.filesystemName'],
      ready: phase('Ready'),
    },
    'CephObjectStore.ceph.rook.io': { holdsData: true, retain: true, ready: phase('Ready') },
    // Images are in it.
    'HarborProject.harbor.beamline': { holdsData: true, retain: true, immutable: ['spec.cacheOf'] },
    'HarborMember.harbor.beamline': { immutable: ['spec.project', 'spec.who', 'spec.kind'] },
    'HarborRobot.harbor.beamline': { immutable: ['spec.project', 'spec.name'] },
    'HarborRegistry.harbor.beamline': { immutable: ['spec.type'] },
    'HarborRetention.harbor.beamline': { immutable: ['spec.project'] },
    'ObjectBucketClaim.objectbucket.io': { holdsData: true, retain: true, ready: phase('Bound') },
    'Route.route.openshift.io': {
      ready: {
        kind: 'field',
        path: 'status.ingress[*].conditions[?(@.type=="Admitted")].status',
        value: 'True',
      },
    },
  }),
);

const NO_RULE: KindRule = {};

function ruleOf(manifest: Manifest): KindRule {
  const group = groupOf(manifest.apiVersion);
  return RULES.get(group === '' ? manifest.kind : `${manifest.kind}.${group}`) ?? NO_RULE;
}

const HOLDS_DATA = new Set(
  [
    ...[...RULES].flatMap(([kind, rule]) => (rule.holdsData === true ? [kind] : [])),
    'StatefulSet.apps',
  ].map((kind) => kind.toLowerCase()),
);

/** Whether deleting or replacing an object of this kind can delete data. */
export function mayHoldData(id: ObjectId): boolean {
  return HOLDS_DATA.has(id.split('/')[1] ?? '');
}

/** How an object of this kind may be changed and removed, with the construct's own hints on top. */
export function lifecycleOf(manifest: Manifest, hints: ObjectHints, data: DataPolicy): Lifecycle {
  const rule = ruleOf(manifest);
  const holdsData = rule.holdsData === true || isStatefulWithClaims(manifest);
  const keep = data === 'keep';
  return {
    protect: hints.protect ?? (keep && holdsData),
    retainOnDelete: hints.retainOnDelete ?? (keep && rule.retain === true),
    replaceOnChanges: rule.immutable ?? [],
    ignoreChanges: [...(rule.clusterWrites ?? []), ...(hints.ignoreChanges ?? [])],
  };
}

/** When an object counts as ready: the construct's word, else what ready means for the kind. */
export function readyWhen(manifest: Manifest, hints: ObjectHints): ReadyWhen {
  return hints.ready ?? ruleOf(manifest).ready ?? { kind: 'rollout' };
}

function isStatefulWithClaims(manifest: Manifest): boolean {
  const claims = at(manifest, 'spec', 'volumeClaimTemplates');
  return manifest.kind === 'StatefulSet' && isList(claims) && claims.length > 0;
}
