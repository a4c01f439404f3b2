/** How nodes mount an exported directory. */
export interface NfsMount {
  /**
   * NFS version that nodes mount with.
   *
   * @default '4.1'
   */
  readonly version?: '3' | '4.0' | '4.1' | '4.2';

  /**
   * Further mount options. `hard` is always set: a soft mount may report a lost write as success.
   *
   * @default []
   */
  readonly mountOptions?: readonly string[];
}

const OWN_OPTIONS = /^(hard|soft|softerr|nfsvers=.*|vers=.*)$/;

/** What is wrong with the further options, one message each. */
export function nfsOptionProblems({ mountOptions }: NfsMount): string[] {
  return (mountOptions ?? []).flatMap((option) =>
    OWN_OPTIONS.test(option)
      ? [
          `'mountOptions' must leave '${option}' out: the mount is always hard, and 'version' names the version`,
        ]
      : [],
  );
}

/** The options of the mount. */
export function nfsMountOptions({ version, mountOptions }: NfsMount): string[] {
  return ['hard', `nfsvers=${version ?? '4.1'}`, ...(mountOptions ?? [])];
}
