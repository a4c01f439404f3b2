/** What the export decides about the mounts of its clients. */
export interface MountTerms {
  /** Whether clients may come from ports above 1023. */
  readonly insecure: boolean;
  /** Connections of one node. */
  readonly connections: number;
}

/** Options that a mount always has; the reason of each is in `docs/how-to/cvmfs.md`. */
export function mountOptions({ insecure, connections }: MountTerms): string[] {
  return [
    'ro',
    'hard',
    'nfsvers=4.1',
    'proto=tcp',
    ...(insecure ? ['noresvport'] : []),
    `nconnect=${connections}`,
    'timeo=50',
    'retrans=2',
    'rsize=1048576',
    'actimeo=60',
    'lookupcache=all',
    'nordirplus',
  ];
}

/** Options that a further one must not contradict, by the word that it begins with. */
const DECIDED: Readonly<Record<string, string>> = {
  rw: 'the export is read-only',
  ro: 'it is always set',
  soft: 'a failover would be an I/O error in every job',
  softerr: 'a failover would be an I/O error in every job',
  hard: 'it is always set',
  vers: 'the tier speaks NFSv4.1',
  nfsvers: 'the tier speaks NFSv4.1',
  minorversion: 'the tier speaks NFSv4.1',
  proto: 'the tier listens on TCP alone',
  udp: 'the tier listens on TCP alone',
  port: 'the tier listens on 2049',
  nconnect: "'connections' of the export decides it, as its Service must know",
  trunkdiscovery: 'servers that a client found by themselves would be trunked',
  max_connect: 'servers that a client found by themselves would be trunked',
  mountport: 'it belongs to NFSv3, which the tier does not speak',
  mountproto: 'it belongs to NFSv3, which the tier does not speak',
};

/** What is wrong with further mount options, one message each. */
export function mountOptionProblems(
  options: readonly string[],
  { insecure }: MountTerms,
): string[] {
  return options.flatMap((option) => {
    const word = option.replace(/=.*/, '');
    const decided = DECIDED[word];
    if (decided !== undefined) {
      return [`'mountOptions' must leave '${option}' out: ${decided}`];
    }
    if (word === 'noresvport' && !insecure) {
      return [
        `'mountOptions' must leave 'noresvport' out: the export lets no client in from a port above 1023; set 'clients.insecure' of the export`,
      ];
    }
    if (word === 'resvport' && insecure) {
      return [
        `'mountOptions' must leave 'resvport' out: a client that comes back from its old port may be sent to the server that died`,
      ];
    }
    return /^[a-z0-9_]+(=[\w.:/-]+)?$/.test(option)
      ? []
      : [`'mountOptions' must be options of nfs(5), got '${option}'`];
  });
}
