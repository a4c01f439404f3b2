import type { CondorBackend, ReanaBackend, SlurmBackend, SlurmLogin } from './reana-backends';
import type { ReanaRelease } from './releases';

/** What is wrong with the back ends, one message each. */
export function backendProblems(
  backends: readonly ReanaBackend[],
  release: ReanaRelease,
): string[] {
  const names = backends.map(({ kind }) => kind);
  const controllers = new Set(backends.flatMap(({ jobController }) => jobController ?? []));
  const others = names.filter((name) => name !== 'kubernetes');
  return [
    ...(backends.length === 0
      ? [`'backends' must list where jobs run, got none; take [{ kind: 'kubernetes' }]`]
      : []),
    ...(new Set(names).size === names.length
      ? []
      : [`'backends' may have one of each kind, got ${names.join(', ')}`]),
    ...(controllers.size <= 1
      ? []
      : [
          `'backends' must share one job controller, as every run has a single one, got ${[...controllers].join(', ')}`,
        ]),
    ...(controllers.size === 0 || release === '0.9.4'
      ? []
      : [
          `'backends' can be ${others.join(', ') || 'by another job controller'} with release 0.9.4 alone, whose job controller images/reana-job-controller extends, got release '${release}'`,
        ]),
    ...backends.flatMap(problemsOf),
  ];
}

function problemsOf(backend: ReanaBackend): string[] {
  switch (backend.kind) {
    case 'kubernetes':
      return backend.jobController === undefined
        ? []
        : controllerProblems('kubernetes', backend.jobController, 'takes root in every run');
    case 'htcondor':
      return [...condorProblems(backend), ...commonProblems('HTCondor', backend)];
    case 'slurm':
      return [...slurmProblems(backend), ...commonProblems('Slurm', backend)];
  }
}

function condorProblems({ identity, schedd }: CondorBackend): string[] {
  return [
    ...matches(
      'htcondor.identity',
      identity,
      /^[A-Za-z0-9._-]+@[A-Za-z0-9._-]+$/,
      `be whom the token makes REANA, such as 'reana@pool.example.org'; a pool takes no job from somebody without a token`,
    ),
    ...matches('htcondor.schedd', schedd, /^[\w@.-]+$/, 'name the schedd that takes the jobs'),
  ];
}

function slurmProblems(backend: SlurmBackend): string[] {
  const { host, port = 22, hostKeys, partition, workspacePath } = backend;
  return [
    ...matches('slurm.host', host, /^[A-Za-z0-9][A-Za-z0-9.-]*$/, 'name the host with sbatch'),
    ...whole('slurm.port', port, 65_535),
    ...matches('slurm.partition', partition, /^\w[\w.-]*$/, 'name the partition of jobs'),
    ...matches(
      'slurm.workspacePath',
      workspacePath,
      /^(\/[\w.-]+)+$/,
      'be the path under which the nodes see the workspaces; export the shared volume to the cluster and name the mount point, as jobs find their files nowhere else',
    ),
    ...(hostKeys.length > 0
      ? []
      : [
          `'backends.slurm.hostKeys' must have a key at least, got none; 'ssh-keyscan ${host}' prints them, and its people can confirm them`,
        ]),
    ...hostKeys.flatMap((key) =>
      matches(
        'slurm.hostKeys',
        key,
        /^(ssh|ecdsa)-[\w@.-]+ [A-Za-z0-9+/=]+( .*)?$/,
        `be public keys such as 'ssh-ed25519 AAAA…', without the host's name`,
      ),
    ),
    ...loginProblems(backend.login),
  ];
}

function loginProblems(login: SlurmLogin): string[] {
  switch (login.kind) {
    case 'ssh-key':
      return matches(
        'slurm.login.user',
        login.user,
        /^[A-Za-z_][\w.-]*$/,
        'name the account that the key is of',
      );
    case 'kerberos':
      return [
        ...matches(
          'slurm.login.realm',
          login.realm,
          /^[A-Z0-9][A-Z0-9.-]*$/,
          `be in capital letters, such as 'EXAMPLE.ORG'`,
        ),
        ...(login.krb5Conf.includes('[realms]')
          ? []
          : [
              `'backends.slurm.login.krb5Conf' must be a krb5.conf with [realms], as upstream's image has CERN's, got '${login.krb5Conf}'`,
            ]),
      ];
  }
}

function commonProblems(product: string, backend: CondorBackend | SlurmBackend): string[] {
  const { kind, jobController, defaults } = backend;
  return [
    ...whole(`${kind}.defaults.cores`, defaults.cores),
    ...whole(`${kind}.defaults.memoryMiB`, defaults.memoryMiB),
    ...whole(`${kind}.defaults.minutes`, defaults.minutes),
    ...controllerProblems(kind, jobController, `knows no ${product} but CERN's`),
  ];
}

function controllerProblems(kind: string, image: string, otherwise: string): string[] {
  return /(:v?\d[\w.-]*|@sha256:[0-9a-f]{64})$/.test(image) && !/\/reanahub\//.test(image)
    ? []
    : [
        `'backends.${kind}.jobController' must be the image of images/reana-job-controller by exact tag, got '${image}': ` +
          `upstream's ${otherwise}; build that one and push it (docs/how-to/reana.md), or leave it out`,
      ];
}

function matches(prop: string, value: string, pattern: RegExp, what: string): string[] {
  return pattern.test(value) ? [] : [`'backends.${prop}' must ${what}, got '${value}'`];
}

function whole(prop: string, value: number, most = Infinity): string[] {
  return Number.isInteger(value) && value > 0 && value <= most
    ? []
    : [`'backends.${prop}' must be a whole number from 1, got '${value}'`];
}
