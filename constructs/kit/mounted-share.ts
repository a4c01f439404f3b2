import type { IFileShare } from '../contracts';

/** A share that pods mount. Its claim is in their namespace. */
export interface MountedShare {
  readonly share: IFileShare;
  /** Where: `/cvmfs/cms.cern.ch`. */
  readonly mountPath: string;
}

/** What is wrong with the places where shares are mounted. */
export function mountProblems(shares: readonly MountedShare[]): string[] {
  const paths = shares.map(({ mountPath }) => mountPath);
  return [
    ...paths
      .filter((path) => !/^\/[^\s:]+$/.test(path))
      .map((path) => `'shares.mountPath' must be a path below '/', got '${path}'`),
    ...paths
      .filter((path, index) => paths.indexOf(path) !== index)
      .map((path) => `'shares' has two at '${path}'; mount one elsewhere`),
  ];
}
