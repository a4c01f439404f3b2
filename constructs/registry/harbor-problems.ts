import type { Target } from '../targets';
import { redisAddresses } from './harbor-connections';
import { portOf } from './harbor-network';
import type { HarborProps, ScalableComponent } from './harbor-props';
import { secretProblems } from './harbor-secrets';
import type { HarborSite } from './harbor-site';

const HOST =
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const NAME = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;
const SIZE = /^[1-9][0-9]*(Mi|Gi|Ti|Pi)$/;
const CRON = /^\S+ \S+ \S+ \S+ \S+$/;

/** What is wrong with the props on this target, one message each. */
export function problemsIn(target: Target, site: HarborSite): string[] {
  const { props } = site;
  return [
    ...(props.name === undefined || NAME.test(props.name)
      ? []
      : [
          `'name' must be lower-case letters, digits and '-', at most 40, beginning with a letter, got '${props.name}'`,
        ]),
    ...(HOST.test(props.host)
      ? []
      : [
          `'host' must be a full host name in lower case, without scheme or port, as 'registry.example.org', got '${props.host}'`,
        ]),
    ...sizeProblems(props),
    ...replicaProblems(props),
    ...userProblems(target, props),
    ...backendProblems(site),
    ...backupProblems(props),
    ...loginProblems(props),
    ...secretProblems(props),
    ...(props.internalTls === undefined || props.internalTls.authority.includes('BEGIN CERTIFICATE')
      ? []
      : [
          `'internalTls.authority' must be a certificate in PEM, got '${props.internalTls.authority.slice(0, 30)}'`,
        ]),
  ];
}

function sizeProblems({ storage, database, redis, trivy, jobLogs }: HarborProps): string[] {
  const sizes: Readonly<Record<string, string | undefined>> = {
    'storage.size': storage.kind === 'claim' ? storage.size : undefined,
    'database.size': database.kind === 'inside' ? database.size : undefined,
    'database.backup.size': database.backup === 'none' ? undefined : database.backup.size,
    'redis.size': redis.kind === 'inside' ? redis.size : undefined,
    'trivy.size': trivy?.size,
    'jobLogs.size': jobLogs?.kind === 'claim' ? jobLogs.size : undefined,
  };
  return Object.entries(sizes).flatMap(([prop, size]) =>
    size === undefined || SIZE.test(size)
      ? []
      : [`'${prop}' must be a size as Kubernetes writes it, '5Gi', got '${size}'`],
  );
}

function replicaProblems(props: HarborProps): string[] {
  const { storage, jobLogs, replicas = {} } = props;
  const many = (component: ScalableComponent): boolean => {
    const wanted = replicas[component] ?? 1;
    return (typeof wanted === 'number' ? wanted : wanted.max) > 1;
  };
  return [
    ...Object.entries(replicas).flatMap(([component, wanted]) => {
      const [min, max] = typeof wanted === 'number' ? [wanted, wanted] : [wanted.min, wanted.max];
      const grown = typeof wanted !== 'number';
      if (grown && component === 'trivy') {
        return [
          `'replicas.trivy' must be a number: its pods keep a database each, which a new one first has to load; give the most that is needed`,
        ];
      }
      return Number.isInteger(min) && Number.isInteger(max) && min >= 1 && max >= min
        ? []
        : [
            `'replicas.${component}' must be whole numbers from 1, the most not below the least, got ${grown ? `${min} to ${max}` : String(min)}`,
          ];
    }),
    ...(many('registry') &&
    storage.kind === 'claim' &&
    !storage.class.accessModes.includes('ReadWriteMany')
      ? [
          `'replicas.registry' is above 1, but class '${storage.class.className}' of 'storage' can be written to by one node only ` +
            `(${storage.class.accessModes.join(', ')}); use storage of kind 's3' or a class with ReadWriteMany, or 1 registry`,
        ]
      : []),
    ...(many('jobservice') && jobLogs?.kind === 'claim'
      ? [
          `'replicas.jobservice' is above 1, but 'jobLogs' are files that one pod alone writes; use jobLogs of kind 'database'`,
        ]
      : []),
  ];
}

function userProblems(target: Target, { users, database, redis }: HarborProps): string[] {
  if (users !== 'namespace-range') return [];
  const inside = [
    ...(database.kind === 'inside' ? ['database'] : []),
    ...(redis.kind === 'inside' ? ['redis'] : []),
  ];
  return [
    ...(target.has('scc')
      ? []
      : [
          `'users' is 'namespace-range', but '${target.name}' gives namespaces no range of users; use 'fixed'`,
        ]),
    ...inside.map(
      (prop) =>
        `'users' is 'namespace-range', but '${prop}' is inside, whose image works as user 999 only; use an external one, or users 'fixed'`,
    ),
  ];
}

function backendProblems(site: HarborSite): string[] {
  const { storage, database, redis } = site.props;
  return [
    ...(storage.kind === 's3' && !/^https?:\/\/[^/\s]+\/?$/.test(storage.bucket.endpoint)
      ? [
          `'storage.bucket' must have an endpoint such as 'https://rgw.example.org', got '${storage.bucket.endpoint}'`,
        ]
      : []),
    ...(database.kind === 'external' && !isPort(database.port)
      ? [`'database.port' must be a port from 1 to 65535, got ${database.port}`]
      : []),
    ...(redis.kind === 'external' && redis.addresses.length === 0
      ? [`'redis.addresses' must name a server as 'redis.example.org:6379', got none`]
      : []),
    ...(redis.kind === 'external' && redis.sentinelSet === undefined && redis.addresses.length > 1
      ? [
          `'redis.addresses' are ${redis.addresses.length} servers without 'sentinelSet': Harbor speaks to one server or to Sentinels, not to a cluster`,
        ]
      : []),
    ...redisAddresses(site).flatMap((address) =>
      /^[^\s:/@]+:\d+$/.test(address) && isPort(portOf(address))
        ? []
        : [`'redis.addresses' must be host:port, as 'redis.example.org:6379', got '${address}'`],
    ),
  ];
}

function backupProblems({ database: { backup } }: HarborProps): string[] {
  if (backup === 'none') return [];
  return [
    ...(CRON.test(backup.schedule)
      ? []
      : [
          `'database.backup.schedule' must be five fields of cron, as '30 1 * * *', got '${backup.schedule}'`,
        ]),
    ...(Number.isInteger(backup.keepDays) && backup.keepDays >= 1
      ? []
      : [`'database.backup.keepDays' must be a whole number from 1, got ${backup.keepDays}`]),
  ];
}

function loginProblems({ login, adminGroup }: HarborProps): string[] {
  if (login?.kind === 'ldap' && !login.url.startsWith('ldaps://')) {
    return [
      `'login' is the directory '${login.url}', which speaks TLS after StartTLS; Harbor does not know that and would send passwords in clear: use its ldaps:// URL, or put Dex before it`,
    ];
  }
  if (login?.kind === 'oidc' && adminGroup !== undefined && login.groupsClaim === undefined) {
    return [
      `'adminGroup' is '${adminGroup}', but the provider '${login.title}' does not say who is in which group; name admins in Harbor itself`,
    ];
  }
  if (login?.kind === 'ldap' && adminGroup !== undefined && !adminGroup.includes('=')) {
    return [
      `'adminGroup' must be the distinguished name of a group for LDAP, as 'cn=admins,ou=groups,dc=example,dc=org', got '${adminGroup}'`,
    ];
  }
  return [];
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}
