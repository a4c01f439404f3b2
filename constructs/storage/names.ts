/** Name of a claim that Services, too, can have. */
export const CLAIM_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** A host name or IPv4 address, without scheme, port or path. */
export const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

/** What is wrong with a number of GiB. */
export function sizeProblems(field: string, sizeGiB: number): string[] {
  return Number.isFinite(sizeGiB) && sizeGiB > 0
    ? []
    : [`'${field}' must be the number of GiB, more than 0, got '${sizeGiB}'`];
}

/** What is wrong with an absolute path of a server. */
export function pathProblems(field: string, path: string): string[] {
  return path.startsWith('/') && path === path.trim()
    ? []
    : [`'${field}' must be absolute, got '${path}'; did you mean '/${path.trim()}'?`];
}

/** What is wrong with the name of a server. */
export function hostProblems(field: string, host: string): string[] {
  return HOST.test(host)
    ? []
    : [`'${field}' must be a bare host name or IPv4 address, got '${host}'`];
}
