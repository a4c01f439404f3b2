import type { Fault } from '../tests/integration/cvmfs/support/faults';

/** What is measured of the CVMFS tier, as it is called in the results. */
export const PAUSE = {
  p50: 'longest pause of any reader, p50',
  p95: 'longest pause of any reader, p95',
  max: 'longest pause of any reader, max',
} as const;
export const WRONG_BYTES = 'wrong bytes seen by readers';
export const CLIENT_ERRORS = 'errors seen by readers';
/** Who is said to have done what was found over all failures. */
export const ALL_FAULTS = 'every failure';

/** Failures that nobody announces: a server that is killed, or that is sick. */
export const SUDDEN = [
  'server killed',
  'container killed',
  'server stopped',
  'mount hangs',
  'mount dies',
] as const satisfies readonly Fault[];
