import type { ImagePins } from './pin';

/** Images of REANA. */
export const WORKFLOWS_IMAGES = {} as const satisfies ImagePins;
