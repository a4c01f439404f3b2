import type { ExportedRepository } from './ganesha-conf';

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
  /**
   * Directory that is the root of the NFSv4 name space: a tmpfs, as an overlay cannot be exported.
   *
   * @default '/cvmfs'
   */
  readonly root?: string;
}

/**
 * `/etc/exports` of the kernel's NFS server, the same on every replica. `no_subtree_check` keeps the parent directory out of the handles.
 */
export function kernelExports(conf: KernelExports): string {
  return [
    '# Rendered by Beamline. The same on every replica.',
    `${conf.root ?? '/cvmfs'} ${entries(conf, 0)}`,
    ...conf.repositories.map(({ mount, fsid }) => `${mount} ${entries(conf, fsid)}`),
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
