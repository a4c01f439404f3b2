import type {
  IFileShare,
  IIngress,
  IStorageClass,
  OidcLogin,
  Reach,
  SecretRef,
} from '../contracts';
import type { DatabaseBackup } from '../kit/database-backup';
import type { ReanaCvmfs, ReanaDask, ReanaGitLab, ReanaVoms } from './extra-props';
import type { ReanaLimits } from './limit-props';
import type { ReanaBackend } from './reana-backends';
import type { ReanaRelease } from './releases';

/** A REANA: where it is, who may use it, what it keeps and on what. */
export interface ReanaProps {
  /**
   * Beginning of the names of all objects. At most 13 characters, as REANA adds long names of its own for each run.
   *
   * @default 'reana'
   */
  readonly prefix?: string;
  /**
   * Which release. The alpha has other commands inside and brings no way back: its database is migrated, and 0.9.4 does not know the result.
   *
   * @default '0.9.4'
   */
  readonly release?: ReanaRelease;
  /** Host name under which people and clients reach it: `reana.example.org`. */
  readonly host: string;
  /** The front door that publishes it. */
  readonly ingress: IIngress;
  /**
   * Who may come in.
   *
   * @default 'internal'
   */
  readonly reach?: Reach;
  /** Files of all workflows, mounted by every program and every job at once. */
  readonly workspaces: Workspaces;
  /**
   * A namespace of their own for runs, jobs, notebooks and the secrets of users, so that what users bring is apart from REANA's own Secrets.
   *
   * @default - they are in REANA's namespace
   */
  readonly runs?: ReanaRuns;
  /** PostgreSQL. */
  readonly database: ReanaDatabase;
  /**
   * PgBouncer before the database, so that hundreds of runs share its connections.
   *
   * @default 'none'
   */
  readonly pooler?: 'none' | ReanaPooler;
  /** What the message broker keeps of queued workflows. */
  readonly messages: { readonly class: IStorageClass; readonly size: string };
  /** Who runs it. The account is made with a password and a token of its own, in the Secret `<prefix>-admin`. */
  readonly admin: { readonly email: string };
  /**
   * How people log in.
   *
   * @default - accounts that the admin makes
   */
  readonly login?: OidcLogin;
  /**
   * Whether somebody the admin does not know may make an account. Without `login` that is anybody who reaches the host.
   *
   * @default 'closed'
   */
  readonly registration?: 'closed' | { readonly open: true; readonly consent: string };
  /**
   * Where jobs run.
   *
   * @default [{ kind: 'kubernetes' }]
   */
  readonly backends?: readonly ReanaBackend[];
  /**
   * Whether runs may begin as root. The job controller of the stable release does, to make the user of the jobs, and OKD refuses that
   * to everybody: the ServiceAccount `<prefix>-runtime`, and no other, is then granted anyuid, and the namespace's `default`, which jobs
   * run as, nonroot. Needed on OKD.
   *
   * @default 'refused'
   */
  readonly rootInRuns?: 'refused' | { readonly consent: string };
  /**
   * Whether the cluster admin grants the two cluster-wide read rules (nodes and their metrics). Without them REANA counts running
   * workflows instead of looking at free memory.
   *
   * @default false
   */
  readonly clusterReads?: boolean;
  /**
   * Notebooks in the workspaces. REANA makes an Ingress for each.
   *
   * @default 'none'
   */
  readonly sessions?: 'none' | ReanaSessions;
  /**
   * Mail to the admin and to users.
   *
   * @default 'none' - and accounts need no confirmation by mail
   */
  readonly mail?: 'none' | ReanaMail;
  /**
   * CVMFS for jobs on Kubernetes that list repositories in `cvmfs`.
   *
   * @default 'none'
   */
  readonly cvmfs?: 'none' | ReanaCvmfs;
  /**
   * A GitLab whose projects users connect with their account.
   *
   * @default 'none'
   */
  readonly gitlab?: 'none' | ReanaGitLab;
  /**
   * `krb5.conf` of the tickets that steps on Kubernetes take with `kerberos: true`. Release 0.9.4 takes them of the realm CERN.CH alone.
   *
   * @default 'none'
   */
  readonly kerberos?: 'none' | { readonly krb5Conf: string };
  /**
   * VOMS for steps on Kubernetes. REANA has no switch for it: without this, a step that asks gets upstream's image all the same, from where
   * nobody mirrors it.
   *
   * @default 'none'
   */
  readonly voms?: 'none' | ReanaVoms;
  /**
   * Dask for workflows. Release 0.9.4 has none.
   *
   * @default 'none'
   */
  readonly dask?: 'none' | ReanaDask;
  /**
   * What jobs and users may take.
   *
   * @default {}
   */
  readonly limits?: ReanaLimits;
}

/** Where runs are, when they are not beside REANA. */
export interface ReanaRuns {
  readonly namespace: string;
  /** The workspaces once more: the same files, as a claim of the same name in that namespace. A claim that REANA makes is of one namespace. */
  readonly workspaces: IFileShare;
}

/** Where the files of workflows are. */
export type Workspaces =
  /** On a claim of its own, `<prefix>-shared-persistent-volume`. */
  | { readonly kind: 'claim'; readonly class: IStorageClass; readonly size: string }
  /** On a share that is there. Runs look for its claim under the same name. */
  | { readonly kind: 'share'; readonly share: IFileShare };

/** Where PostgreSQL is. */
export type ReanaDatabase =
  /** One pod. */
  | {
      readonly kind: 'inside';
      readonly class: IStorageClass;
      readonly size: string;
      /**
       * Dumps of it. The files of workspaces are not in them.
       *
       * @default 'none'
       */
      readonly backup?: DatabaseBackup | 'none';
    }
  /** A server that somebody else runs, and dumps, with an empty database. */
  | {
      readonly kind: 'external';
      readonly host: string;
      readonly port: number;
      readonly database: string;
      readonly username: SecretRef;
      readonly password: SecretRef;
      /**
       * As libpq has it, or the authority whose certificate the server must show (`verify-full`), as PEM in a Secret. That takes a `pooler`: runs ask the
       * database as well, and nothing can put an authority into their pods, so that they ask PgBouncer, which checks.
       *
       * @default 'require'
       */
      readonly tls?: 'disable' | 'require' | { readonly authority: SecretRef };
    };

/** How many share the database. A connection serves one transaction at a time. */
export interface ReanaPooler {
  /** Connections that programs and runs may have open. */
  readonly clients: number;
  /** Connections to the database, below its `max_connections` (300 inside). */
  readonly connections: number;
}

/** How notebooks live. */
export interface ReanaSessions {
  /** Days after which a notebook that nobody touches is closed. */
  readonly inactiveDays: number;
  /** Annotations of their Ingresses, by which a controller knows them: `{ 'kubernetes.io/ingress.class': 'traefik' }`. */
  readonly ingressAnnotations: Readonly<Record<string, string>>;
}

/** How mail is sent. */
export interface ReanaMail {
  readonly sender: string;
  readonly server: string;
  readonly port: number;
  readonly encryption: 'none' | 'starttls' | 'tls';
  /**
   * Name and password at the server.
   *
   * @default - it asks for none
   */
  readonly account?: { readonly username: SecretRef; readonly password: SecretRef };
}
