import type { ImagePins } from './pin';

/** Images of the identity provider. */
export const IDENTITY_IMAGES = {} as const satisfies ImagePins;
