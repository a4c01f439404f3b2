import { createHash } from 'node:crypto';

/**
 * What a repository is called in NFS file handles. A client keeps handles for days, and any replica may be asked for
 * any of them: both numbers depend on the repository's name and on nothing else, so neither the order of a list nor
 * what else is exported can change them.
 */
export interface ExportIds {
  /** `fsid` of the kernel server, `Filesystem_Id` of Ganesha: 1 to 2^31-1. 0 is the root of the NFSv4 name space. */
  readonly fsid: number;
  /** `Export_Id` of Ganesha, 16 bits of which are in every handle: 1 to 65535. */
  readonly exportId: number;
}

const FSIDS = 2 ** 31 - 1;
const EXPORT_IDS = 2 ** 16 - 1;

/** The numbers of a repository. */
export function exportIdsOf(repository: string): ExportIds {
  const digest = createHash('sha256').update(`beamline/cvmfs/${repository}`).digest();
  return {
    fsid: 1 + (digest.readUInt32BE(0) % FSIDS),
    exportId: 1 + (digest.readUInt32BE(4) % EXPORT_IDS),
  };
}

/** What an entry of a catalogue has to do with its numbers. */
export interface Numbered {
  readonly name: string;
  /** @default - from the name */
  readonly exportId?: number;
}

/**
 * Two names that share a number, one message each. `retired` are names that were exported once: clients may still
 * hold their handles, so their numbers are not given to anybody else.
 */
export function collisionProblems(
  repositories: readonly Numbered[],
  retired: readonly string[],
): string[] {
  const known = new Map<string, ExportIds>();
  const entries: readonly Numbered[] = [...retired.map((name) => ({ name })), ...repositories];
  return entries.flatMap(({ name, exportId }) => {
    if (known.has(name)) return []; // a duplicate is reported as such
    const ids = { ...exportIdsOf(name), ...(exportId === undefined ? {} : { exportId }) };
    const fsidOf = [...known].find(([, other]) => other.fsid === ids.fsid);
    const exportOf = [...known].find(([, other]) => other.exportId === ids.exportId);
    known.set(name, ids);
    return [
      ...(fsidOf === undefined
        ? []
        : [
            `'repositories' has '${name}' with fsid ${ids.fsid}, which '${fsidOf[0]}' has: a handle of one would open ` +
              `a file of the other; export one of the two from a catalogue and a tier of its own`,
          ]),
      ...(exportOf === undefined
        ? []
        : [
            `'repositories' has '${name}' with export id ${ids.exportId}, which '${exportOf[0]}' has; give the one ` +
              `that is not exported yet another 'exportId', 1 to ${EXPORT_IDS}, and keep it for ever`,
          ]),
    ];
  });
}
