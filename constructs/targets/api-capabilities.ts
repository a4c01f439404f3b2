import { SOURCES, type CapabilityRow } from './capability';

/** What the API server itself can do. */
export const API_CAPABILITIES = {
  'server-side-apply': {
    what: 'server-side apply',
    kubernetes: { since: 18 },
    instead: 'client-side apply',
    source: `${SOURCES.gates}, ServerSideApply`,
  },
  'crd-v1': {
    what: 'apiextensions.k8s.io/v1 CustomResourceDefinition',
    kubernetes: { since: 16 },
    instead: 'a v1beta1 definition',
    source: `${SOURCES.deprecationGuide}#customresourcedefinition-v122`,
  },
  'oauth-cr': {
    what: 'the OAuth configuration as an object',
    kubernetes: 'never',
    okd: { since: 1 },
    instead:
      'identityProviders in master-config.yaml on OKD 3.11, flags of the API server on Kubernetes',
    source: 'https://docs.okd.io/3.11/install_config/configuring_authentication.html',
  },
  'dynamic-resource-allocation': {
    what: 'dynamic resource allocation',
    kubernetes: { since: 34 },
    instead: 'a device plugin',
    source: `${SOURCES.gates}, DynamicResourceAllocation`,
  },
} as const satisfies Readonly<Record<string, CapabilityRow>>;
