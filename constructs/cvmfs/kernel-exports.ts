import type { ExportedRepository } from './ganesha-conf';

/** What `/etc/exports` is made from. */
export interface KernelExports {
  readonly repositories: readonly ExportedRepository[];
  /** Who may mount: networks in CIDR notation. Nobody else can. */
  readonly clients: readonly string[];
  /**
   * Directory that is the root of the NFSv4 name space: a tmpfs, as an overlay cannot be exported.
   *
   * @default '/cvmfs'
   */
  readonly root?: string;
}

/**
 * `/etc/exports` of the kernel's NFS server, the same on every replica. `insecure` lets clients in whose source port was
 * translated, or who mount with `noresvport`; `no_subtree_check` keeps the parent directory out of the handles.
 */
export function kernelExports({ repositories, clients, root = '/cvmfs' }: KernelExports): string {
  return [
    '# Rendered by Beamline. The same on every replica.',
    `${root} ${entries(clients, 0)}`,
    ...repositories.map(({ mount, fsid }) => `${mount} ${entries(clients, fsid)}`),
    '',
  ].join('\n');
}

function entries(clients: readonly string[], fsid: number): string {
  const options = [
    'ro',
    'sync',
    `fsid=${fsid}`,
    'no_subtree_check',
    'insecure',
    'all_squash',
    'anonuid=65534',
    'anongid=65534',
    'sec=sys',
    ...(fsid === 0 ? ['crossmnt'] : []),
  ].join(',');
  return clients.map((client) => `${client}(${options})`).join(' ');
}
