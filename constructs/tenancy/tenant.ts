import { Chart } from 'cdk8s';
import { Construct } from 'constructs';

import type { PullRight } from '../contracts';
import { labelsOf, type Part } from '../kit/labels';
import { isolatedNamespace } from '../kit/namespace';
import { namespaceOf } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { tenantAdmission } from './tenant-admission';
import { unansweredEgress, type Neighbour } from './tenant-answers';
import { addLevel, addSccs } from './tenant-consents';
import { tenantProblems } from './tenant-problems';
import type { TenantProps, TenantSpace } from './tenant-props';
import { addLimits, addQuota } from './tenant-quota';
import { addRights, addRoles } from './tenant-rights';
import { addTraffic } from './tenant-traffic';

/**
 * Namespaces of their own for a group of people: quota, limits, rights, closed to the network, restricted pods. What more it may, it may by
 * a consent of the site, with its reason.
 */
export class Tenant extends Construct implements Neighbour {
  /** Name of the tenant, and of the first of its namespaces. */
  public readonly namespace: string;
  /** All its namespaces, that of the stack first. */
  public readonly namespaces: readonly string[];
  /** What it may pull, for whoever fills the site's registry. */
  public readonly pulls: readonly PullRight[];

  constructor(
    scope: Construct,
    id: string,
    public readonly props: TenantProps,
  ) {
    super(scope, id);
    this.namespace = namespaceOf(this);
    this.namespaces = [this.namespace, ...Object.keys(props.more ?? {})];
    rejectInvalid(this, tenantProblems(this, this.namespaces, props));

    this.pulls = (props.pulls ?? []).map((project) => ({
      project,
      account: this.namespace,
      namespaces: this.namespaces,
    }));
    this.addSpace(this, props);
    for (const [name, space] of Object.entries(props.more ?? {})) {
      this.addSpace(new Chart(this, name, { namespace: name }), space);
    }
    this.node.addValidation({ validate: () => unansweredEgress(this, this.tenants()) });
  }

  /** What the tenant may in one of its namespaces. */
  public spaceIn(namespace: string): TenantSpace | undefined {
    return namespace === this.namespace ? this.props : this.props.more?.[namespace];
  }

  private tenants(): Tenant[] {
    return this.node.root.node.findAll().filter((one) => one instanceof Tenant);
  }

  private addSpace(at: Construct, space: TenantSpace): void {
    const part = partIn(namespaceOf(at));
    const made = isolatedNamespace(at, 'Namespace', part, space.level?.admits ?? 'restricted');
    if (space.level !== undefined) addLevel(at, made, space.level);
    addQuota(at, part, space);
    addLimits(at, part, space);
    addRights(at, part, this.props);
    addRoles(at, part, this.props.roles ?? {});
    addSccs(at, part, space.sccs ?? []);
    if (space.traffic !== undefined) addTraffic(at, part, space.traffic, this.namespaces);
    tenantAdmission(at, labelsOf(part), space);
  }
}

function partIn(namespace: string): Part {
  return { name: 'tenant', instance: namespace, component: 'namespace', partOf: 'tenancy' };
}
