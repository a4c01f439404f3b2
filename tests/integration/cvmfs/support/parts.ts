import type { PartName } from '../../../parts/parts';
import type { Settings } from './settings';

/** What a trial of the tier needs. */
export const TIER_PARTS = [
  'ganesha',
  'haproxy',
  'cvmfs-export',
  'cvmfs-guard',
  'mapfs',
  'nfs-reader',
] as const satisfies readonly PartName[];

/** Where they are. */
export function tierParts(
  pathOf: (name: (typeof TIER_PARTS)[number]) => string,
): Settings['parts'] {
  return {
    supervisor: pathOf('cvmfs-export'),
    ganesha: '/usr/bin/ganesha.nfsd', // the part is known by its back end, which comes in a package of its own
    guard: pathOf('cvmfs-guard'),
    mapfs: pathOf('mapfs'),
    reader: pathOf('nfs-reader'),
    haproxy: pathOf('haproxy'),
  };
}
