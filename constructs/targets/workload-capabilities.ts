import { SOURCES, type CapabilityRow } from './capability';

/** What workloads can ask for. */
export const WORKLOAD_CAPABILITIES = {
  'service-links': {
    what: 'spec.enableServiceLinks of pods',
    kubernetes: { since: 13 },
    instead: 'the variables of every Service of the namespace, which it puts into every container',
    source: 'https://github.com/kubernetes/kubernetes/pull/68754',
  },
  'startup-probe': {
    what: 'startup probes',
    kubernetes: { since: 18 },
    instead: 'a liveness probe with a long initial delay',
    source: `${SOURCES.removedGates}, StartupProbe`,
  },
  'topology-spread': {
    what: 'topology spread constraints',
    kubernetes: { since: 18 },
    instead: 'pod anti-affinity',
    source: `${SOURCES.removedGates}, EvenPodsSpread`,
  },
  'topology-labels': {
    what: 'the node label topology.kubernetes.io/zone',
    kubernetes: { since: 17 },
    instead: 'failure-domain.beta.kubernetes.io/zone',
    source:
      'https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesiozone',
  },
  'pdb-unhealthy-eviction': {
    what: 'spec.unhealthyPodEvictionPolicy of PodDisruptionBudgets',
    kubernetes: { since: 27 },
    instead: 'a budget without it',
    source: `${SOURCES.gates}, PDBUnhealthyPodEvictionPolicy`,
  },
  'hpa-metrics': {
    what: 'autoscaling on anything but CPU',
    kubernetes: { since: 12 },
    instead: 'targetCPUUtilizationPercentage',
    source: `${SOURCES.deprecationGuide}#horizontalpodautoscaler-v126`,
  },
  'hpa-behavior': {
    what: 'spec.behavior of HorizontalPodAutoscalers',
    kubernetes: { since: 18 },
    instead: "the controller's own pace",
    source: 'https://github.com/kubernetes/enhancements/issues/853',
  },
  'job-ttl': {
    what: 'spec.ttlSecondsAfterFinished of Jobs',
    kubernetes: { since: 21 },
    instead: 'history limits of a CronJob',
    source: `${SOURCES.removedGates}, TTLAfterFinished`,
  },
  'job-pod-failure-policy': {
    what: 'spec.podFailurePolicy of Jobs',
    kubernetes: { since: 26 },
    instead: 'spec.backoffLimit',
    source: `${SOURCES.gates}, JobPodFailurePolicy`,
  },
  'cron-time-zone': {
    what: 'spec.timeZone of CronJobs',
    kubernetes: { since: 25 },
    instead: 'a schedule in the time zone of the controller manager',
    source: `${SOURCES.removedGates}, CronJobTimeZone`,
  },
  'indexed-job': {
    what: 'indexed Jobs',
    kubernetes: { since: 22 },
    instead: 'one Job an index',
    source: `${SOURCES.removedGates}, IndexedJob`,
  },
  'sidecar-containers': {
    what: 'restartable init containers',
    kubernetes: { since: 29 },
    instead: 'an ordinary container beside the main one',
    source: `${SOURCES.gates}, SidecarContainers`,
  },
  'ephemeral-containers': {
    what: 'ephemeral containers',
    kubernetes: { since: 23 },
    instead: 'kubectl exec',
    source: `${SOURCES.removedGates}, EphemeralContainers`,
  },
  'grpc-probe': {
    what: 'gRPC probes',
    kubernetes: { since: 24 },
    instead: 'an exec probe',
    source: `${SOURCES.gates}, GRPCContainerProbe`,
  },
  'fs-group-change-policy': {
    what: 'fsGroupChangePolicy',
    kubernetes: { since: 20 },
    instead: 'a volume whose files already have the group',
    source: `${SOURCES.removedGates}, ConfigurableFSGroupPolicy`,
  },
  'immutable-config': {
    what: 'immutable ConfigMaps and Secrets',
    kubernetes: { since: 19 },
    instead: 'a mutable one with a checksum on the pods',
    source: `${SOURCES.removedGates}, ImmutableEphemeralVolumes`,
  },
} as const satisfies Readonly<Record<string, CapabilityRow>>;
