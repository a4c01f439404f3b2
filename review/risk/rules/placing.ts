import { at, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { called, goes, listed, spelled } from '../look';
import type { Risk, Rule } from '../risk';
import { matchesAll } from '../selector';
import type { Workload, World } from '../world';
import { podsOf } from './pods';

/** Whether there is a node, and a runtime, for pods that had one. */
export const placing: Rule = (change, context) => {
  if (manifestOf(change).kind === 'RuntimeClass') return runtimeGone(change, context);
  if (change.operation !== 'update') return [];
  const [was, will] = podsOf(change, context);
  if (was === undefined || will === undefined) return [];
  return [
    ...otherClass(was, will, context),
    ...spread(was, will, context),
    ...notTolerated(was, will, context),
    ...names(was, will),
  ];
};

const runtimeOf = ({ pod }: Workload): string | undefined => textAt(pod, 'runtimeClassName');

function runtimeGone(change: Change, { after }: Context): Risk[] {
  if (!goes(change)) return [];
  const { name } = manifestOf(change).metadata;
  const users = after.workloads.filter((workload) => runtimeOf(workload) === name);
  if (users.length === 0) return [];
  return [
    {
      rule: 'runtime-gone',
      severity: 'high',
      why: `${listed(users.map(({ object }) => called(object)))} asks for it, and no pod with an unknown runtime is let in`,
      lost: 'these pods, at their next start',
      instead: 'take it out of the pods first',
    },
  ];
}

/** Classes that pods name and that admission looks up: the pod is refused where the cluster has none of that name. */
const LOOKED_UP = [
  { field: 'runtimeClassName', kind: 'RuntimeClass', own: /^$/ },
  {
    field: 'priorityClassName',
    kind: 'PriorityClass',
    own: /^(system-(node|cluster)-critical|openshift-user-critical)?$/,
  },
] as const;

function otherClass(was: Workload, will: Workload, { before, after }: Context): Risk[] {
  return LOOKED_UP.flatMap(({ field, kind, own }): Risk[] => {
    const wanted = textAt(will.pod, field) ?? '';
    if (own.test(wanted) || wanted === textAt(was.pod, field)) return [];
    const known =
      after.all(kind).some(({ manifest }) => manifest.metadata.name === wanted) ||
      before.workloads.some(({ pod }) => textAt(pod, field) === wanted);
    if (known) return [];
    return [
      {
        rule: 'class-unknown',
        severity: 'high',
        why: `nothing of the plan makes the ${kind} '${wanted}', and nobody used it so far: where it is missing, no pod is let in`,
        lost: 'the service, if the cluster does not have it',
        instead: `ask the cluster: kubectl get ${kind.toLowerCase()} ${wanted}`,
      },
    ];
  });
}

/** Labels that every cluster puts on its nodes. */
const ON_EVERY_NODE =
  /^(kubernetes\.io\/(hostname|os|arch)|topology\.kubernetes\.io\/(zone|region)|node-role\.kubernetes\.io\/.*)$/;

function spread(was: Workload, will: Workload, { before, after }: Context): Risk[] {
  const strict = ({ pod }: Workload): string[] =>
    objectsAt(pod, 'topologySpreadConstraints')
      .filter((one) => one['whenUnsatisfiable'] !== 'ScheduleAnyway')
      .flatMap((one) => textAt(one, 'topologyKey') ?? []);
  const fresh = strict(will).filter(
    (key) =>
      !strict(was).includes(key) &&
      !ON_EVERY_NODE.test(key) &&
      !before.workloads.some((other) => strict(other).includes(key)) &&
      !after
        .all('Node')
        .some(({ manifest }) => at(manifest, 'metadata', 'labels', key) !== undefined),
  );
  if (fresh.length === 0) return [];
  return [
    {
      rule: 'spread-over-nothing',
      severity: 'high',
      why: `pods must be spread over '${listed(fresh)}', a label that the plan knows on no node: on nodes without it none of them starts`,
      lost: 'the service, once the old pods are gone',
      instead: 'label the nodes first, or let them be placed anyway (ScheduleAnyway)',
    },
  ];
}

function notTolerated(was: Workload, will: Workload, { after }: Context): Risk[] {
  const list = ({ pod }: Workload): JsonObject[] => objectsAt(pod, 'tolerations');
  const left = new Set(list(will).map((one) => JSON.stringify(one)));
  const lost = list(was).filter((one) => !left.has(JSON.stringify(one)));
  const nodes = at(will.pod, 'nodeSelector');
  if (lost.length === 0 || !isObject(nodes) || list(will).some(toleratesAll)) return [];
  const known = nodesLike(nodes, after);
  const free = known.some((node) =>
    taintsOf(node).every((taint) => isTolerated(taint, list(will))),
  );
  if (free) return [];
  return [
    {
      rule: 'nodes-not-tolerated',
      severity: known.length > 0 ? 'high' : 'medium',
      why: `the pods still ask for nodes with ${Object.entries(nodes)
        .map(([key, value]) => `${key}=${spelled(value)}`)
        .join(
          ', ',
        )}, and no longer tolerate ${listed(lost.map((one) => textAt(one, 'key') ?? 'every taint'))}${known.length > 0 ? ', which these nodes are tainted with' : ''}`,
      lost: 'the pods, if these nodes are kept for others',
      instead: 'keep the toleration as long as the nodes are tainted',
    },
  ];
}

function nodesLike(labels: JsonObject, world: World): Json[] {
  return world
    .all('Node')
    .map(({ manifest }): Json => manifest)
    .filter((node) => matchesAll(labels, at(node, 'metadata', 'labels')));
}

function taintsOf(node: Json): JsonObject[] {
  return objectsAt(node, 'spec', 'taints').filter(({ effect }) => effect !== 'PreferNoSchedule');
}

function toleratesAll({ key, operator }: JsonObject): boolean {
  return key === undefined && operator === 'Exists';
}

function isTolerated(taint: JsonObject, tolerations: readonly JsonObject[]): boolean {
  return tolerations.some(
    (one) =>
      toleratesAll(one) ||
      (one['key'] === taint['key'] &&
        (one['effect'] === undefined || one['effect'] === taint['effect']) &&
        (one['operator'] === 'Exists' || (one['value'] ?? '') === (taint['value'] ?? ''))),
  );
}

/** Pods that resolve names as their node does know no Service. */
function names(was: Workload, will: Workload): Risk[] {
  const ofNode = ({ pod }: Workload): boolean =>
    textAt(pod, 'dnsPolicy') === 'Default' ||
    (pod['hostNetwork'] === true && textAt(pod, 'dnsPolicy') !== 'ClusterFirstWithHostNet');
  if (!ofNode(will) || ofNode(was)) return [];
  return [
    {
      rule: 'names-of-the-node',
      severity: 'high',
      why: 'the pods ask the servers of their node for names, which know no Service of the cluster',
      lost: 'every connection to a Service by its name',
      instead: "take 'ClusterFirst', or 'ClusterFirstWithHostNet' on the node's network",
    },
  ];
}
