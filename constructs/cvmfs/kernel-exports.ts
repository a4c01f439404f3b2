import type { ExportedRepository } from './ganesha-conf';

/**
 * Root of the NFSv4 name space that the kernel's server has, a tmpfs, as an overlay cannot be exported. What clients name
 * begins there: `/cvmfs/atlas.cern.ch` is the file system at `/export/cvmfs/atlas.cern.ch`.
 */
export const KERNEL_ROOT = '/export';

/** What `/etc/exports` is made from. */
export interface KernelExports {
  readonly repositories: readonly ExportedRepository[];
  /** Who may mount: networks in CIDR notation. Nobody else can. */
  readonly clients: readonly string[];
  /**
   * Whether clients may come from ports above 1023, as all do that mount with `noresvport` or pass an address translation.
   *
   * @default true
   */
  readonly insecure?: boolean;
}

/**
 * `/etc/exports` of the kernel's NFS server, the same on every replica. `no_subtree_check` keeps the parent directory out of the handles.
 */
export function kernelExports(conf: KernelExports): string {
  return [
    '# Rendered by Beamline. The same on every replica.',
    `${KERNEL_ROOT} ${entries(conf, 0)}`,
    ...conf.repositories.map(({ mount, fsid }) => `${KERNEL_ROOT}${mount} ${entries(conf, fsid)}`),
    '',
  ].join('\n');
}

function entries({ clients, insecure = true }: KernelExports, fsid: number): string {
  const options = [
    'ro',
    'sync',
    `fsid=${fsid}`,
    'no_subtree_check',
    insecure ? 'insecure' : 'secure',
    'all_squash',
    'anonuid=65534',
    'anongid=65534',
    'sec=sys',
    ...(fsid === 0 ? ['crossmnt'] : []),
  ].join(',');
  return clients.map((client) => `${client}(${options})`).join(' ');
}
