import type { ImagePins } from './pin';

/** Images of the storage migration. */
export const MIGRATION_IMAGES = {
  /**
   * Alpine with rsync and nothing else of ours (https://github.com/utkuozdemir/pv-migrate, `docker/rsync`; the tag is that of
   * its chart's `values.yaml`).
   */
  rsync: { repository: 'docker.io/utkuozdemir/pv-migrate-rsync', tag: '1.0.0' },
} as const satisfies ImagePins;
