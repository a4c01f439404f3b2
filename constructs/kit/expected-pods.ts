import type { Construct, IConstruct } from 'constructs';

import { namespaceOf } from './objects';

/** Pods that a program in the cluster makes while it runs: they are in no plan, and need room on the nodes all the same. */
export interface ExpectedPods {
  /** What they are, unique among those of its maker: `analysis`. */
  readonly name: string;
  /** What people call them, in the plural: `sessions`. */
  readonly what: string;
  /** The program that makes them: `kubespawner`, `rook`. */
  readonly by: string;
  /** How many there are all the time, or that there are as many as people ask for. */
  readonly count: number | 'as-asked';
  /** Labels by which policies and Services select them. */
  readonly labels: Readonly<Record<string, string>>;
  /** What one of them asks of its node, quantities as Kubernetes writes them: `{ cpu: '2', 'nvidia.com/gpu': '1' }`. */
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
  /**
   * Labels of the nodes that they may run on.
   *
   * @default {} - any node
   */
  readonly nodes?: Readonly<Record<string, string>>;
  /**
   * Whether no two of them share a node.
   *
   * @default false
   */
  readonly apart?: boolean;
  /**
   * Where they run.
   *
   * @default - in the namespace of the construct
   */
  readonly namespace?: string;
  /**
   * Whether they stay, or are gone when their work is done.
   *
   * @default 'always'
   */
  readonly running?: 'always' | 'now-and-then';
  /**
   * What all pods of their namespace together may have, by the names of a quota: `{ 'requests.cpu': '64' }`. It counts where no quota of the
   * plan says less, such as in a namespace that the site gives.
   *
   * @default {} - what the quotas of the plan say
   */
  readonly within?: Readonly<Record<string, string>>;
  /**
   * Claims of their namespace that they mount.
   *
   * @default []
   */
  readonly mounts?: readonly string[];
  /**
   * The claim that each person who asks for some of them gets.
   *
   * @default - none
   */
  readonly claim?: { readonly className: string; readonly size: string };
}

/** Expected pods, and where they will be. */
export type PlacedPods = ExpectedPods & { readonly namespace: string };

const expected = new WeakMap<IConstruct, readonly PlacedPods[]>();

/** Says that pods will run, though the construct makes none of them. `beamline capacity` and `graph` count on it. */
export function expectPods(scope: Construct, pods: ExpectedPods): void {
  const before = expected.get(scope) ?? [];
  expected.set(scope, [...before, { ...pods, namespace: pods.namespace ?? namespaceOf(scope) }]);
}

/** What a construct said of pods to come, in the order in which it did. */
export function expectedPodsOf(construct: IConstruct): readonly PlacedPods[] {
  return expected.get(construct) ?? [];
}
