import { Construct } from 'constructs';

import type { SecretRef } from '../contracts';
import { grafanaDashboard } from '../kit/dashboards';
import { find } from '../kit/findings';
import { pullWithout } from '../kit/images';
import { labelsOf, type Part } from '../kit/labels';
import { kubeObject, namespaceOf } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import type { HarborConnection } from './api-object';
import { addCore, type HarborKeys } from './core';
import { addBackup } from './database-backup';
import { addDatabase } from './database';
import { addExporter } from './exporter';
import { harborPanels } from './harbor-dashboard';
import { addPolicies } from './harbor-network';
import { problemsIn } from './harbor-problems';
import type { HarborProps } from './harbor-props';
import { HarborSite } from './harbor-site';
import { addInternalTls } from './internal-tls';
import { addJobservice } from './jobservice';
import { addPortal } from './portal';
import { addRedis } from './redis';
import { addRegistry } from './registry';
import { addTrivy } from './trivy';

/**
 * Harbor as the registry of a site. Install one in a namespace of its own; its secrets are made once and kept, so that rendering
 * again changes nothing. Backup, restore and upgrades: docs/how-to/harbor.md.
 */
export class Harbor extends Construct {
  /** Where clients push and pull. */
  public readonly host: string;
  public readonly namespace: string;
  public readonly part: Part;
  /** Who knows the people: an identity provider, which knows groups as well, or Harbor itself. */
  public readonly people: 'oidc' | 'ldap' | 'own';
  /** How its API is reached, for what is inside it. */
  public readonly connection: HarborConnection;
  /** Password of the user `admin`, in the namespace of Harbor. */
  public readonly adminPassword: SecretRef;

  constructor(scope: Construct, id: string, props: HarborProps) {
    super(scope, id);
    const site = new HarborSite(this, props);
    rejectInvalid(this, problemsIn(targetOf(this), site));
    pullWithout(this, props.host);

    this.host = props.host;
    this.namespace = namespaceOf(this);
    this.part = site.part('core');
    this.people = props.login?.kind ?? 'own';
    const password = site.secrets.value('admin');
    this.connection = { url: site.publicUrl, username: 'admin', password };
    this.adminPassword = { name: site.nameOf('core'), key: 'HARBOR_ADMIN_PASSWORD' };
    const keys = this.addKeys(site);
    addInternalTls(this, site, [
      'core',
      'portal',
      'registry',
      'jobservice',
      ...(props.trivy === undefined ? [] : ['trivy' as const]),
    ]);
    this.addBackends(site, props);
    addCore(this, site, keys);
    addRegistry(this, site, keys);
    addJobservice(this, site, keys);
    addPortal(this, site);
    addExporter(this, site);
    grafanaDashboard(this, 'Dashboard', props.monitoring ?? 'none', {
      name: 'harbor',
      title: `Registry ${props.host}`,
      part: this.part,
      panels: harborPanels(this.namespace),
    });
    if (props.trivy !== undefined) addTrivy(this, site, props.trivy);
    addPolicies(this, site);
    this.addRoutes(site);
    this.addFindings(site);
  }

  private addKeys(site: HarborSite): HarborKeys {
    const secret = (id: string, what: string, stringData: Readonly<Record<string, string>>) =>
      kubeObject(this, id, 'Secret', {
        metadata: { name: site.nameOf(what), labels: labelsOf(site.part('core')) },
        stringData: { ...stringData },
      });
    const { secrets } = site;
    return {
      core: secret('CoreKeys', 'core', {
        CORE_SECRET: secrets.token('core'),
        CSRF_KEY: secrets.token('csrf'),
        HARBOR_ADMIN_PASSWORD: secrets.token('admin'),
        secretKey: secrets.token('secretKey'),
        tokenKey: secrets.token('tokenKey'),
      }),
      jobservice: secret('JobserviceKeys', 'jobservice', {
        JOBSERVICE_SECRET: secrets.token('jobservice'),
      }),
      credential: secret('RegistryCredential', 'registry-credential', {
        REGISTRY_PASSWD: secrets.token('registryCredential'),
      }),
    };
  }

  private addBackends(site: HarborSite, { database, redis }: HarborProps): void {
    if (database.kind === 'inside') addDatabase(this, site, database);
    if (database.backup !== 'none') addBackup(this, site, database.backup);
    if (redis.kind === 'inside') addRedis(this, site, redis);
  }

  /** Of /service only the tokens are public: notifications come from inside. */
  private addRoutes(site: HarborSite): void {
    const { ingress, reach, timeouts, internalTls } = site.props;
    const route = (id: string, what: 'core' | 'portal', path: string): void =>
      ingress.route({
        scope: this,
        name: site.nameOf(id),
        host: this.host,
        path,
        service: { name: site.nameOf(what), port: 'web' },
        reach: reach ?? 'public',
        ...(timeouts === undefined ? {} : { timeouts }),
        ...(internalTls === undefined
          ? {}
          : { tls: { mode: 'reencrypt', authority: internalTls.authority } }),
      });
    route('portal', 'portal', '/');
    route('api', 'core', '/api/');
    route('token', 'core', '/service/token');
    route('v2', 'core', '/v2/');
    route('login', 'core', '/c/');
  }

  private addFindings({ props: { database } }: HarborSite): void {
    if (database.backup === 'none') {
      find(this, {
        rule: 'registry/no-backup',
        severity: 'warning',
        reason: `nothing here dumps the database of the registry '${this.host}': users, projects and the names of all images are in it`,
        fix: `give 'database.backup' a schedule, or make sure that whoever runs the database dumps it`,
      });
    }
    if (database.kind === 'external' && database.tls === 'disable') {
      find(this, {
        rule: 'registry/database-in-clear',
        severity: 'warning',
        reason: `the registry '${this.host}' speaks to its database '${database.host}' without TLS`,
        fix: `set 'database.tls' to 'verify-full' and give its authority in 'trust'`,
      });
    }
  }
}
