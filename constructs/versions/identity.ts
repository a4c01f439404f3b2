import type { ImagePins } from './pin';

/** Images of the identity provider. */
export const IDENTITY_IMAGES = {
  /** `oc` of a release whose `adm groups` works with every OKD: the Group API has not changed since 3.7. */
  originCli: { repository: 'quay.io/openshift/origin-cli', tag: '4.20' },
  dex: { repository: 'ghcr.io/dexidp/dex', tag: 'v2.41.1' },
} as const satisfies ImagePins;
