/**
 * Says of an object whose part the sandbox plays: `true` on what it made itself, and `false` on what a real program looks after, from which it keeps
 * its hands off. Two that write one status undo each other's work.
 */
export const SIMULATED = 'sandbox.beamline/simulated';

/** Whether a real program looks after an object. */
export function isLookedAfter(annotations: Readonly<Record<string, string>>): boolean {
  return annotations[SIMULATED] === 'false';
}
