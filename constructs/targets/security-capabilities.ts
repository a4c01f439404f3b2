import { SOURCES, type CapabilityRow } from './capability';

/** How pods are confined and who decides it. */
export const SECURITY_CAPABILITIES = {
  'seccomp-field': {
    what: 'securityContext.seccompProfile that ordinary pods may set',
    kubernetes: { since: 19 },
    okd: { since: 11 },
    instead: "the runtime's default profile",
    source: `${SOURCES.openshiftDocs}/4.11/release_notes/ocp-4-11-release-notes.html, restricted-v2; https://github.com/kubernetes/enhancements/issues/135`,
  },
  'seccomp-annotation': {
    what: 'the annotation seccomp.security.alpha.kubernetes.io/pod',
    kubernetes: { since: 3, until: 25 },
    okd: 'never',
    instead: 'securityContext.seccompProfile',
    source: 'https://kubernetes.io/docs/tutorials/security/seccomp/',
  },
  'run-as-group': {
    what: 'securityContext.runAsGroup',
    kubernetes: { since: 14 },
    instead: 'the group of the image',
    source: `${SOURCES.removedGates}, RunAsGroup`,
  },
  'user-namespaces': {
    what: 'pods in user namespaces (hostUsers: false)',
    kubernetes: { since: 33 },
    okd: { since: 20 },
    instead: 'a privileged pod in a namespace that users cannot reach',
    source: `${SOURCES.gates}, UserNamespacesSupport; https://okd.io/blog/`,
  },
  'crio-fuse-device': {
    what: '/dev/fuse for unprivileged pods by the annotation io.kubernetes.cri-o.Devices',
    kubernetes: 'never',
    okd: { since: 15 },
    instead: 'a device plugin',
    source: `${SOURCES.openshiftDocs}/4.15/release_notes/ocp-4-15-release-notes.html#ocp-4-15-nodes-dev-fuse`,
  },
  psa: {
    what: 'Pod Security admission',
    kubernetes: { since: 23 },
    okd: { since: 11 },
    instead: 'SecurityContextConstraints on OKD, a PodSecurityPolicy on Kubernetes',
    source: 'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
  },
  psp: {
    what: 'PodSecurityPolicy',
    kubernetes: { since: 10, until: 25 },
    okd: 'never',
    instead: 'Pod Security admission',
    source: `${SOURCES.deprecationGuide}#psp-v125`,
  },
  scc: {
    what: 'SecurityContextConstraints',
    kubernetes: 'never',
    okd: { since: 0 },
    instead: 'Pod Security admission',
    source: 'https://docs.okd.io/3.11/architecture/additional_concepts/authorization.html',
  },
  'scc-v2': {
    what: 'the restricted-v2, nonroot-v2 and hostnetwork-v2 SecurityContextConstraints',
    kubernetes: 'never',
    okd: { since: 11 },
    instead: 'restricted, nonroot and hostnetwork',
    source: `${SOURCES.openshiftDocs}/4.11/release_notes/ocp-4-11-release-notes.html`,
  },
  'validating-admission-policy': {
    what: 'ValidatingAdmissionPolicies',
    kubernetes: { since: 30 },
    instead: 'a webhook',
    source: 'https://github.com/kubernetes/enhancements/issues/3488',
  },
  'token-request': {
    what: 'short-lived tokens by TokenRequest',
    kubernetes: { since: 12 },
    instead: 'a token Secret',
    source: `${SOURCES.removedGates}, TokenRequest`,
  },
} as const satisfies Readonly<Record<string, CapabilityRow>>;
