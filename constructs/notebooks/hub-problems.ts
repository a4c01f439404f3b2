import { registryProblems } from '../kit/image-rules';
import type { Target } from '../targets';
import type { GpuLayout } from './profile';
import { databaseProblems } from './hub-database';
import type { Homes, JupyterHubProps, Sessions } from './hub-props';
import { traitletProblems } from './traitlet-problems';
import { groupProblems, profileProblems } from './profile-problems';

/** Cores that are set aside for a hub unless its props say otherwise. */
export const HUB_CORES = 0.5;

/** What the hub and its proxy take of the namespace's quota: CPU cores set aside and GiB of memory limits. */
export function hubShare({ hubCores = HUB_CORES }: Pick<JupyterHubProps, 'hubCores'>): {
  readonly cpu: number;
  readonly memoryGiB: number;
} {
  return { cpu: round(hubCores + 0.1), memoryGiB: 2.5 };
}

/** Everything that is wrong with a hub's props. */
export function hubProblems(target: Target, props: JupyterHubProps): string[] {
  const { sessions = {}, identity } = props;
  return [
    ...(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(props.host)
      ? []
      : [`'host' must be a host name such as 'hub.example.org', got '${props.host}'`]),
    ...registryProblems(props.registries),
    ...profileProblems(props),
    ...groupProblems(props.groups, props),
    ...(identity.selfRegistration && props.groups === undefined
      ? [
          `'groups' must say who may log in, as anybody can make an account with this identity provider; name at least one group`,
        ]
      : []),
    ...sessionProblems(sessions),
    ...homeProblems(props.homes, sessions.perUser ?? 1, props.userNamespaces ?? false),
    ...databaseProblems(props.database),
    ...layoutProblems(props.gpus),
    ...coreProblems(props.hubCores ?? HUB_CORES),
    ...quotaProblems(props),
    ...traitletProblems(props.traitlets ?? {}),
    ...(props.userNamespaces === true
      ? target.problemsOf("'userNamespaces'", 'user-namespaces')
      : []),
  ];
}

function sessionProblems({ perUser = 1, idleMinutes = 60, longestHours }: Sessions): string[] {
  return [
    ...(Number.isInteger(perUser) && perUser >= 1
      ? []
      : [`'sessions.perUser' must be a whole number from 1, got '${perUser}'`]),
    ...(idleMinutes >= 5
      ? []
      : [
          `'sessions.idleMinutes' must be at least 5, as activity is reported every few minutes, got '${idleMinutes}'`,
        ]),
    ...(longestHours === undefined || longestHours > 0
      ? []
      : [`'sessions.longestHours' must be above 0, got '${longestHours}'`]),
    ...(longestHours !== undefined && idleMinutes > longestHours * 60
      ? [
          `'sessions.idleMinutes' must not be longer than the session limit of ${longestHours} h, or it never applies, got '${idleMinutes}'; lower it, or raise 'sessions.longestHours'`,
        ]
      : []),
  ];
}

function homeProblems(homes: Homes, perUser: number, userNamespaces: boolean): string[] {
  const nfs = (what: string): string =>
    `${what} cannot be mounted with 'userNamespaces': NFS has no ID-mapped mounts; leave 'userNamespaces' out, or take another class`;
  if (homes.kind === 'share') {
    const { claimName, readOnly, userNamespaces: able } = homes.share;
    return [
      ...(readOnly
        ? [`'homes.share' must be writable, got '${claimName}', which is read-only`]
        : []),
      ...(userNamespaces && !able ? [nfs(`'homes.share' '${claimName}'`)] : []),
      ...(/^[a-z0-9][a-z0-9._-]*$/.test(homes.folder ?? 'home')
        ? []
        : [`'homes.folder' must be the name of one folder, got '${homes.folder ?? ''}'`]),
    ];
  }
  const { className, accessModes, userNamespaces: able } = homes.storageClass;
  const many = accessModes.includes('ReadWriteMany');
  return [
    ...(homes.sizeGiB > 0 ? [] : [`'homes.sizeGiB' must be above 0, got '${homes.sizeGiB}'`]),
    ...(homes.kind === 'shared-claim' && !many
      ? [
          `'homes' shared by all need a class with ReadWriteMany, got '${className}' with ${accessModes.join(', ')}; take one that has it, or 'claims'`,
        ]
      : []),
    ...(homes.kind === 'claims' && perUser > 1 && !many
      ? [
          `'sessions.perUser' ${perUser} needs homes that several nodes can mount, got class '${className}' with ${accessModes.join(', ')}; take a class with ReadWriteMany, or one session`,
        ]
      : []),
    ...(userNamespaces && able === false ? [nfs(`'homes.storageClass' '${className}'`)] : []),
  ];
}

/** A MIG slice `3g.20gb` takes three of the seven parts of a GPU, and 20 GB. */
function layoutProblems(layout: GpuLayout | undefined): string[] {
  if (layout === undefined) return [];
  const slices = Object.entries(layout.slices ?? {});
  const sizes = slices.map(([name, count]) => {
    const [, parts, memory] = /^([1-7])g\.(\d+)gb$/.exec(name) ?? [];
    return { name, count, parts: Number(parts), memory: Number(memory) };
  });
  const bad = sizes.filter(
    ({ count, parts }) => Number.isNaN(parts) || !Number.isInteger(count) || count < 1,
  );
  const parts = sizes.reduce((sum, size) => sum + size.count * size.parts, 0);
  const memory = sizes.reduce((sum, size) => sum + size.count * size.memory, 0);
  return [
    ...(Number.isInteger(layout.perNode) && layout.perNode >= 1
      ? []
      : [`'gpus.perNode' must be a whole number from 1, got '${layout.perNode}'`]),
    ...bad.map(
      ({ name, count }) =>
        `'gpus.slices' must be MIG slices such as '1g.5gb' with a whole number from 1, got '${name}': ${count}`,
    ),
    ...(parts > 7
      ? [`'gpus.slices' must add up to the 7 parts of a GPU at most, got ${parts}; take some away`]
      : []),
    ...(memory > layout.memoryGB
      ? [
          `'gpus.slices' must add up to the ${layout.memoryGB} GB of a GPU at most, got ${memory}; take some away`,
        ]
      : []),
  ];
}

function coreProblems(cores: number): string[] {
  return cores >= 0.1 && cores <= 1
    ? []
    : [
        `'hubCores' must be from 0.1 to 1, as the hub is one process, got '${cores}'; 1 is enough for ten people a second`,
      ];
}

/** A pod over quota is never made: it is refused while somebody waits for it. So each profile has to fit beside the hub. */
function quotaProblems(props: JupyterHubProps): string[] {
  const { quota, profiles } = props;
  if (quota === undefined) return [];
  const share = hubShare(props);
  const left = {
    cpu: round(quota.cpu - share.cpu),
    memoryGiB: round(quota.memoryGiB - share.memoryGiB),
  };
  return profiles.flatMap(({ name, cpu, memoryGiB }) => [
    ...(cpu.least <= left.cpu
      ? []
      : [
          `'quota.cpu' ${quota.cpu} leaves ${left.cpu} beside the hub, less than profile '${name}' needs, ${cpu.least}; raise it, or lower the profile`,
        ]),
    ...(memoryGiB.most <= left.memoryGiB
      ? []
      : [
          `'quota.memoryGiB' ${quota.memoryGiB} leaves ${left.memoryGiB} beside the hub, less than profile '${name}' needs, ${memoryGiB.most}; raise it, or lower the profile`,
        ]),
  ]);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
