/** What a box stands for. */
export type BoxKind =
  /** People and machines outside the cluster. */
  | 'outside'
  /** What lets them in: a Route, an Ingress, a Service with an address. */
  | 'door'
  /** An object that runs pods. */
  | 'workload'
  /** Pods that a program will make, or the people of a namespace. */
  | 'expected'
  /** Where data lives: claims, volumes, classes, pools, object stores, disks of nodes. */
  | 'data';

/** One box of the picture. */
export interface Box {
  readonly id: string;
  readonly kind: BoxKind;
  readonly title: string;
  /** What else is to be read in it. */
  readonly lines: readonly string[];
  /** The group that it stands in; none for what is outside the environment. */
  readonly group: string | undefined;
  /** Who may come in by it; undefined where nobody does, or nobody says. */
  readonly reach: 'public' | 'internal' | undefined;
  /** Why its pods count as privileged: the SCC or level that lets them in. */
  readonly privileged: string | undefined;
}

/**
 * What an arrow says: a request that comes in, a program that names the other, a policy that lets one reach the other, data that is kept
 * there.
 */
export type Talk = 'enters' | 'calls' | 'may-reach' | 'keeps';

/** One arrow. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly talk: Talk;
}

/** The boxes of one stack in one namespace, and what of them is not drawn. */
export interface Group {
  readonly id: string;
  /** The stack. */
  readonly title: string;
  /** `namespace notebooks`, or that it is the cluster's. */
  readonly where: string;
  /** `9 NetworkPolicies, 4 Roles`. */
  readonly rest: string;
}

/** An environment as boxes and arrows. */
export interface Graph {
  readonly environment: string;
  readonly target: string;
  readonly groups: readonly Group[];
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}
