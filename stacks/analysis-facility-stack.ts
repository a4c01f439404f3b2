import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { NetworkPolicyPeer } from 'kubernetes-types/networking/v1';

import type { DaskLimits } from '../constructs/analysis/dask-props';
import type { ScaleTenant } from '../constructs/analysis/scale-tenant';
import { CONDOR_PORT, PARTS as CONDOR_PARTS } from '../constructs/batch/parts';
import type { HtcondorPool } from '../constructs/batch/htcondor-pool';
import type { AccountingGroup } from '../constructs/batch/pool-props';
import type { INotebookHub } from '../constructs/contracts';
import { allow, inNamespace, INTERNET, network, podsOf } from '../constructs/kit/network';
import type { MountedShare } from '../constructs/kit/mounted-share';
import { podsMadeBy } from '../constructs/kit/made-elsewhere';
import { rejectInvalid } from '../constructs/kit/validate';
import { PARTS as NOTEBOOK_PARTS } from '../constructs/notebooks/parts';
import { SESSION_LABELS } from '../constructs/notebooks/session-pods';
import { facilityProblems } from './analysis-facility-problems';
import {
  groupsOf,
  namespacesOf,
  type AnalysisFacilityStackProps,
  type FacilityTenant,
  type ForTenants,
} from './analysis-facility-props';
import { DaskStack } from './dask-stack';
import { GlideinStack } from './glidein-stack';
import { HtcondorStack } from './htcondor-stack';
import { NotebooksStack } from './notebooks-stack';
import { SparkStack } from './spark-stack';
import { TenantStack } from './tenant-stack';

/**
 * An analysis facility as one piece: tenants, notebooks with CVMFS, Dask from the sessions into the tenants' namespaces, a batch pool that
 * sessions send jobs to, and by choice Spark and GlideinWMS. It takes what the site has and makes the rest, each part in a namespace of its own.
 */
export class AnalysisFacilityStack extends Chart {
  public readonly hub: INotebookHub;
  /** Undefined without `htcondor`. */
  public readonly pool: HtcondorPool | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AnalysisFacilityStackProps,
  ) {
    super(scope, id);
    rejectInvalid(this, facilityProblems(props));
    this.addTenants();
    this.pool = this.addBatch();
    this.hub = this.addNotebooks();
    this.openBatchToSessions();
    this.addSessionTokens();
    this.addDask();
    this.addSpark();
    this.addGlidein();
  }

  private addTenants(): void {
    for (const { dask: _dask, batch: _batch, ...tenant } of this.props.tenants) {
      new TenantStack(this, `Tenant-${tenant.name}`, tenant);
    }
  }

  private addBatch(): HtcondorPool | undefined {
    const { htcondor } = this.props;
    if (htcondor === undefined) return undefined;
    const { sessionTokens: _, execute, submitters = [], ...own } = htcondor;
    const { pool } = new HtcondorStack(this, 'Batch', {
      ...own,
      execute: {
        ...execute,
        shares: this.withCvmfs('htcondor', execute.shares),
        outgoing: [...(execute.outgoing ?? []), ...this.data()],
      },
      groups: this.props.tenants.flatMap(accountingGroup),
      submitters: [this.sessions(), ...submitters],
    });
    return pool;
  }

  private addNotebooks(): INotebookHub {
    const { notebooks } = this.props;
    const { expect: _, ...own } = notebooks;
    const { hub } = new NotebooksStack(this, 'Notebooks', {
      ...own,
      ...this.shared(),
      registries: this.props.registries,
      ingress: this.props.ingress,
      outgoing: [INTERNET, ...this.data()],
      profiles: notebooks.profiles.map(({ tenants, ...profile }) => ({
        ...profile,
        ...this.groupsFor({ tenants }),
        shares: this.withCvmfs('notebooks', profile.shares),
        environment: { ...this.batchClient(), ...profile.environment },
      })),
    });
    return hub;
  }

  /** Sessions send jobs to the collector and the submit nodes, and reach nothing else of the pool. */
  private openBatchToSessions(): void {
    const { notebooks, htcondor } = namespacesOf(this.props);
    if (htcondor === undefined || notebooks === undefined) return;
    const { manager, submit } = CONDOR_PARTS;
    const policy = allow(this, 'AllowBatch', {
      name: 'session-to-htcondor',
      namespace: notebooks,
      part: NOTEBOOK_PARTS.session,
      pods: SESSION_LABELS,
      to: [{ peers: [podsOf(manager, htcondor), podsOf(submit, htcondor)], ports: [CONDOR_PORT] }],
    });
    podsMadeBy(policy, 'kubespawner');
  }

  private addSessionTokens(): void {
    const { sessionTokens = {} } = this.props.htcondor ?? {};
    if (sessionTokens !== 'none') this.pool?.serveSessions({ ...sessionTokens, hub: this.hub });
  }

  private addDask(): void {
    const { dask, tenants, registries, ingress } = this.props;
    if (dask === undefined) return;
    const { host, ...own } = dask;
    new DaskStack(this, 'Dask', {
      ...own,
      ...this.shared(),
      hub: this.hub,
      registries,
      tenants: this.scaleTenants(),
      profiles: dask.profiles.map(({ tenants: takers, ...profile }) => ({
        ...profile,
        ...this.groupsFor({ tenants: takers }),
      })),
      groupLimits: Object.fromEntries(tenants.flatMap(limitsByGroup)),
      ...(host === undefined ? {} : { published: { host, ingress } }),
    });
  }

  private addSpark(): void {
    const { spark, ingress } = this.props;
    if (spark === undefined) return;
    const { history, ...own } = spark;
    new SparkStack(this, 'Spark', {
      ...own,
      ...this.shared(),
      tenants: this.scaleTenants(),
      ...(history === undefined ? {} : { history: { ...history, ingress } }),
    });
  }

  private addGlidein(): void {
    const { glidein, ingress } = this.props;
    if (glidein === undefined) return;
    const { host, ...own } = glidein;
    new GlideinStack(this, 'Glidein', { ...own, web: { host, ingress } });
  }

  /** What every service of the facility is told alike. */
  private shared() {
    const { identity, monitoring = 'none', monitoringNamespaces = [] } = this.props;
    return { identity, monitoring, monitoringNamespaces };
  }

  private scaleTenants(): ScaleTenant[] {
    return this.props.tenants.map((tenant) => ({
      namespace: tenant.name,
      groups: groupsOf(tenant),
      quota: tenant.quota,
      shares: this.props.cvmfs?.mountsIn(tenant.name) ?? [],
      outgoing: [INTERNET, ...this.data()],
    }));
  }

  private groupsFor({ tenants: names }: ForTenants): { readonly groups?: readonly string[] } {
    if (names === undefined) return {};
    const takers = this.props.tenants.filter(({ name }) => names.includes(name));
    return { groups: [...new Set(takers.flatMap(groupsOf))] };
  }

  private withCvmfs(
    part: 'notebooks' | 'htcondor',
    more: readonly MountedShare[] = [],
  ): MountedShare[] {
    const namespace = namespacesOf(this.props)[part];
    const { cvmfs } = this.props;
    return [...(namespace === undefined ? [] : (cvmfs?.mountsIn(namespace) ?? [])), ...more];
  }

  private data(): NetworkPolicyPeer[] {
    return (this.props.dataNetworks ?? []).map(network);
  }

  private sessions(): NetworkPolicyPeer {
    const { notebooks = '' } = namespacesOf(this.props);
    return { podSelector: { matchLabels: { ...SESSION_LABELS } }, ...inNamespace(notebooks) };
  }

  /** Where HTCondor's programs find the pool. Each `_CONDOR_` variable is a setting: https://htcondor.readthedocs.io/en/latest/admin-manual/introduction-to-configuration.html */
  private batchClient(): Readonly<Record<string, string>> {
    if (this.pool === undefined) return {};
    return {
      _CONDOR_COLLECTOR_HOST: this.pool.collector,
      _CONDOR_SEC_DEFAULT_AUTHENTICATION_METHODS: 'IDTOKENS',
    };
  }
}

/** HTCondor's names have no `-`. */
function accountingGroup({ name, batch }: FacilityTenant): AccountingGroup[] {
  return batch === undefined ? [] : [{ name: name.replaceAll('-', '_'), ...batch }];
}

function limitsByGroup(tenant: FacilityTenant): [string, DaskLimits][] {
  const { dask } = tenant;
  return dask === undefined ? [] : groupsOf(tenant).map((group) => [group, dask]);
}
