import type { ImagePins } from './pin';

/** Images of the storage migration. */
export const MIGRATION_IMAGES = {
  /**
   * Alpine with rsync and nothing else of ours (https://github.com/utkuozdemir/pv-migrate, `docker/rsync`; the tag is that of
   * its chart's `values.yaml`).
   */
  rsync: { repository: 'docker.io/utkuozdemir/pv-migrate-rsync', tag: '1.0.0' },
  /**
   * VolSync's mover (https://github.com/backube/volsync, `Dockerfile`): rsync and stunnel on UBI 9 minimal, with bash, GNU coreutils, awk, grep
   * and sed, and without find. Between clusters, rsync needs a tunnel.
   */
  rsyncTls: { repository: 'quay.io/backube/volsync', tag: '0.16.0' },
} as const satisfies ImagePins;
