import type { DaskLimits, DaskProfile } from '../constructs/analysis/dask-props';
import type { SparkHistoryServerProps } from '../constructs/analysis/spark-history';
import type { SessionTokensProps } from '../constructs/batch/session-tokens';
import type { IIdentityProvider, IIngress } from '../constructs/contracts';
import type { Monitoring } from '../constructs/kit/monitoring';
import type { MountedShare } from '../constructs/kit/mounted-share';
import type { NotebookProfile } from '../constructs/notebooks/profile';
import type { DaskStackProps } from './dask-stack';
import type { GlideinStackProps } from './glidein-stack';
import type { HtcondorStackProps } from './htcondor-stack';
import type { NotebooksStackProps } from './notebooks-stack';
import type { SparkStackProps } from './spark-stack';
import type { TenantStackProps } from './tenant-stack';

/** An analysis facility: what the site has, who its people are, and what they get. */
export interface AnalysisFacilityStackProps {
  /** The site's front door. */
  readonly ingress: IIngress;
  /** Who people are. */
  readonly identity: IIdentityProvider;
  /** Where the images of sessions and of Dask may come from, as registry and path: `['registry.example.org/analysis']`. */
  readonly registries: readonly string[];
  /**
   * What each namespace reads of CVMFS: a `CvmfsSite`, whose readers name the namespaces of notebooks, tenants and pool.
   *
   * @default - no CVMFS
   */
  readonly cvmfs?: FacilityCvmfs;
  /**
   * Networks of the site's data in CIDR notation, which sessions, Dask, Spark and jobs may reach on any port. Sessions, Dask and Spark reach
   * the internet besides.
   *
   * @default [] - the internet alone; jobs reach nothing
   */
  readonly dataNetworks?: readonly string[];
  /** The groups of people. Each gets a namespace. */
  readonly tenants: readonly FacilityTenant[];
  readonly notebooks: FacilityNotebooks;
  /**
   * Dask clusters from sessions, in the namespace of the person's tenant.
   *
   * @default - none
   */
  readonly dask?: FacilityDask;
  /**
   * A pool of HTCondor for the site's batch work, which sessions send jobs to.
   *
   * @default - none
   */
  readonly htcondor?: FacilityHtcondor;
  /**
   * Spark applications in the tenants' namespaces.
   *
   * @default - none
   */
  readonly spark?: FacilitySpark;
  /**
   * A frontend of GlideinWMS.
   *
   * @default - none
   */
  readonly glidein?: FacilityGlidein;
  /**
   * How metrics are collected.
   *
   * @default 'none'
   */
  readonly monitoring?: Monitoring;
  /**
   * Namespaces whose pods collect metrics.
   *
   * @default [] - nobody
   */
  readonly monitoringNamespaces?: readonly string[];
}

/** The repositories that the pods of a namespace can mount. */
export interface FacilityCvmfs {
  mountsIn(namespace: string): readonly MountedShare[];
}

/**
 * A group of people. Its administrators' and editors' groups are who takes the profiles that name the tenant, and whose Dask clusters run in
 * its namespace; who only looks, or is named alone, is not among them.
 */
export interface FacilityTenant extends TenantStackProps {
  /**
   * What each of its people may have of Dask, in place of what everybody may.
   *
   * @default - as everybody
   */
  readonly dask?: DaskLimits;
  /**
   * Its share of the batch pool in percent, and whose jobs count as its own, by their names in tokens.
   *
   * @default - no share; where some tenant has one, jobs of people without are refused
   */
  readonly batch?: { readonly percent: number; readonly users: readonly string[] };
}

/** What decides who may take a profile. */
export interface ForTenants {
  /**
   * Tenants whose people may take it.
   *
   * @default - everybody
   */
  readonly tenants?: readonly string[];
}

/** What the facility adds to every service. */
type Shared = 'ingress' | 'identity' | 'registries' | 'tenants' | 'monitoring' | Watchers;
type Watchers = 'monitoringNamespaces';

/** The hub. CVMFS comes to the profiles by itself. */
export interface FacilityNotebooks extends Omit<
  NotebooksStackProps,
  Shared | 'profiles' | 'outgoing'
> {
  readonly profiles: readonly (Omit<NotebookProfile, 'groups'> & ForTenants)[];
  /** For how much the quota must do: people with a home, and sessions of the smallest profile at one time. */
  readonly expect: { readonly people: number; readonly sessions: number };
}

/** The Dask Gateway. */
export interface FacilityDask extends Omit<
  DaskStackProps,
  Shared | 'hub' | 'profiles' | 'groupLimits' | 'published'
> {
  readonly profiles: readonly (Omit<DaskProfile, 'groups'> & ForTenants)[];
  /**
   * A host for API and dashboards, for internal networks: dashboards ask for no login.
   *
   * @default - from sessions only
   */
  readonly host?: string;
}

/** The pool of HTCondor. Sessions are among its submitters, tenants with a share its accounting groups. */
export interface FacilityHtcondor extends Omit<HtcondorStackProps, 'groups'> {
  /**
   * How people get tokens in their sessions: the hub says who they are, and a service beside the pool signs. With 'none' they bring one.
   *
   * @default { hours: 24 }
   */
  readonly sessionTokens?: 'none' | Omit<SessionTokensProps, 'hub'>;
}

/** Spark. */
export interface FacilitySpark extends Omit<SparkStackProps, Shared | 'history'> {
  /**
   * The pages of applications that ended.
   *
   * @default - none
   */
  readonly history?: Omit<SparkHistoryServerProps, 'ingress'>;
}

/** The frontend of GlideinWMS. */
export interface FacilityGlidein extends Omit<GlideinStackProps, 'web'> {
  /** Where workers fetch their scripts, and people look at the monitoring page. */
  readonly host: string;
}

/** Where each part runs. The tenants' namespaces have their names. */
export function namespacesOf({
  notebooks,
  dask,
  htcondor,
  spark,
  glidein,
}: AnalysisFacilityStackProps): Readonly<Record<FacilityPart, string | undefined>> {
  const unless = (part: { readonly namespace?: string } | undefined, usual: string) =>
    part === undefined ? undefined : (part.namespace ?? usual);
  return {
    notebooks: unless(notebooks, 'notebooks'),
    dask: unless(dask, 'dask'),
    htcondor: unless(htcondor, 'htcondor'),
    spark: unless(spark, 'spark'),
    glidein: unless(glidein, 'glidein'),
  };
}

type FacilityPart = 'notebooks' | 'dask' | 'htcondor' | 'spark' | 'glidein';

/** The groups whose members work in a tenant's namespace. */
export function groupsOf({ admins, editors }: FacilityTenant): string[] {
  return [...new Set([...(admins?.groups ?? []), ...(editors?.groups ?? [])])];
}
