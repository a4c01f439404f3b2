import type { ICondorPool, SecretRef } from '../contracts';

/**
 * Where the jobs of workflows run. Upstream's job controller knows Kubernetes, and of HTCondor and Slurm CERN's own; for those of other sites
 * it is the image of `images/reana-job-controller`.
 */
export type ReanaBackend = KubernetesBackend | CondorBackend | SlurmBackend;

/** Pods in the namespace of runs. */
export interface KubernetesBackend {
  readonly kind: 'kubernetes';
  /**
   * The image of `images/reana-job-controller`, as the site built and published it, whose runs do not begin as root.
   *
   * @default - upstream's, or that of the other back ends
   */
  readonly jobController?: string;
}

/** Jobs of an HTCondor pool. Their files go to them and come back, so the pool needs no volume of REANA's. */
export interface CondorBackend {
  readonly kind: 'htcondor';
  /** The pool: one of ours, or an `ExistingCondorPool`. */
  readonly pool: ICondorPool;
  /** Whom the pool takes REANA for, by an IDTOKEN: `reana@pool.example.org`. All users' jobs are his. */
  readonly identity: string;
  /** Name of the schedd that takes the jobs. */
  readonly schedd: string;
  /**
   * Whether jobs run in the image of their step, in HTCondor's container universe, or on the node as it is.
   *
   * @default 'universe'
   */
  readonly containers?: 'universe' | 'none';
  readonly defaults: JobDefaults;
  /** The image of `images/reana-job-controller`, as the site built and published it. */
  readonly jobController: string;
}

/** Jobs of a Slurm cluster, handed in with `sbatch` over SSH. */
export interface SlurmBackend {
  readonly kind: 'slurm';
  /** Host with `sbatch`, `scontrol` and `scancel`. */
  readonly host: string;
  /**
   * Port of its SSH.
   *
   * @default 22
   */
  readonly port?: number;
  /** Public keys of the host, as `ssh-keyscan` prints them without the name: `ssh-ed25519 AAAA…`. A host with another is not spoken to. */
  readonly hostKeys: readonly string[];
  readonly login: SlurmLogin;
  readonly partition: string;
  /** Path under which the nodes of the cluster see `/var/reana` of REANA. Jobs read and write their files there. */
  readonly workspacePath: string;
  /**
   * What runs the image of a step on a node; `none` runs the command on the node as it is.
   *
   * @default 'apptainer'
   */
  readonly containers?: 'apptainer' | 'singularity' | 'none';
  readonly defaults: JobDefaults;
  /** The image of `images/reana-job-controller`, as the site built and published it. */
  readonly jobController: string;
}

/** Whose the jobs of a Slurm cluster are. */
export type SlurmLogin =
  /** An account of the site, by its private key in a Secret of REANA's namespace. All users' jobs are its. */
  | { readonly kind: 'ssh-key'; readonly user: string; readonly key: SecretRef }
  /** The user's own, by the keytab that each gives to REANA. */
  | { readonly kind: 'kerberos'; readonly realm: string; readonly krb5Conf: string };

/** What a job takes whose step asks for nothing. */
export interface JobDefaults {
  readonly cores: number;
  /** MiB. Steps ask for other with `kubernetes_memory_limit`. */
  readonly memoryMiB: number;
  /** Steps ask for other with `slurm_time`, or `htcondor_max_runtime` in seconds. */
  readonly minutes: number;
}

/** The names by which users ask for a back end in `compute_backend` of a step: the schema of reana.yaml 0.9.4 knows no others. */
export const BACKEND_NAMES = {
  kubernetes: 'kubernetes',
  htcondor: 'htcondorcern',
  slurm: 'slurmcern',
} as const satisfies Readonly<Record<ReanaBackend['kind'], string>>;

/** Image of the job controller that the back ends need; undefined for upstream's own. */
export function jobControllerOf(backends: readonly ReanaBackend[]): string | undefined {
  return backends.flatMap(({ jobController }) => jobController ?? [])[0];
}

/** The pool among the back ends. */
export function condorOf(backends: readonly ReanaBackend[]): CondorBackend | undefined {
  return backends.find((backend) => backend.kind === 'htcondor');
}

/** What the job controller of every run is told of the back ends, upstream's nothing: `images/reana-job-controller` reads it. */
export function backendVariables(
  backends: readonly ReanaBackend[],
  token: SecretRef | undefined,
): Readonly<Record<string, string>> {
  const settings = Object.fromEntries(
    backends.flatMap((backend) => {
      const said = settingsOf(backend, token);
      return said === undefined ? [] : [[backend.kind, said] as const];
    }),
  );
  if (Object.keys(settings).length === 0) return {};
  return {
    BEAMLINE_BACKENDS: JSON.stringify(settings),
    COMPUTE_BACKENDS: backends.map(({ kind }) => BACKEND_NAMES[kind]).join(','),
  };
}

function settingsOf(backend: ReanaBackend, token: SecretRef | undefined): object | undefined {
  switch (backend.kind) {
    case 'kubernetes':
      return undefined;
    case 'htcondor':
      return {
        collector: backend.pool.collector,
        schedd: backend.schedd,
        token: token === undefined ? undefined : { name: token.name, key: token.key },
        containers: backend.containers ?? 'universe',
        defaults: defaultsOf(backend),
      };
    case 'slurm':
      return {
        host: backend.host,
        port: backend.port ?? 22,
        host_keys: backend.hostKeys,
        ...loginOf(backend.login),
        partition: backend.partition,
        path: backend.workspacePath,
        containers: backend.containers ?? 'apptainer',
        defaults: defaultsOf(backend),
      };
  }
}

function loginOf(login: SlurmLogin): object {
  switch (login.kind) {
    case 'ssh-key':
      return { user: login.user, key: { name: login.key.name, key: login.key.key } };
    case 'kerberos':
      return { realm: login.realm, krb5_conf: login.krb5Conf };
  }
}

function defaultsOf({ defaults }: CondorBackend | SlurmBackend): object {
  return { cores: defaults.cores, memory_mib: defaults.memoryMiB, minutes: defaults.minutes };
}
