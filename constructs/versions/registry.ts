import type { ImagePins } from './pin';

/** Images of the registry. */
export const REGISTRY_IMAGES = {} as const satisfies ImagePins;
