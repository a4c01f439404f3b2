/** What `squid.conf` is made from. */
export interface SquidConf {
  /** TCP port. */
  readonly port: number;
  /**
   * Address to listen on.
   *
   * @default - every address
   */
  readonly bindAddress?: string;
  /** Who may ask: networks in CIDR notation. Everybody else is refused. */
  readonly clients: readonly string[];
  /** Where requests may go: host names of Stratum-1 servers, or `.example.org` for all below a domain. */
  readonly destinations: readonly string[];
  /** TCP ports of the destinations. */
  readonly destinationPorts: readonly number[];
  /** Memory for objects, in MiB. */
  readonly memoryMiB: number;
  /** Disk for objects, in MiB. */
  readonly diskMiB: number;
  /** Directory of the cache. */
  readonly cacheDirectory: string;
  /** Directory for the process id. */
  readonly runDirectory: string;
  /** Name that the proxy shows to servers and in error pages. */
  readonly visibleName: string;
}

/**
 * `squid.conf` of Squid 5 and later, for objects that never change under their name. What CVMFS asks of it is in
 * https://cvmfs.readthedocs.io/en/stable/cpt-squid.html
 */
export function squidConf(conf: SquidConf): string {
  const address = conf.bindAddress === undefined ? '' : `${conf.bindAddress}:`;
  return [
    '# Rendered by Beamline.',
    `http_port ${address}${conf.port}`,
    `visible_hostname ${conf.visibleName}`,
    '',
    '# Who may ask, and for what. All else is refused.',
    ...conf.clients.map((client) => `acl clients src ${client}`),
    ...conf.destinations.map((destination) => `acl stratum_ones dstdomain ${destination}`),
    `acl stratum_one_ports port ${conf.destinationPorts.join(' ')}`,
    'acl reads method GET HEAD',
    'http_access allow localhost manager',
    'http_access deny manager',
    'http_access deny CONNECT',
    'http_access deny !stratum_one_ports',
    'http_access allow clients reads stratum_ones',
    'http_access deny all',
    'icp_access deny all',
    'htcp_access deny all',
    '',
    '# Many nodes ask for the same new object at once.',
    'collapsed_forwarding on',
    'minimum_expiry_time 0 seconds',
    'negative_ttl 10 seconds',
    'maximum_object_size 1024 MB',
    'maximum_object_size_in_memory 128 KB',
    `cache_mem ${conf.memoryMiB} MB`,
    `cache_dir aufs ${conf.cacheDirectory} ${conf.diskMiB} 16 256`,
    'cache_replacement_policy heap LFUDA',
    'memory_replacement_policy heap GDSF',
    'memory_pools off',
    'memory_cache_shared off',
    '',
    '# With `-d 1` what happens goes to the output of the container; what is served is in the metrics.',
    'access_log none',
    'cache_log /dev/null',
    'cache_store_log none',
    'logfile_rotate 0',
    `pid_filename ${conf.runDirectory}/squid.pid`,
    `coredump_dir ${conf.runDirectory}`,
    'pinger_enable off',
    'shutdown_lifetime 5 seconds',
    'max_filedescriptors 16384',
    'forwarded_for delete',
    'httpd_suppress_version_string on',
    '',
  ].join('\n');
}
