/**
 * Where the jobs of workflows run. The stable job controller knows Kubernetes, and of HTCondor and Slurm only CERN's own (docs/reana.md): for
 * a pool of another site its image has to be one that the site derives.
 */
export type ReanaBackend =
  /** Pods in the namespace of REANA. */
  | { readonly kind: 'kubernetes' }
  /** Jobs of an HTCondor pool, submitted to its schedd. */
  | {
      readonly kind: 'htcondor';
      /** `host:port` of the collector. */
      readonly collector: string;
      /** Name of the schedd that takes the jobs. */
      readonly schedd: string;
      /** Secret of the namespace, with an IDTOKEN that may submit. */
      readonly tokenSecret: string;
      /** Image of a job controller that can, by tag or digest. */
      readonly jobController: string;
    }
  /** Jobs of a Slurm cluster, submitted over SSH. */
  | {
      readonly kind: 'slurm';
      /** Host on which `sbatch` is run. */
      readonly host: string;
      readonly partition: string;
      /** Path under which the nodes of the cluster see REANA's workspaces. Jobs read and write their files there. */
      readonly workspacePath: string;
      /** Image of a job controller that can, by tag or digest. */
      readonly jobController: string;
    };

/** The name by which users ask for a back end in `compute_backend` of a step. */
export type BackendName = ReanaBackend['kind'];

/** Image of the job controller that the back ends need; undefined for upstream's own. */
export function jobControllerOf(backends: readonly ReanaBackend[]): string | undefined {
  return backends.flatMap((backend) =>
    'jobController' in backend ? [backend.jobController] : [],
  )[0];
}

/** What the job controller of every run is told of the back ends. */
export function backendVariables(
  backends: readonly ReanaBackend[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(backends.flatMap((backend) => Object.entries(variablesOf(backend))));
}

function variablesOf(backend: ReanaBackend): Readonly<Record<string, string>> {
  switch (backend.kind) {
    case 'kubernetes':
      return {};
    case 'htcondor':
      return {
        HTCONDOR_COLLECTOR: backend.collector,
        HTCONDOR_SCHEDD: backend.schedd,
        HTCONDOR_TOKEN_SECRET: backend.tokenSecret,
      };
    case 'slurm':
      return {
        SLURM_HOSTNAME: backend.host,
        SLURM_PARTITION: backend.partition,
        SLURM_WORKSPACE_PATH: backend.workspacePath,
      };
  }
}

/** What is wrong with the back ends, one message each. */
export function backendProblems(backends: readonly ReanaBackend[]): string[] {
  const images = new Set(
    backends.flatMap((one) => ('jobController' in one ? [one.jobController] : [])),
  );
  const names = backends.map(({ kind }) => kind);
  return [
    ...(backends.length === 0
      ? [`'backends' must list where jobs run, got none; take [{ kind: 'kubernetes' }]`]
      : []),
    ...(new Set(names).size === names.length
      ? []
      : [`'backends' may have one of each kind, got ${names.join(', ')}`]),
    ...(images.size <= 1
      ? []
      : [
          `'backends' must share one job controller, as every run has a single one, got ${[...images].join(', ')}; derive one that can do all`,
        ]),
    ...backends.flatMap(problemsOf),
  ];
}

function problemsOf(backend: ReanaBackend): string[] {
  switch (backend.kind) {
    case 'kubernetes':
      return [];
    case 'htcondor':
      return [
        ...given('htcondor.collector', backend.collector, 'be host:port of the collector'),
        ...given('htcondor.schedd', backend.schedd, 'name the schedd that takes the jobs'),
        ...given(
          'htcondor.tokenSecret',
          backend.tokenSecret,
          'name the Secret with an IDTOKEN; a pool takes no job from somebody it does not know',
        ),
        ...ownController('HTCondor', 'htcondor', backend.jobController),
      ];
    case 'slurm':
      return [
        ...given('slurm.host', backend.host, 'name the host that sbatch is run on'),
        ...given('slurm.partition', backend.partition, 'name the partition of jobs'),
        ...(backend.workspacePath.startsWith('/')
          ? []
          : [
              `'backends.slurm.workspacePath' must be the path under which the nodes see the workspaces, got '${backend.workspacePath}'; ` +
                'export the shared volume to the cluster and name the mount point, as jobs find their files nowhere else',
            ]),
        ...ownController('Slurm', 'slurm', backend.jobController),
      ];
  }
}

function given(prop: string, value: string, what: string): string[] {
  return value === '' ? [`'backends.${prop}' must ${what}, got ''`] : [];
}

function ownController(product: string, kind: string, image: string): string[] {
  return /(:v?\d[\w.-]*|@sha256:[0-9a-f]{64})$/.test(image) && !/\/reanahub\//.test(image)
    ? []
    : [
        `'backends.${kind}.jobController' must be a job controller of the site's own by exact tag, got '${image}': ` +
          `upstream's knows no ${product} but CERN's; derive one (docs/reana.md), or leave the back end out`,
      ];
}
