import type { ImagePins } from './pin';

/** Images of the batch services. */
export const BATCH_IMAGES = {} as const satisfies ImagePins;
