import type { ImagePins } from './pin';

/** Images of the notebooks. */
export const NOTEBOOKS_IMAGES = {} as const satisfies ImagePins;
