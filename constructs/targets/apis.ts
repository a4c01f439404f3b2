import { SOURCES, type Span } from './capability';

/** One API version of a kind, and where it is served. */
export interface ApiVersion {
  readonly apiVersion: string;
  /** Minor versions of Kubernetes 1 that serve it. */
  readonly kubernetes: Span;
  /**
   * The only flavour that has it.
   *
   * @default - both have it
   */
  readonly only?: 'okd' | 'kubernetes';
  /**
   * Minor versions of OKD 4 that serve it, where its Kubernetes does not decide. OKD 3.11 counts as 0.
   *
   * @default - as the Kubernetes version in it
   */
  readonly okd?: Span;
  readonly source: string;
}

const LIFECYCLE =
  'https://github.com/kubernetes/api, APILifecycleIntroduced and APILifecycleRemoved of the type';
const SNAPSHOTTER = 'https://github.com/kubernetes-csi/external-snapshotter/blob/master/README.md';

const core = api('v1', 0);
const rbac = api('rbac.authorization.k8s.io/v1', 8);
const webhook = [
  api('admissionregistration.k8s.io/v1', 16),
  api('admissionregistration.k8s.io/v1beta1', 9, 22, 'webhook-resources-v122'),
];
const flowControl = [
  api('flowcontrol.apiserver.k8s.io/v1', 29),
  api('flowcontrol.apiserver.k8s.io/v1beta3', 26, 32, 'flowcontrol-resources-v132'),
  api('flowcontrol.apiserver.k8s.io/v1beta2', 23, 29, 'flowcontrol-resources-v129'),
  api('flowcontrol.apiserver.k8s.io/v1beta1', 20, 26, 'flowcontrol-resources-v126'),
];
// The CRDs come with the snapshot controller, whose releases follow those of Kubernetes.
const snapshot = [
  { ...api('snapshot.storage.k8s.io/v1', 20), source: SNAPSHOTTER },
  { ...api('snapshot.storage.k8s.io/v1beta1', 17, 20), source: SNAPSHOTTER },
];

/**
 * Every kind that Beamline renders, best API version first. The numbers were read from the lifecycle markers of
 * k8s.io/api v0.34.4 and agree with the deprecation guide; where the two differ, the later release counts.
 */
export const APIS = {
  Namespace: [core],
  Pod: [core],
  Service: [core],
  Endpoints: [core],
  ServiceAccount: [core],
  Secret: [core],
  ConfigMap: [core],
  PersistentVolume: [core],
  PersistentVolumeClaim: [core],
  ResourceQuota: [core],
  LimitRange: [core],

  Deployment: [api('apps/v1', 9)],
  StatefulSet: [api('apps/v1', 9)],
  DaemonSet: [api('apps/v1', 9)],
  Job: [api('batch/v1', 2)],
  CronJob: [api('batch/v1', 21), api('batch/v1beta1', 8, 25, 'cronjob-v125')],
  HorizontalPodAutoscaler: [
    api('autoscaling/v2', 23),
    api('autoscaling/v2beta2', 12, 26, 'horizontalpodautoscaler-v126'),
    api('autoscaling/v1', 2),
  ],
  PodDisruptionBudget: [
    api('policy/v1', 21),
    api('policy/v1beta1', 5, 25, 'poddisruptionbudget-v125'),
  ],
  PriorityClass: [
    api('scheduling.k8s.io/v1', 14),
    api('scheduling.k8s.io/v1beta1', 11, 22, 'priorityclass-v122'),
  ],
  // Introduced in 1.13 behind a gate that is on since 1.14.
  RuntimeClass: [
    api('node.k8s.io/v1', 20),
    api('node.k8s.io/v1beta1', 14, 25, 'runtimeclass-v125'),
  ],

  NetworkPolicy: [api('networking.k8s.io/v1', 8)],
  Ingress: [
    api('networking.k8s.io/v1', 19),
    api('networking.k8s.io/v1beta1', 14, 22, 'ingress-v122'),
    api('extensions/v1beta1', 1, 22, 'ingress-v122'),
  ],
  IngressClass: [
    api('networking.k8s.io/v1', 19),
    api('networking.k8s.io/v1beta1', 18, 22, 'ingressclass-v122'),
  ],
  // The v1beta1 body has topology where v1 has nodeName and zone; its gate is on since 1.18.
  EndpointSlice: [
    api('discovery.k8s.io/v1', 21),
    api('discovery.k8s.io/v1beta1', 18, 25, 'endpointslice-v125'),
  ],

  Role: [rbac],
  RoleBinding: [rbac],
  ClusterRole: [rbac],
  ClusterRoleBinding: [rbac],
  PodSecurityPolicy: [{ ...api('policy/v1beta1', 10, 25, 'psp-v125'), only: 'kubernetes' }],
  Lease: [api('coordination.k8s.io/v1', 14)],
  ValidatingWebhookConfiguration: webhook,
  MutatingWebhookConfiguration: webhook,
  ValidatingAdmissionPolicy: [api('admissionregistration.k8s.io/v1', 30)],
  ValidatingAdmissionPolicyBinding: [api('admissionregistration.k8s.io/v1', 30)],
  FlowSchema: flowControl,
  PriorityLevelConfiguration: flowControl,
  CustomResourceDefinition: [
    api('apiextensions.k8s.io/v1', 16),
    api('apiextensions.k8s.io/v1beta1', 7, 22, 'customresourcedefinition-v122'),
  ],

  StorageClass: [api('storage.k8s.io/v1', 6)],
  // The lifecycle marker says 1.18, the guide 1.19; v1beta1 is there in both.
  CSIDriver: [
    api('storage.k8s.io/v1', 19),
    api('storage.k8s.io/v1beta1', 14, 22, 'storage-resources-v122'),
  ],
  CSIStorageCapacity: [
    api('storage.k8s.io/v1', 24),
    api('storage.k8s.io/v1beta1', 21, 27, 'csistoragecapacity-v127'),
  ],
  VolumeAttributesClass: [api('storage.k8s.io/v1', 34)],
  VolumeSnapshotClass: snapshot,
  VolumeSnapshot: snapshot,
  DeviceClass: [api('resource.k8s.io/v1', 34)],
  ResourceClaimTemplate: [api('resource.k8s.io/v1', 34)],

  SecurityContextConstraints: [okdOnly('security.openshift.io/v1')],
  Route: [okdOnly('route.openshift.io/v1')],
  Project: [okdOnly('project.openshift.io/v1')],
  ImageStream: [okdOnly('image.openshift.io/v1')],
  Group: [okdOnly('user.openshift.io/v1')],
  OAuth: [okdOnly('config.openshift.io/v1', { since: 1 })],
  // With OVN-Kubernetes, the network of new clusters since 4.12.
  EgressFirewall: [okdOnly('k8s.ovn.org/v1', { since: 12 })],
} as const satisfies Readonly<Record<string, readonly ApiVersion[]>>;

/** A kind whose API version a target can be asked for. */
export type Kind = keyof typeof APIS;

function api(apiVersion: string, since: number, until?: number, section?: string): ApiVersion {
  const source = section === undefined ? LIFECYCLE : `${SOURCES.deprecationGuide}#${section}`;
  return { apiVersion, kubernetes: until === undefined ? { since } : { since, until }, source };
}

/** In every OKD, or in those of the span. */
function okdOnly(apiVersion: string, okd: Span = { since: 0 }): ApiVersion {
  const source = 'https://github.com/openshift/api';
  return { apiVersion, kubernetes: { since: 0 }, only: 'okd', okd, source };
}
