import type { IConstruct } from 'constructs';

import { exceptionsOf } from '../constructs/kit/exceptions';
import { expectedPodsOf } from '../constructs/kit/expected-pods';
import { findingsOf } from '../constructs/kit/findings';
import { sourceOf } from '../constructs/kit/source';
import type { Target } from '../constructs/targets';
import { collect, type Collected } from './collect';
import { defaultClassProblems } from './default-class';
import { constructEdges, manifestEdges } from './edges';
import { lifecycleOf, readyWhen, type DataPolicy } from './lifecycle';
import type { Moved, ObjectId, Plan, PlannedFinding, PlannedPods, Step } from './model';
import { order, type Edge } from './order';

/** What the plan of an environment needs beside the tree. */
export interface PlanOptions {
  readonly environment: string;
  readonly target: Target;
  readonly data: DataPolicy;
  readonly moved: readonly Moved[];
  /** Ids of objects that the cluster has and the plan may name. */
  readonly provided: readonly ObjectId[];
}

/** Marks every object of an environment, so that what is ours can be told from what is not. */
export const ENVIRONMENT_LABEL = 'beamline/environment';

/**
 * Turns a construct tree into the ordered objects of an environment.
 *
 * @throws Error with every problem found: missing names, duplicates, references that lead nowhere, impossible
 *   renames; or naming each circle of dependencies.
 */
export function planOf(root: IConstruct, options: PlanOptions): Plan {
  const collection = collect(root, {
    'app.kubernetes.io/managed-by': managerOn(options.target),
    [ENVIRONMENT_LABEL]: options.environment,
  });
  const { objects, byId, constructs, problems } = collection;
  const references = manifestEdges(collection, new Set(options.provided));
  const all = [
    ...problems,
    ...references.problems,
    ...defaultClassProblems(objects),
    ...movedProblems(options.moved, byId),
  ];
  if (all.length > 0) {
    throw new Error(
      `environment '${options.environment}' cannot be planned:\n  - ${all.join('\n  - ')}`,
    );
  }
  const { barriers, edges } = constructEdges(constructs, objects);
  const steps = inOrder(byId, barriers, [...references.edges, ...edges], options);
  const { environment, target, moved } = options;
  const findings = plannedFindings(constructs, objects);
  const expected: PlannedPods[] = [];
  for (const construct of constructs)
    for (const pods of expectedPodsOf(construct))
      expected.push({ ...pods, path: construct.node.path });
  return { environment, target, steps, moved, findings, expected };
}

function plannedFindings(
  constructs: readonly IConstruct[],
  objects: readonly Collected[],
): PlannedFinding[] {
  const found = constructs.filter((construct) => findingsOf(construct).length > 0);
  if (found.length === 0) return [];
  const ids = new Map(objects.map(({ construct, id }) => [construct, id]));
  return found.flatMap((construct) =>
    findingsOf(construct).map((finding) => {
      const object = ids.get(construct);
      const source = sourceOf(construct);
      return {
        ...finding,
        path: construct.node.path,
        source,
        ...(object === undefined ? {} : { object }),
      };
    }),
  );
}

/** Without server-side apply, Pulumi's provider writes its own name there, whatever it is told (`provider/pkg/metadata/labels.go`). */
function managerOn(target: Target): string {
  return target.has('server-side-apply') ? 'beamline' : 'pulumi';
}

function inOrder(
  byId: ReadonlyMap<ObjectId, Collected>,
  barriers: readonly string[],
  edges: readonly Edge[],
  options: PlanOptions,
): Step[] {
  const rank = (id: string): number => rankOf(byId.get(id));
  return ordered([...byId.keys(), ...barriers], edges, rank, options).map(({ id, dependsOn }) => {
    const object = byId.get(id);
    if (object === undefined) return { step: 'barrier', id, dependsOn };
    const { group, manifest, path, hints, construct } = object;
    return {
      step: 'object',
      id,
      group,
      manifest,
      path,
      dependsOn,
      lifecycle: lifecycleOf(manifest, hints, options.data),
      ready: readyWhen(manifest, hints),
      ...(hints.upstream === undefined ? {} : { upstream: hints.upstream }),
      exceptions: exceptionsOf(construct),
      source: sourceOf(construct),
    };
  });
}

function ordered(
  ids: readonly string[],
  edges: readonly Edge[],
  rank: (id: string) => number,
  options: PlanOptions,
): ReturnType<typeof order> {
  try {
    return order(ids, edges, rank);
  } catch (error) {
    throw new Error(
      `environment '${options.environment}' cannot be planned: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** Kinds that others lean on come first among objects of the same depth, as `kubectl apply` users expect them. */
const FIRST = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'StorageClass',
  'ResourceQuota',
  'LimitRange',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'NetworkPolicy',
  'Service',
];
const RANK = new Map(FIRST.map((kind, rank) => [kind, rank]));

function rankOf(object: Collected | undefined): number {
  return RANK.get(object?.manifest.kind ?? '') ?? FIRST.length;
}

/** A rename must lead from a name that is gone to one that is there. */
function movedProblems(moved: readonly Moved[], known: ReadonlyMap<ObjectId, Collected>): string[] {
  const sources = new Set<ObjectId>();
  return moved.flatMap(({ from, to }) => {
    const again = sources.has(from);
    sources.add(from);
    return [
      ...(known.has(to)
        ? []
        : [`moved: nothing in the plan is called '${to}', which '${from}' is to become`]),
      ...(known.has(from)
        ? [`moved: '${from}' is still in the plan, so it cannot have become '${to}'`]
        : []),
      ...(again ? [`moved: '${from}' is listed twice`] : []),
    ];
  });
}
