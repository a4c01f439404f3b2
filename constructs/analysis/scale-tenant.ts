import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { NetworkPolicyPeer } from 'kubernetes-types/networking/v1';

import type { IIdentityProvider } from '../contracts';
import { unknownGroups } from '../kit/known-groups';
import { mountProblems, type MountedShare } from '../kit/mounted-share';
import { namespaceOf } from '../kit/objects';

/** A group of people whose clusters or jobs run in one namespace, beside nobody else's. */
export interface ScaleTenant {
  /** The namespace: that of a `Tenant` in the same environment. */
  readonly namespace: string;
  /** Groups whose members it is for. */
  readonly groups: readonly string[];
  /** What the namespace may use, as its `ResourceQuota` says: CPU cores and GiB of memory. */
  readonly quota: { readonly cpu: number; readonly memoryGiB: number };
  /**
   * CVMFS, data.
   *
   * @default []
   */
  readonly shares?: readonly MountedShare[];
  /**
   * What its pods may reach beside their own cluster, on any port.
   *
   * @default - the internet, and no private network
   */
  readonly outgoing?: readonly NetworkPolicyPeer[];
  /**
   * Whether the site gives the namespace, so that no `Tenant` of the environment makes it.
   *
   * @default false
   */
  readonly provided?: boolean;
}

/** What is wrong with a list of tenants. */
export function tenantProblems(
  scope: Construct,
  tenants: readonly ScaleTenant[],
  identity: IIdentityProvider,
): string[] {
  const own = namespaceOf(scope);
  const names = tenants.map(({ namespace }) => namespace);
  return [
    ...(tenants.length > 0 ? [] : [`'tenants' must list at least one, got none`]),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `'tenants' has the namespace '${name}' twice; put their groups together`),
    ...tenants.flatMap(({ namespace, groups, quota, shares = [] }) =>
      [
        ...(namespace === own
          ? [
              `its namespace must be another than '${own}', where the service itself runs; give it one of its own`,
            ]
          : []),
        ...(groups.length > 0 ? [] : [`'groups' must name at least one, or nobody could use it`]),
        ...unknownGroups(groups, identity),
        ...(quota.cpu > 0 && quota.memoryGiB > 0
          ? []
          : [
              `'quota' must be above 0, got ${quota.cpu} cores and ${quota.memoryGiB} GiB; write what its ResourceQuota says`,
            ]),
        ...mountProblems(shares),
      ].map((problem) => `tenant '${namespace}': ${problem}`),
    ),
  ];
}

/** Refuses, once the whole tree is there, namespaces that are no tenant's: nothing would bound what runs in them. */
export function demandTenants(scope: Construct, tenants: readonly ScaleTenant[]): void {
  scope.node.addValidation({
    validate: () => {
      const made = tenantNamespaces(scope);
      return tenants
        .filter(({ namespace, provided }) => provided !== true && !made.includes(namespace))
        .map(
          ({ namespace }) =>
            `tenant '${namespace}' of '${scope.node.path}' is no tenant of this environment, ${made.length === 0 ? 'which has none' : made.join(', ')}; ` +
            `make it with a TenantStack, or say 'provided: true' if the site gives the namespace`,
        );
    },
  });
}

function tenantNamespaces(scope: Construct): string[] {
  return scope.node.root.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .filter(
      ({ kind, metadata }) =>
        kind === 'Namespace' && metadata.getLabel('app.kubernetes.io/name') === 'tenant',
    )
    .map(({ name }) => name);
}
