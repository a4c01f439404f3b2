/** One repository as the NFS servers export it. */
export interface ExportedRepository {
  /** Fully qualified name: `atlas.cern.ch`. */
  readonly name: string;
  /** See `ExportIds`. */
  readonly fsid: number;
  /** See `ExportIds`. */
  readonly exportId: number;
  /**
   * The path that NFS clients mount, `/cvmfs/atlas.cern.ch`. The CVMFS client mounts it there, or below the root that the
   * kernel's server has.
   */
  readonly mount: string;
}

/** What `ganesha.conf` is made from. */
export interface GaneshaConf {
  readonly repositories: readonly ExportedRepository[];
  /** Who may mount: networks in CIDR notation. Nobody else can. */
  readonly clients: readonly string[];
  /**
   * Whether clients may come from ports above 1023, as all do that mount with `noresvport` or pass an address translation.
   *
   * @default true
   */
  readonly insecure?: boolean;
  /** Name of the service that the replicas are. Identical on all, or clients hang after a failover. */
  readonly serverScope: string;
  /** TCP port. */
  readonly nfsPort: number;
  /**
   * Address to listen on.
   *
   * @default '0.0.0.0'
   */
  readonly bindAddress?: string;
  /** Seconds that the state of a silent client is kept; it bounds how long a Linux client waits for a dead peer. */
  readonly leaseSeconds: number;
  /** Seconds after a start in which nothing new is opened. 0: none, as a read-only export has nothing to reclaim. */
  readonly graceSeconds: number;
  /** Directory for the records of clients. Private to the replica. */
  readonly recoveryDirectory: string;
}

/**
 * The configuration of NFS-Ganesha 4 and later, the same on every replica. See
 * https://github.com/nfs-ganesha/nfs-ganesha/blob/next/src/config_samples/config.txt
 *
 * Ganesha writes the fsid of the mounted file system into its handles, not `Filesystem_Id`, and FUSE has none of its
 * own: it takes the number of the device, which differs between replicas and between starts. The entrypoint must see to
 * it that `statfs` of a mount answers the fsid of `export.json`; without it handles go stale, or open a file of another
 * repository (`docs/decisions/0013-cvmfs.md`).
 */
export function ganeshaConf(conf: GaneshaConf): string {
  return [
    '# Rendered by Beamline. The same on every replica.',
    ...block('NFS_CORE_PARAM', [
      'NFS_Protocols = 4;',
      `NFS_Port = ${conf.nfsPort};`,
      `Bind_addr = ${conf.bindAddress ?? '0.0.0.0'};`,
      'Enable_UDP = false;',
      'Enable_NLM = false;',
      'Enable_RQUOTA = false;',
      'mount_path_pseudo = true;',
    ]),
    ...block('NFS_KRB5', ['Active_krb5 = false;']),
    ...block('NFSV4', [
      'Minor_Versions = 0, 1, 2;',
      `Server_Scope = "${conf.serverScope}";`,
      `Server_Owner = "${conf.serverScope}";`,
      `Lease_Lifetime = ${conf.leaseSeconds};`,
      ...(conf.graceSeconds === 0
        ? ['Graceless = true;']
        : ['Graceless = false;', `Grace_Period = ${conf.graceSeconds};`]),
      'Delegations = false;',
      'Only_Numeric_Owners = true;',
      'RecoveryBackend = fs;',
      `RecoveryRoot = "${conf.recoveryDirectory}";`,
    ]),
    ...conf.repositories.flatMap((repository) => exportBlock(repository, conf)),
    '',
  ].join('\n');
}

function exportBlock(
  { name, fsid, exportId, mount }: ExportedRepository,
  { clients, insecure = true }: GaneshaConf,
): string[] {
  return [
    '',
    `# ${name}`,
    'EXPORT {',
    `  Export_Id = ${exportId};`,
    `  Path = "${mount}";`,
    `  Pseudo = "${mount}";`,
    `  Filesystem_Id = ${fsid}.0;`,
    '  Protocols = 4;',
    '  Transports = TCP;',
    '  SecType = sys;',
    `  PrivilegedPort = ${!insecure};`,
    '  Squash = All_Squash;',
    '  Anonymous_Uid = 65534;',
    '  Anonymous_Gid = 65534;',
    '  Disable_ACL = true;',
    '  MaxRead = 1048576;',
    '  PrefRead = 1048576;',
    '  Access_Type = None;',
    '  CLIENT {',
    '    Protocols = 4;',
    `    Clients = ${clients.join(', ')};`,
    '    Access_Type = RO;',
    '  }',
    '  FSAL {',
    '    Name = VFS;',
    '  }',
    '}',
  ];
}

function block(name: string, lines: readonly string[]): string[] {
  return ['', `${name} {`, ...lines.map((line) => `  ${line}`), '}'];
}
