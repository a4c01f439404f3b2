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
} as const satisfies Readonly<Record<string, UpstreamPin>>;
