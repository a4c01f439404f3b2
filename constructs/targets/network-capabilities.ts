import { SOURCES, type CapabilityRow } from './capability';

/** How traffic comes in and is held back. */
export const NETWORK_CAPABILITIES = {
  'ingress-v1': {
    what: 'networking.k8s.io/v1 Ingress',
    kubernetes: { since: 19 },
    instead: 'the v1beta1 Ingress, or a Route on OKD',
    source: `${SOURCES.deprecationGuide}#ingress-v122`,
  },
  'ingress-class': {
    what: 'IngressClass',
    kubernetes: { since: 18 },
    instead: 'the annotation kubernetes.io/ingress.class',
    source: `${SOURCES.deprecationGuide}#ingressclass-v122`,
  },
  route: {
    what: 'Routes',
    kubernetes: 'never',
    okd: { since: 0 },
    instead: 'an Ingress',
    source: 'https://docs.okd.io/3.11/architecture/networking/routes.html',
  },
  'endpoint-slice-v1': {
    what: 'discovery.k8s.io/v1 EndpointSlice',
    kubernetes: { since: 21 },
    instead: 'Endpoints',
    source: `${SOURCES.deprecationGuide}#endpointslice-v125`,
  },
  'network-policy-egress': {
    what: 'egress network policies that the default network plugin enforces',
    kubernetes: { since: 8 },
    okd: { since: 12 },
    instead: 'an EgressNetworkPolicy, or OVN-Kubernetes as network plugin',
    source: `${SOURCES.openshiftDocs}/4.9/networking/network_policy/about-network-policy.html; ${SOURCES.openshiftDocs}/4.12/release_notes/ocp-4-12-release-notes.html`,
  },
  'namespace-name-label': {
    what: 'the label kubernetes.io/metadata.name on every namespace',
    kubernetes: { since: 21 },
    instead: 'a label of your own on the namespace',
    source: `${SOURCES.removedGates}, NamespaceDefaultLabelName`,
  },
  'internal-traffic-policy': {
    what: 'spec.internalTrafficPolicy of Services',
    kubernetes: { since: 22 },
    instead: 'a headless Service',
    source: 'https://github.com/kubernetes/enhancements/issues/2086',
  },
  'load-balancer-class': {
    what: 'spec.loadBalancerClass of Services',
    kubernetes: { since: 22 },
    instead: 'the annotations of the load balancer',
    source: `${SOURCES.removedGates}, ServiceLoadBalancerClass`,
  },
} as const satisfies Readonly<Record<string, CapabilityRow>>;
