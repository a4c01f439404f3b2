import type { IIngress, Login, Reach, RouteRequest } from '../contracts';
import type { Autoscaling } from '../kit/autoscaler';
import type { Resources } from '../kit/containers';
import type { Monitoring } from '../kit/monitoring';
import type { SecretValue } from '../kit/secret-value';
import type { HarborDatabase, HarborRedis } from './harbor-backends';
import type { HarborSecret, RotatableSecret } from './harbor-secret-names';
import type { ImageStorage, JobLogs } from './harbor-storage';
import type { InternalTls } from './internal-tls-props';
import type { TrivyProps } from './trivy-props';

/** The programs that Harbor is made of. */
export type HarborComponent =
  'core' | 'portal' | 'registry' | 'jobservice' | 'trivy' | 'exporter' | 'database' | 'redis';

/** The programs of which there can be more than one pod. */
export type ScalableComponent = 'core' | 'portal' | 'registry' | 'jobservice' | 'trivy';

/**
 * As whom the pods run. Harbor's images belong to fixed users: 10000, and 999 for the database and Redis.
 *
 * `fixed`: as these users. On OKD that takes nonroot-v2, which the ServiceAccounts of Harbor alone are granted.
 * `namespace-range`: on OKD without any grant, under restricted-v2. The admin of the cluster first sets the annotation
 * `openshift.io/sa.scc.uid-range: 10000/1` on the namespace, so that OKD hands out exactly 10000. Database and Redis must then be
 * outside, as they need 999.
 */
export type UserPolicy = 'fixed' | 'namespace-range';

/** A registry for images: where it is, what it keeps and on what. */
export interface HarborProps {
  /**
   * Name of the installation and beginning of the names of its objects. A DNS label.
   *
   * @default 'harbor'
   */
  readonly name?: string;
  /** Host name under which clients push and pull: `registry.example.org`. */
  readonly host: string;
  /** The front door that publishes it. */
  readonly ingress: IIngress;
  /**
   * Who may come in. Images are still only for those who may see them.
   *
   * @default 'public'
   */
  readonly reach?: Reach;
  /**
   * How long the front door waits for an answer. Finishing the upload of a large layer on S3 can take minutes.
   *
   * @default - the front door's own limits
   */
  readonly timeouts?: RouteRequest['timeouts'];
  /** Where layers are kept. */
  readonly storage: ImageStorage;
  /** Where users, projects and the rest are kept. */
  readonly database: HarborDatabase;
  /** Where jobs and caches are kept. */
  readonly redis: HarborRedis;
  /**
   * The scanner for vulnerabilities.
   *
   * @default - none
   */
  readonly trivy?: TrivyProps;
  /**
   * Where the logs of jobs (replication, scans, clean-up) are kept.
   *
   * @default { kind: 'database' }
   */
  readonly jobLogs?: JobLogs;
  /**
   * Number of pods of each program, or how it grows with its load. More than one registry need storage that all of them
   * can write to; more than one jobservice need `jobLogs` in the database.
   *
   * @default - 1 of each
   */
  readonly replicas?: Readonly<Partial<Record<ScalableComponent, number | Autoscaling>>>;
  /**
   * What each program asks of its node.
   *
   * @default - fit for a site of some hundred users
   */
  readonly resources?: Readonly<Partial<Record<HarborComponent, Resources>>>;
  /** @default 'fixed' */
  readonly users?: UserPolicy;
  /**
   * Secrets of a Harbor that is taken over, or of the site's own. Harbor demands exact lengths: see `HarborSecret`.
   *
   * @default - all are generated once and kept
   */
  readonly secrets?: Readonly<Partial<Record<HarborSecret, SecretValue>>>;
  /**
   * Raise one of these to have that secret made anew at the next deployment. The effect of each is said at `RotatableSecret`.
   *
   * @default - none was ever rotated
   */
  readonly rotations?: Readonly<Partial<Record<RotatableSecret, number>>>;
  /**
   * TLS between the programs.
   *
   * @default - plain HTTP in a namespace whose network policies let nobody else in
   */
  readonly internalTls?: InternalTls;
  /**
   * How people log in: what an identity provider's `login` answered.
   *
   * @default - users that Harbor keeps itself
   */
  readonly login?: Login;
  /**
   * Groups whose members run Harbor. One for LDAP and OpenID Connect each, as Harbor knows no more.
   *
   * @default - the built-in user `admin` only
   */
  readonly adminGroup?: string;
  /**
   * ConfigMap with further authorities to trust, in key `ca.crt`: of the object store, the identity provider, other registries.
   *
   * @default - those of the image
   */
  readonly trust?: string;
  /**
   * Proxy for what goes out of the cluster.
   *
   * @default - straight out
   */
  readonly proxy?: { readonly url: string; readonly except: readonly string[] };
  /** @default 'none' */
  readonly monitoring?: Monitoring;
  /**
   * Namespaces whose pods may read metrics.
   *
   * @default []
   */
  readonly monitoringNamespaces?: readonly string[];
  /** @default 'info' */
  readonly logLevel?: 'debug' | 'info' | 'warning' | 'error';
}
