import type { ImagePins } from './pin';

/** Images of the CVMFS tier. */
export const CVMFS_IMAGES = {} as const satisfies ImagePins;
