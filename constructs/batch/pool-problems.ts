import type { Target } from '../targets';
import type { Apptainer, ExecutePods, HtcondorPoolProps, PoolSize, Spool } from './pool-props';

/** Everything that is wrong with a pool's props. */
export function poolProblems(target: Target, props: HtcondorPoolProps): string[] {
  return [
    ...target.problemsOf('HTCondor without root', 'run-as-group'),
    ...domainProblems(props.domain),
    ...(wholeFrom(1, props.key.rotation)
      ? []
      : [
          `'key.rotation' must be a whole number from 1, got '${props.key.rotation}': a pool without a token key can trust nobody`,
        ]),
    ...(props.key.acceptPrevious === true && props.key.rotation === 1
      ? [`'key.acceptPrevious' needs a key before; the first one, 'key.rotation' 1, has none`]
      : []),
    ...submitProblems(props),
    ...executeProblems(target, props.execute),
    ...sizeProblems(target, props),
    ...groupProblems(props),
    ...policyProblems(props),
  ];
}

/** What is wrong with the name of a pool. */
export function domainProblems(domain: string): string[] {
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain)
    ? []
    : [`'domain' must be a name such as 'pool.example.org', got '${domain}'`];
}

function wholeFrom(least: number, value: number): boolean {
  return Number.isInteger(value) && value >= least;
}

function submitProblems({ submit: { nodes, spool }, policies = {} }: HtcondorPoolProps): string[] {
  return [
    ...(wholeFrom(1, nodes)
      ? []
      : [`'submit.nodes' must be a whole number from 1, got '${nodes}'`]),
    ...spoolProblems(spool, nodes),
    ...(wholeFrom(1, policies.jobsPerUser ?? 1)
      ? []
      : [
          `'policies.jobsPerUser' must be a whole number from 1, got '${policies.jobsPerUser ?? ''}'`,
        ]),
  ];
}

function spoolProblems(spool: Spool, nodes: number): string[] {
  switch (spool.kind) {
    case 'claim':
      return [
        ...(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(spool.claimName)
          ? []
          : [`'submit.spool.claimName' must name a claim, got '${spool.claimName}'`]),
        ...(nodes > 1
          ? [
              `'submit.nodes' ${nodes} cannot share the one spool '${spool.claimName}': two queues in it destroy each other; take 'claims', one for each, or one node`,
            ]
          : []),
      ];
    case 'claims': {
      const { className, accessModes } = spool.storageClass;
      return [
        ...(className === ''
          ? [`'submit.spool.storageClass' must name a class, got ''; name one of the site's disks`]
          : []),
        ...(accessModes.includes('ReadWriteOnce') && !accessModes.includes('ReadWriteMany')
          ? []
          : [
              `'submit.spool.storageClass' must be a disk of one node, ReadWriteOnce without ReadWriteMany, as a queue on a network file system can be lost, got '${className}' with ${accessModes.join(', ')}; take a block class`,
            ]),
        ...(spool.sizeGiB > 0
          ? []
          : [`'submit.spool.sizeGiB' must be above 0, got '${spool.sizeGiB}'`]),
      ];
    }
  }
}

function executeProblems(target: Target, execute: ExecutePods): string[] {
  const { cores, memoryGiB, scratchGiB, drainHours = 1, shares = [] } = execute;
  const mounts = shares.map(({ mountPath }) => mountPath);
  return [
    ...(wholeFrom(1, cores)
      ? []
      : [`'execute.cores' must be a whole number from 1, got '${cores}'`]),
    ...(memoryGiB >= 1
      ? []
      : [
          `'execute.memoryGiB' must be at least 1, as HTCondor takes a quarter, got '${memoryGiB}'`,
        ]),
    ...(scratchGiB > 0 ? [] : [`'execute.scratchGiB' must be above 0, got '${scratchGiB}'`]),
    ...(drainHours >= 0 && drainHours <= 168
      ? []
      : [`'execute.drainHours' must be from 0 to 168, a week, got '${drainHours}'`]),
    ...mounts
      .filter((path) => !/^(\/[A-Za-z0-9._-]+)+$/.test(path))
      .map((path) => `'execute.shares' must be mounted at absolute paths, got '${path}'`),
    ...mounts
      .filter((path, index) => mounts.indexOf(path) !== index)
      .map((path) => `'execute.shares' must each have a path of its own, got '${path}' twice`),
    ...apptainerProblems(target, execute.apptainer ?? { kind: 'none' }, shares),
  ];
}

function apptainerProblems(
  target: Target,
  apptainer: Apptainer,
  shares: NonNullable<ExecutePods['shares']>,
): string[] {
  switch (apptainer.kind) {
    case 'none':
      return [];
    case 'privileged':
      return apptainer.consent.trim() === ''
        ? [
            `'execute.apptainer.consent' must say why pods may be privileged and who agreed, got ''; or take 'user-namespaces' where the cluster has them`,
          ]
        : [];
    case 'user-namespaces':
      return [
        ...target.problemsOf("'execute.apptainer' of kind 'user-namespaces'", 'user-namespaces'),
        ...shares
          .filter(({ share }) => !share.userNamespaces)
          .map(
            ({ share }) =>
              `'execute.shares' '${share.claimName}' cannot be mounted with Apptainer in user namespaces: NFS and FUSE have no ID-mapped mounts; take CVMFS by cvmfsexec, or leave Apptainer out`,
          ),
      ];
  }
}

function sizeProblems(target: Target, props: HtcondorPoolProps): string[] {
  const { size } = props.execute;
  const apis = props.metricsApis ?? ['resource'];
  if (size.kind === 'fixed') {
    return wholeFrom(1, size.pods)
      ? []
      : [`'execute.size.pods' must be a whole number from 1, got '${size.pods}'`];
  }
  const wanted = size.kind === 'cpu' ? 'resource' : 'external';
  return [
    ...(wholeFrom(1, size.min) && wholeFrom(size.min, size.max)
      ? []
      : [
          `'execute.size' must have whole numbers with 1 <= min <= max, got min '${size.min}' and max '${size.max}'`,
        ]),
    ...(apis.includes(wanted)
      ? []
      : [
          `'execute.size' of kind '${size.kind}' needs the ${wanted} metrics API, which 'metricsApis' does not list (${apis.join(', ') || 'none'}); add it once the site serves it, or take kind 'fixed'`,
        ]),
    ...scaleProblems(target, size),
  ];
}

function scaleProblems(target: Target, size: Exclude<PoolSize, { kind: 'fixed' }>): string[] {
  if (size.kind === 'cpu') {
    return size.percent >= 1 && size.percent <= 100
      ? []
      : [`'execute.size.percent' must be from 1 to 100, got '${size.percent}'`];
  }
  return [
    ...target.problemsOf("'execute.size' of kind 'queue'", 'hpa-metrics'),
    ...(/^[a-zA-Z_][a-zA-Z0-9_.-]*$/.test(size.metric)
      ? []
      : [
          `'execute.size.metric' must name the metric of idle jobs that the site's adapter serves, such as 'htcondor_idle_jobs', got '${size.metric}'`,
        ]),
    ...(size.idleJobsPerPod > 0
      ? []
      : [`'execute.size.idleJobsPerPod' must be above 0, got '${size.idleJobsPerPod}'`]),
  ];
}

function groupProblems({ groups = [] }: HtcondorPoolProps): string[] {
  const names = groups.map(({ name }) => name);
  return [
    ...groups.flatMap(({ name, percent, users }) => [
      ...(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/.test(name)
        ? []
        : [`'groups' must have names such as 'cms' or 'cms.production', got '${name}'`]),
      ...(percent > 0 && percent <= 100
        ? []
        : [`'groups' '${name}' must have a percent above 0 up to 100, got '${percent}'`]),
      ...(users.length > 0 ? [] : [`'groups' '${name}' must have users, got none`]),
      ...users
        .filter((user) => !/^[A-Za-z0-9._-]+$/.test(user))
        .map(
          (user) =>
            `'groups' '${name}' must have users by the part before the '@', such as 'anna', got '${user}'`,
        ),
    ]),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `'groups' must have different names, got '${name}' twice`),
    ...names
      .filter((name) => name.includes('.') && !names.includes(parentOf(name)))
      .map(
        (name) => `'groups' '${name}' must stand below a group, and '${parentOf(name)}' is none`,
      ),
    ...[...new Set(names.map(parentOf))].flatMap((parent) => sumProblems(groups, parent)),
  ];
}

function parentOf(name: string): string {
  return name.split('.').slice(0, -1).join('.');
}

/** Groups share what the one above them has. */
function sumProblems(groups: NonNullable<HtcondorPoolProps['groups']>, parent: string): string[] {
  const sum = groups
    .filter(({ name }) => parentOf(name) === parent)
    .reduce((total, { percent }) => total + percent, 0);
  const what = parent === '' ? 'the pool' : `group '${parent}'`;
  return sum <= 100
    ? []
    : [`'groups' must share 100 percent of ${what} at most, got ${sum}; lower some`];
}

function policyProblems({ policies = {} }: HtcondorPoolProps): string[] {
  return policies.longestHours === undefined || policies.longestHours > 0
    ? []
    : [`'policies.longestHours' must be above 0, got '${policies.longestHours}'`];
}
