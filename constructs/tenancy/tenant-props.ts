import type { PodSecurityLevel } from '../kit/namespace';
import type { People } from '../kit/rbac';

/** What a tenant may use at most in one namespace, all its pods and claims together. */
export interface TenantQuota {
  /** CPU cores that its pods may set aside. */
  readonly cpu: number;
  /** Memory in GiB that its pods may set aside, and grow to. */
  readonly memoryGiB: number;
  /** Number of pods. */
  readonly pods: number;
  /** Storage in GiB that its claims may ask for. */
  readonly storageGiB: number;
  /**
   * Number of claims.
   *
   * @default 20
   */
  readonly claims?: number;
  /**
   * Number of devices of each kind, by the resource's name: `nvidia.com/gpu`.
   *
   * @default - devices are not counted
   */
  readonly devices?: Readonly<Record<string, number>>;
  /**
   * Number of Services that may have an address outside of the cluster.
   *
   * @default 0
   */
  readonly loadBalancers?: number;
}

/** What a container of a tenant gets when it says nothing, and may ask for at most. */
export interface TenantLimits {
  /**
   * CPU cores set aside for a container that names none.
   *
   * @default 0.1
   */
  readonly defaultCpu?: number;
  /**
   * Memory in MiB set aside for a container that names none, and the limit it gets.
   *
   * @default 256
   */
  readonly defaultMemoryMiB?: number;
  /**
   * Memory in GiB that one container may ask for.
   *
   * @default - what the quota holds
   */
  readonly largestMemoryGiB?: number;
}

/** How much a tenant may claim of one storage class. */
export interface ClassRight {
  /** GiB that its claims of the class may ask for. */
  readonly storageGiB: number;
  /** Number of claims. */
  readonly claims: number;
}

/** Leave for pods to be more than `restricted`, for a whole namespace. */
export interface LevelConsent {
  readonly admits: Exclude<PodSecurityLevel, 'restricted'>;
  /** Who agreed to it, and why. Shown in review. */
  readonly consent: string;
}

/** Leave for the pods of one ServiceAccount to use an SCC beside `restricted`. */
export interface SccConsent {
  /** Name of the ServiceAccount, which is made. */
  readonly serviceAccount: string;
  /** `nonroot` for a fixed UID, `anyuid` for root, or an SCC of the site. Those that open the node are not for tenants. */
  readonly scc: 'nonroot' | 'anyuid' | { readonly named: string };
  /** Who agreed to it, and why. Shown in review. */
  readonly consent: string;
}

/** Somewhere that a tenant's pods may speak to. */
export type TenantEgress =
  /** Pods of another namespace. A tenant there must let them in: `from`. */
  | {
      readonly kind: 'pods';
      readonly namespace: string;
      /** Their labels; all of the namespace if none. */
      readonly labels: Readonly<Record<string, string>>;
      /** TCP ports of the pods. */
      readonly ports: readonly number[];
    }
  /** A network outside of the cluster. */
  | { readonly kind: 'network'; readonly cidr: string; readonly ports: readonly number[] | 'any' }
  /** A host by name. Only OKD's network can hold that; see `egress-hosts` of the target. */
  | { readonly kind: 'host'; readonly host: string; readonly ports: readonly number[] };

/** Pods of another namespace that may speak to some of a tenant's. */
export interface TenantIngress {
  readonly namespace: string;
  /** Labels of the tenant's pods that are opened; all of them if none. */
  readonly labels: Readonly<Record<string, string>>;
  /** TCP ports of these pods. */
  readonly ports: readonly number[];
}

/** The traffic of a namespace, beside the lookup of names. Given, it is the site's to change: the API server refuses the tenant's own policies. */
export interface TenantTraffic {
  /**
   * Whether the pods of all namespaces of the tenant reach each other.
   *
   * @default false
   */
  readonly within?: boolean;
  /** @default [] */
  readonly to?: readonly TenantEgress[];
  /** @default [] */
  readonly from?: readonly TenantIngress[];
}

/** What a tenant may use and run in one of its namespaces. */
export interface TenantSpace {
  readonly quota: TenantQuota;
  /**
   * Defaults and maxima of single containers.
   *
   * @default {}
   */
  readonly limits?: TenantLimits;
  /**
   * The storage classes that it may claim from, by name; every other class is closed.
   *
   * @default - any class, within the quota
   */
  readonly storage?: Readonly<Record<string, ClassRight>>;
  /**
   * What its pods may do at most.
   *
   * @default - restricted: no root, no privilege, nothing of the node
   */
  readonly level?: LevelConsent;
  /**
   * ServiceAccounts that may use an SCC. On OKD only.
   *
   * @default []
   */
  readonly sccs?: readonly SccConsent[];
  /**
   * Who its pods speak to.
   *
   * @default - nobody, until somebody with the right adds a policy
   */
  readonly traffic?: TenantTraffic;
}

/** What a role of a tenant's own lets its people do with some resources. */
export interface TenantRule {
  /** API group: `apps`, or '' for the core. */
  readonly group: string;
  /** Plural names: `deployments`, `pods/log`. */
  readonly resources: readonly string[];
  readonly verbs: readonly ('get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete')[];
  /**
   * Names of the objects.
   *
   * @default - all of the namespace
   */
  readonly names?: readonly string[];
}

/** A role of a tenant's own, where the cluster's three do not fit. */
export interface TenantRole {
  readonly rules: readonly TenantRule[];
  readonly to: People;
}

/** What a group of people who share namespaces may use and do there. The first namespace is that of the stack. */
export interface TenantProps extends TenantSpace {
  /**
   * More namespaces of the tenant, by name.
   *
   * @default {}
   */
  readonly more?: Readonly<Record<string, TenantSpace>>;
  /**
   * Who may do everything in the namespaces, grant rights in them too.
   *
   * @default - nobody
   */
  readonly admins?: People;
  /**
   * Who may change workloads, but not rights.
   *
   * @default - nobody
   */
  readonly editors?: People;
  /**
   * Who may look, but not at Secrets.
   *
   * @default - nobody
   */
  readonly viewers?: People;
  /**
   * Roles of its own, by name, in all its namespaces.
   *
   * @default {}
   */
  readonly roles?: Readonly<Record<string, TenantRole>>;
  /**
   * Projects of the site's registry that its pods pull from. Whoever fills the registry makes an account and Secrets of it.
   *
   * @default []
   */
  readonly pulls?: readonly string[];
}
