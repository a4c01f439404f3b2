import type { UpstreamPin } from '../kit/upstream';
import type { ImagePins } from './pin';

/** Images of the front door. */
export const EDGE_IMAGES = {
  traefik: { repository: 'docker.io/library/traefik', tag: 'v3.6.12' },
  whoami: { repository: 'docker.io/traefik/whoami', tag: 'v1.11.0' },
} as const satisfies ImagePins;

/** Third-party files of the front door. */
export const EDGE_FILES = {
  traefikCrds: {
    name: 'traefik-crds',
    version: 'v3.6.12',
    url: 'https://raw.githubusercontent.com/traefik/traefik/v3.6.12/docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml',
    goModule: {
      path: 'github.com/traefik/traefik/v3',
      version: 'v3.6.12',
      file: 'docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml',
    },
    sha256: '19df8d4caa268314977886df8415cd809ec3faed4c6da608debc2b1c10e38397',
  },
  certManagerClusterIssuers: {
    name: 'cert-manager-clusterissuers',
    version: 'v1.20.0',
    url: 'https://raw.githubusercontent.com/cert-manager/cert-manager/v1.20.0/deploy/crds/cert-manager.io_clusterissuers.yaml',
    goModule: {
      path: 'github.com/cert-manager/cert-manager',
      version: 'v1.20.0',
      file: 'deploy/crds/cert-manager.io_clusterissuers.yaml',
    },
    sha256: 'cc77b61d2d8fed8c4a52c1fa346df4eaef5bf7d0f66edada0008efd7632d9f9e',
  },
  certManagerCertificates: {
    name: 'cert-manager-certificates',
    version: 'v1.20.0',
    url: 'https://raw.githubusercontent.com/cert-manager/cert-manager/v1.20.0/deploy/crds/cert-manager.io_certificates.yaml',
    goModule: {
      path: 'github.com/cert-manager/cert-manager',
      version: 'v1.20.0',
      file: 'deploy/crds/cert-manager.io_certificates.yaml',
    },
    sha256: '4373b354661730a1c6ae766ee2e524d6fae6778a219aa397e5bf0256bc991ee6',
  },
} as const satisfies Readonly<Record<string, UpstreamPin>>;
