import type { Target } from '../targets';
import { backendProblems } from './backend-problems';
import { daskProblems } from './dask';
import { extraProblems } from './extras';
import type { ReanaProps, Workspaces } from './reana-props';
import type { ReanaSite } from './reana-site';
import { valueProblems } from './value-problems';

const PREFIX = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
const LONGEST_PREFIX = 13;
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const HOST = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** What is wrong with the props of a REANA, one message each. */
export function problemsIn(target: Target, site: ReanaSite): string[] {
  const { props } = site;
  return [
    ...nameProblems(site),
    ...workspaceProblems(site.claimName, props.workspaces),
    ...(MAIL.test(props.admin.email)
      ? []
      : [
          `'admin.email' must be the address of whoever runs REANA, got '${props.admin.email}'; the account of the admin is made with it`,
        ]),
    ...registrationProblems(props),
    ...backendProblems(site.backends, site.release),
    ...rootProblems(target, props),
    ...sessionProblems(target, site),
    ...(site.mail === undefined || MAIL.test(site.mail.sender)
      ? []
      : [`'mail.sender' must be an address, got '${site.mail.sender}'`]),
    ...limitProblems(props),
    ...databaseProblems(site),
    ...runsProblems(target, site),
    ...extraProblems(site),
    ...daskProblems(target, site),
    ...valueProblems(site),
  ];
}

function nameProblems({ prefix, props }: ReanaSite): string[] {
  return [
    ...(PREFIX.test(prefix) && prefix.length <= LONGEST_PREFIX
      ? []
      : [
          `'prefix' must be at most ${LONGEST_PREFIX} lower-case letters, digits and '-', got '${prefix}' (${prefix.length}); REANA adds names of up to 50 for its runs`,
        ]),
    ...(HOST.test(props.host)
      ? []
      : [`'host' must be a full host name in lower case, got '${props.host}'`]),
  ];
}

function workspaceProblems(claimName: string, workspaces: Workspaces): string[] {
  switch (workspaces.kind) {
    case 'claim': {
      const { className, accessModes } = workspaces.class;
      return accessModes.includes('ReadWriteMany')
        ? []
        : [
            `'workspaces.class' must allow ReadWriteMany, as jobs on many nodes write to it at once; '${className}' allows ${accessModes.join(', ')}; take CephFS or NFS`,
          ];
    }
    case 'share':
      return [
        ...(workspaces.share.readOnly
          ? [`'workspaces.share' must be writable, '${workspaces.share.claimName}' is read-only`]
          : []),
        ...(workspaces.share.claimName === claimName
          ? []
          : [
              `'workspaces.share' must be the claim '${claimName}', which is where runs look for it, got '${workspaces.share.claimName}'`,
            ]),
      ];
  }
}

function registrationProblems({ registration, login }: ReanaProps): string[] {
  if (registration === undefined || registration === 'closed') return [];
  if (login !== undefined) {
    return [
      `'registration' must be 'closed' with a 'login': ${login.title} decides who has an account`,
    ];
  }
  return registration.consent.trim() === ''
    ? [
        "'registration.consent' must say why anybody who reaches the host may make an account, got ''; leave 'registration' out and let the admin make them",
      ]
    : [];
}

function rootProblems(target: Target, { rootInRuns }: ReanaProps): string[] {
  if (rootInRuns !== undefined && rootInRuns !== 'refused') {
    return rootInRuns.consent.trim() === ''
      ? ["'rootInRuns.consent' must say why runs may begin as root, got ''"]
      : [];
  }
  return target.has('scc')
    ? [
        `'rootInRuns' must have a 'consent' on '${target.name}', got 'refused': the job controller of REANA begins as root in every run, and restricted admits none of them`,
      ]
    : [];
}

function sessionProblems(target: Target, { sessions }: ReanaSite): string[] {
  if (sessions === undefined) return [];
  return [
    ...target.problemsOf(
      "'sessions', whose Ingresses REANA makes in networking.k8s.io/v1,",
      'ingress-v1',
    ),
    ...(Number.isInteger(sessions.inactiveDays) && sessions.inactiveDays > 0
      ? []
      : [`'sessions.inactiveDays' must be a whole number from 1, got '${sessions.inactiveDays}'`]),
  ];
}

function limitProblems({ limits }: ReanaProps): string[] {
  const numbers = {
    workflows: limits?.workflows ?? 30,
    jobDays: limits?.jobDays ?? 7,
    retentionDays: limits?.retentionDays ?? 1,
  };
  return Object.entries(numbers).flatMap(([field, value]) =>
    Number.isInteger(value) && value > 0
      ? []
      : [`'limits.${field}' must be a whole number from 1, got '${value}'`],
  );
}

/** Cron with five fields, as Kubernetes takes it. */
const SCHEDULE = /^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|\S+( \S+){4})$/;
/** What PostgreSQL inside takes (`database.ts`), with some left for the setup and the dumps. */
const MOST_CONNECTIONS = 290;

function databaseProblems({ pooler, backup, props: { database } }: ReanaSite): string[] {
  const whole = (field: string, value: number, what: string, most = Infinity): string[] =>
    Number.isInteger(value) && value >= 1 && value <= most
      ? []
      : [`'${field}' must be ${what}, got '${value}'`];
  return [
    ...(pooler === undefined
      ? []
      : [
          ...whole('pooler.clients', pooler.clients, 'a whole number from 1'),
          ...(database.kind === 'inside'
            ? whole(
                'pooler.connections',
                pooler.connections,
                `from 1 to ${MOST_CONNECTIONS}, as the database takes 300 and the setup needs some`,
                MOST_CONNECTIONS,
              )
            : whole('pooler.connections', pooler.connections, 'a whole number from 1')),
        ]),
    ...(backup === undefined
      ? []
      : [
          ...whole('database.backup.keepDays', backup.keepDays, 'a whole number from 1'),
          ...(SCHEDULE.test(backup.schedule)
            ? []
            : [
                `'database.backup.schedule' must be as cron writes it, got '${backup.schedule}'; '0 1 * * *' is every night`,
              ]),
        ]),
    ...(database.kind === 'external' && typeof database.tls === 'object' && pooler === undefined
      ? [
          "'database.tls' can have an 'authority' with a 'pooler' alone: runs speak to the database themselves, and no authority can be put into their pods; set 'pooler', which checks for all, or 'require'",
        ]
      : []),
    ...(database.kind === 'external' && !/^[a-z_][a-z0-9_-]{0,62}$/.test(database.database)
      ? [
          `'database.database' must be lower-case letters, digits, '_' and '-', got '${database.database}'`,
        ]
      : []),
  ];
}

function runsProblems(
  target: Target,
  { props, namespace, claimName, backends }: ReanaSite,
): string[] {
  const { runs, workspaces } = props;
  if (runs === undefined) return [];
  const elsewhere = backends.map(({ kind }) => kind).filter((kind) => kind !== 'kubernetes');
  return [
    ...target.problemsOf(
      "'runs', whose pods policies know by the name of their namespace,",
      'namespace-name-label',
    ),
    ...(runs.namespace === namespace
      ? [
          `'runs.namespace' must be another than REANA's own, got '${namespace}'; leave 'runs' out to have them there`,
        ]
      : []),
    ...(workspaces.kind === 'share'
      ? []
      : [
          `'workspaces' must be a share with 'runs', got a claim, which is of one namespace: its files would be in '${namespace}' alone; export them as a share to both`,
        ]),
    ...(runs.workspaces.claimName === claimName && !runs.workspaces.readOnly
      ? []
      : [
          `'runs.workspaces' must be a writable claim '${claimName}' in '${runs.namespace}', which is where runs look for it, got '${runs.workspaces.claimName}'`,
        ]),
    ...(elsewhere.length === 0
      ? []
      : [
          `'runs' cannot be with the back ends ${elsewhere.join(', ')}, which read Secrets of REANA's namespace in each run; leave 'runs' or them out`,
        ]),
  ];
}
