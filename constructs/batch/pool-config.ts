import { CONDOR_PORT } from './parts';
import type { AccountingGroup, HtcondorPoolProps } from './pool-props';

/** Where things are in the pods. */
export const PATHS = {
  config: '/etc/beamline-condor',
  tokens: '/etc/beamline-condor-tokens',
  keys: '/etc/beamline-condor-keys',
  /** What may be lost: logs, locks, sockets, the copies of keys and tokens. */
  state: '/srv/condor',
  spool: '/srv/condor-spool',
  execute: '/srv/condor-execute',
} as const;

/** Who the daemons are to each other. */
export const DAEMONS = {
  manager: ['READ', 'NEGOTIATOR'],
  submit: ['READ', 'ADVERTISE_MASTER', 'ADVERTISE_SCHEDD'],
  execute: ['READ', 'ADVERTISE_MASTER', 'ADVERTISE_STARTD'],
  operator: ['READ', 'WRITE', 'ADMINISTRATOR'],
} as const;

/** Memory that HTCondor's own programs take of an execute pod. */
const OWN_MIB = 256;
/** Seconds between the end of a job's time and the end of the job. */
const VACATE_SECONDS = 30;

/** A knob and its value, or a `use` of a template of HTCondor's. */
type Line = readonly [knob: string, value: string] | `use ${string}`;

/** Seconds that execute pods wait for their jobs. */
export function drainSeconds({ execute }: HtcondorPoolProps): number {
  return Math.round((execute.drainHours ?? 1) * 3600);
}

/** Seconds from the request to stop an execute pod to its kill. */
export function executeGrace(props: HtcondorPoolProps): number {
  return drainSeconds(props) + 2 * VACATE_SECONDS + 60;
}

/** The configuration of the central manager. */
export function managerConfig(props: HtcondorPoolProps, host: string): string {
  const groups = props.groups ?? [];
  return written([
    ...common(props, host, ['COLLECTOR', 'NEGOTIATOR']),
    ...keyLines(props),
    ...(groups.length === 0 ? [] : ([['GROUP_NAMES', groups.map(groupName).join(', ')]] as const)),
    ...groups.flatMap((group): Line[] => [
      [`GROUP_QUOTA_DYNAMIC_${groupName(group)}`, String(group.percent / 100)],
      [`GROUP_ACCEPT_SURPLUS_${groupName(group)}`, truth(group.surplus ?? true)],
    ]),
  ]);
}

/** The configuration of the submit nodes. */
export function submitConfig(props: HtcondorPoolProps, host: string): string {
  const { jobsPerUser = 10_000, longestHours } = props.policies ?? {};
  return written([
    ...common(props, host, ['SCHEDD']),
    ...keyLines(props),
    ['SPOOL', PATHS.spool],
    ['SCHEDD_NAME', '$ENV(POD_NAME)@'],
    ['MAX_JOBS_PER_OWNER', String(jobsPerUser)],
    ['QUEUE_SUPER_USERS', 'operator@$(TRUST_DOMAIN)'],
    // Jobs of these universes would run in this pod, beside the pool's key.
    ['START_LOCAL_UNIVERSE', 'False'],
    ['START_SCHEDULER_UNIVERSE', 'False'],
    ...(longestHours === undefined
      ? []
      : ([
          [
            'SYSTEM_PERIODIC_REMOVE',
            `JobStatus == 2 && time() - JobCurrentStartDate > ${Math.round(longestHours * 3600)}`,
          ],
        ] as const)),
    ...((props.groups ?? []).length === 0
      ? []
      : ([`use FEATURE : AssignAccountingGroup(${PATHS.config}/groups.map)`] as const)),
  ]);
}

/** The configuration of the execute pods. */
export function executeConfig(props: HtcondorPoolProps, host: string): string {
  const { cores, memoryGiB, shares = [], apptainer } = props.execute;
  const contained = apptainer !== undefined && apptainer.kind !== 'none';
  return written([
    ...common(props, host, ['STARTD']),
    ['EXECUTE', PATHS.execute],
    ['STARTD_NAME', '$ENV(POD_NAME)@'],
    // Nobody connects to these pods: they are called back through the collector.
    ['CCB_ADDRESS', '$(COLLECTOR_HOST)'],
    ['NUM_CPUS', String(cores)],
    ['MEMORY', String(Math.round(memoryGiB * 1024) - OWN_MIB)],
    ['NUM_SLOTS', '1'],
    ['NUM_SLOTS_TYPE_1', '1'],
    ['SLOT_TYPE_1', '100%'],
    ['SLOT_TYPE_1_PARTITIONABLE', 'True'],
    ['START', 'True'],
    // Without these a job only goes when its time is over or its pod does.
    ['MAXJOBRETIREMENTTIME', String(drainSeconds(props) + VACATE_SECONDS)],
    ['MachineMaxVacateTime', String(VACATE_SECONDS)],
    ['SHUTDOWN_GRACEFUL_TIMEOUT', String(drainSeconds(props) + 2 * VACATE_SECONDS)],
    ...(contained && shares.length > 0
      ? ([
          ['SINGULARITY_BIND_EXPR', `"${shares.map(({ mountPath }) => mountPath).join(',')}"`],
        ] as const)
      : []),
    ...(props.policies?.holdOverMemory === false
      ? []
      : (['use POLICY : HOLD_IF_MEMORY_EXCEEDED'] as const)),
  ]);
}

/** Who is in which group, as HTCondor's map files have it: the first line of a user is the default. */
export function groupMap(groups: readonly AccountingGroup[]): string {
  const users = [...new Set(groups.flatMap((group) => group.users))].sort();
  return users
    .map((user) => {
      const member = groups.filter((group) => group.users.includes(user)).map(groupName);
      return `* ${user} ${member.join(',')}\n`;
    })
    .join('');
}

function groupName({ name }: AccountingGroup): string {
  return `group_${name}`;
}

/**
 * What every part says. Whoever connects shows a token, and what the token may is what it says, for the names below at most.
 * Nobody's name is taken from an address.
 */
function common(props: HtcondorPoolProps, host: string, daemons: readonly string[]): Line[] {
  return [
    ['CONDOR_HOST', host],
    ['COLLECTOR_HOST', `$(CONDOR_HOST):${CONDOR_PORT}`],
    ['DAEMON_LIST', ['MASTER', ...daemons].join(' ')],
    ['MASTER_NAME', '$ENV(POD_NAME)@'],
    ['TRUST_DOMAIN', props.domain],
    ['UID_DOMAIN', props.domain],
    // Files of jobs are always transferred: no two pods have the same directories.
    ['FILESYSTEM_DOMAIN', '$ENV(POD_NAME)'],
    ['LOCAL_DIR', PATHS.state],
    ['LOG', '$(LOCAL_DIR)/log'],
    ['LOCK', '$(LOCAL_DIR)/lock'],
    ['RUN', '$(LOCAL_DIR)/run'],
    ['SPOOL', '$(LOCAL_DIR)/spool'],
    ['EXECUTE', '$(LOCAL_DIR)/execute'],
    ['DAEMON_SOCKET_DIR', '$(LOCAL_DIR)/lock/sock'],
    ['USE_SHARED_PORT', 'True'],
    ['SHARED_PORT_PORT', String(CONDOR_PORT)],
    ['ENABLE_KERNEL_TUNING', 'False'],
    ['CONDOR_ADMIN', ''],
    ['SEC_DEFAULT_AUTHENTICATION', 'REQUIRED'],
    ['SEC_DEFAULT_ENCRYPTION', 'REQUIRED'],
    ['SEC_DEFAULT_INTEGRITY', 'REQUIRED'],
    ['SEC_DEFAULT_AUTHENTICATION_METHODS', 'IDTOKENS'],
    ['SEC_CLIENT_AUTHENTICATION_METHODS', 'IDTOKENS'],
    ['SEC_PASSWORD_DIRECTORY', '$(LOCAL_DIR)/passwords.d'],
    ['SEC_TOKEN_DIRECTORY', '$(LOCAL_DIR)/tokens.d'],
    ['SEC_TOKEN_SYSTEM_DIRECTORY', '$(LOCAL_DIR)/tokens.d'],
    // A key by name alone: the key POOL, which HTCondor makes where it finds none, is not used.
    ['SEC_TOKEN_POOL_SIGNING_KEY_FILE', ''],
    ['COLLECTOR_BOOTSTRAP_SSL_CERTIFICATE', 'False'],
    ['ALLOW_READ', '*@$(TRUST_DOMAIN)'],
    ['ALLOW_WRITE', '*@$(TRUST_DOMAIN)'],
    ['ALLOW_ADMINISTRATOR', 'operator@$(TRUST_DOMAIN)'],
    ['ALLOW_NEGOTIATOR', 'manager@$(TRUST_DOMAIN)'],
    // Which of them: every token of ours says what it is for, and may nothing else.
    ['ALLOW_ADVERTISE_MASTER', '*@$(TRUST_DOMAIN)'],
    ['ALLOW_ADVERTISE_SCHEDD', '*@$(TRUST_DOMAIN)'],
    ['ALLOW_ADVERTISE_STARTD', '*@$(TRUST_DOMAIN)'],
    ['ALLOW_DAEMON', ''],
    ['ALLOW_CONFIG', ''],
    ['ALLOW_CLIENT', '*'],
  ];
}

/** Name of a signing key: of its file, and the `kid` of the tokens that it signed. */
export function keyName(rotation: number): string {
  return `key-${rotation}`;
}

function keyLines({ key }: HtcondorPoolProps): Line[] {
  return [['SEC_TOKEN_ISSUER_KEY', keyName(key.rotation)]];
}

function truth(value: boolean): string {
  return value ? 'True' : 'False';
}

/** After the image's own root configuration, which knows where its programs are; what the image adds to it is left out. */
function written(lines: readonly Line[]): string {
  return [
    'include : /etc/condor/condor_config',
    'LOCAL_CONFIG_DIR =',
    'LOCAL_CONFIG_FILE =',
    ...lines.map((line) => (typeof line === 'string' ? line : `${line[0]} = ${line[1]}`.trimEnd())),
    '',
  ].join('\n');
}
