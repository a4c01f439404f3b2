import type { PolicyRule } from 'kubernetes-types/rbac/v1';

// Through informers only: nothing is ever read by name.
const READ = ['list', 'watch'];

/** What a Traefik reads of what its routes lead to, in each namespace that it serves. */
export const BACKEND_READS: readonly PolicyRule[] = [
  { apiGroups: [''], resources: ['services', 'secrets', 'configmaps'], verbs: READ },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
];

/** Its own kinds, of which it reads all or does not start. */
export const OWN_KIND_READS: PolicyRule = {
  apiGroups: ['traefik.io'],
  resources: [
    'ingressroutes',
    'ingressroutetcps',
    'ingressrouteudps',
    'middlewares',
    'middlewaretcps',
    'serverstransports',
    'serverstransporttcps',
    'tlsoptions',
    'tlsstores',
    'traefikservices',
  ],
  verbs: READ,
};
