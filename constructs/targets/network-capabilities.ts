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
  'router-labels': {
    what: 'labels by which network policies know where the requests of its router come from',
    kubernetes: 'never',
    okd: { since: 1 },
    instead: 'a label that its admin sets on the namespace default',
    source: `${SOURCES.openshiftDocs}/4.6/networking/network_policy/about-network-policy.html`,
  },
  'route-rewrite': {
    what: 'Routes that rewrite the path',
    kubernetes: 'never',
    okd: { since: 6 },
    instead: 'a program that can be told its path, or Traefik',
    source:
      "https://github.com/openshift/verification-tests, case OCP-34106, 'the master version >= 4.6'",
  },
  'route-tunnel-timeout': {
    what: 'Routes with a time of their own for websockets',
    kubernetes: 'never',
    okd: { since: 6 },
    instead: "the router's own hour, or ROUTER_DEFAULT_TUNNEL_TIMEOUT of the router",
    source:
      'https://docs.okd.io/3.11/architecture/networking/routes.html#route-specific-annotations, which lacks it',
  },
  'route-external-certificate': {
    what: 'Routes whose certificate is in a Secret',
    kubernetes: 'never',
    okd: { since: 19 },
    instead: "certificates of kind 'given' or 'own'",
    source:
      'https://github.com/openshift/api/blob/master/features/features.go, RouteExternalCertificate',
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
  'egress-hosts': {
    what: 'egress rules that name hosts (EgressFirewall)',
    kubernetes: 'never',
    okd: { since: 12 },
    instead: 'networks by their CIDR, or a proxy of the site that knows the names',
    source: `${SOURCES.openshiftDocs}/4.12/networking/ovn_kubernetes_network_provider/configuring-egress-firewall-ovn.html`,
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
