import type { PolicyRule } from 'kubernetes-types/rbac/v1';

import { BACKEND_READS, OWN_KIND_READS } from '../kit/traefik-reads';

const READ = ['list', 'watch'];

/** What it reads of the cluster: which class is its own, and the nodes' addresses, which it insists on watching. */
export const CLUSTER_RULES: readonly PolicyRule[] = [
  { apiGroups: ['networking.k8s.io'], resources: ['ingressclasses'], verbs: READ },
  { apiGroups: [''], resources: ['nodes'], verbs: READ },
];

/** What it reads in each namespace that it serves. */
export const NAMESPACE_RULES: readonly PolicyRule[] = [
  ...BACKEND_READS,
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: READ },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update'] },
  OWN_KIND_READS,
];

/** Why a rule over Secrets is there at all. */
export const SECRETS_REASON =
  'Traefik keeps a watch on all Secrets of each namespace it serves, for their certificates, ' +
  'and does not start without it; it cannot be told to leave one out';
