import { Chart, type ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

import type { SecretRef } from '../contracts';
import { find } from '../kit/findings';
import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import { addBackup } from './backup';
import { addCache } from './cache';
import { addCronJobs } from './cron-jobs';
import { findDask } from './dask';
import { addDaskOperator } from './dask-operator';
import { addDatabase } from './database';
import { addForJobs } from './extras';
import { addMessageBroker } from './message-broker';
import { addPolicies } from './policies';
import { addPooler } from './pooler';
import { problemsIn } from './reana-problems';
import type { ReanaProps } from './reana-props';
import { ReanaSite } from './reana-site';
import { addRights } from './rights';
import { addRoutes } from './routes';
import { addSecrets, type ReanaSecrets } from './secrets';
import { addServer } from './server';
import { addSetup } from './setup';
import { addUi } from './ui';
import { addWorkflowController } from './workflow-controller';

/**
 * REANA 0.9.4 in one namespace, ready when its objects are: a Job makes the database, the admin and the admin's token before any
 * program starts. Nothing of it belongs to the cluster. What it cannot do: docs/how-to/reana.md.
 */
export class Reana extends Construct {
  public readonly host: string;
  /** Where its programs are, and where its runs are. */
  public readonly namespaces: readonly string[];
  /** Access token of the admin, for `reana-client` and `reana-admin`. */
  public readonly adminToken: SecretRef;

  constructor(scope: Construct, id: string, props: ReanaProps) {
    super(scope, id);
    const site = new ReanaSite(this, props);
    this.namespaces = [site.namespace, site.runsNamespace];
    rejectInvalid(this, [...problemsIn(targetOf(this), site), ...this.neighbourProblems()]);

    this.host = props.host;
    this.adminToken = { name: site.nameOf('admin'), key: 'ADMIN_ACCESS_TOKEN' };
    const secrets = addSecrets(this, site);
    const runs = this.addRuns(site);
    addRights(this, site, runs);
    addForJobs(runs, site);
    const workspaces = this.addWorkspaces(site);
    const beneath = [...workspaces, ...this.addBackends(site, secrets)];
    const setup = addSetup(this, site, secrets);
    setup.node.addDependency(...beneath);
    const programs = [
      ...(site.dask === undefined ? [] : [addDaskOperator(this, site, runs, secrets)]),
      addServer(this, site, secrets),
      addWorkflowController(this, site, secrets),
      ...addCronJobs(this, site, secrets),
    ];
    for (const program of programs) program.node.addDependency(setup);
    addUi(this, site);
    if (site.backup !== undefined) addBackup(this, site, site.backup);
    addPolicies(this, site, runs);
    addRoutes(this, site);
    this.addFindings(site);
    findDask(this, site);
  }

  /** What runs need is in their namespace, whichever that is. */
  private addRuns({ dask, props: { runs } }: ReanaSite): Construct {
    // Nobody can be granted rights over kinds that he who grants them has none over.
    if (dask !== undefined && dask.definitions !== 'cluster')
      this.node.addDependency(dask.definitions);
    if (runs === undefined) return this;
    this.node.addDependency(runs.workspaces.ready);
    return new Chart(this, 'Runs', { namespace: runs.namespace });
  }

  private addWorkspaces(site: ReanaSite): ApiObject[] {
    const { workspaces } = site.props;
    if (workspaces.kind === 'share') {
      this.node.addDependency(workspaces.share.ready);
      return [];
    }
    const claim = kubeObject(this, 'Workspaces', 'PersistentVolumeClaim', {
      metadata: { name: site.claimName, labels: labelsOf(site.part('server')) },
      spec: {
        accessModes: ['ReadWriteMany'],
        resources: { requests: { storage: workspaces.size } },
        storageClassName: workspaces.class.className,
      },
    });
    claim.node.addDependency(workspaces.class.ready);
    return [claim];
  }

  private addBackends(site: ReanaSite, secrets: ReanaSecrets): ApiObject[] {
    const { database } = site.props;
    return [
      ...(database.kind === 'inside' && secrets.database !== undefined
        ? [addDatabase(this, site, database, secrets.database)]
        : []),
      addCache(this, site, secrets.cache),
      addMessageBroker(this, site, secrets.broker),
      ...(site.pooler === undefined ? [] : [addPooler(this, site, site.pooler, secrets.database)]),
    ];
  }

  /** Some objects of REANA's runs have no prefix, and `default` is everybody's. */
  private neighbourProblems(): string[] {
    const others = this.node.root.node
      .findAll()
      .filter((found): found is Reana => found instanceof Reana && found !== this);
    return others.flatMap(({ namespaces, node }) => {
      const shared = namespaces.find((name) => this.namespaces.includes(name));
      return shared === undefined
        ? []
        : [
            `namespace '${shared}' has a REANA already ('${node.path}'); give each a namespace of its own, as their runs share names and the ServiceAccount 'default'`,
          ];
    });
  }

  private addFindings({ props: { rootInRuns, registration } }: ReanaSite): void {
    if (rootInRuns !== undefined && rootInRuns !== 'refused') {
      find(this, {
        rule: 'reana/root-in-runs',
        severity: 'warning',
        reason: `runs of the REANA '${this.host}' may begin as root: ${rootInRuns.consent}`,
        fix: 'take it back once the job controller no longer needs it',
      });
    }
    if (registration !== undefined && registration !== 'closed') {
      find(this, {
        rule: 'reana/open-registration',
        severity: 'warning',
        reason: `anybody who reaches '${this.host}' may make an account: ${registration.consent}`,
        fix: `leave 'registration' out, and let the admin make accounts`,
      });
    }
  }
}
