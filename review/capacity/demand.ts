import { amountOf } from '../../plan/difference/quantity';
import { at, textAt } from '../../plan/json';
import { objectsOf, type Plan, type PlannedObject, type PlannedPods } from '../../plan/model';
import { matches, workloadsOf, type Workload } from '../check/pods';
import { amountsOf, plus, podAmounts, type Amounts } from './amounts';
import { mayRunOn, standsApart } from './node-choice';

/** When pods run: all the time, on every node, or for a while. */
export type Running = 'always' | 'per-node' | 'now-and-then';

/** Pods of one sort, and what they need. */
export interface Demand {
  /** `notebooks/deployment.apps/hub`, or `rook-ceph/osd by rook`. */
  readonly id: string;
  readonly namespace: string;
  /** The stack that makes them, or the program that does. */
  readonly stack: string;
  readonly running: Running;
  /** Pods at the least and at the most: what the autoscaler says, where there is one. None of a DaemonSet: the nodes say. */
  readonly least: number;
  readonly most: number;
  /** What one of them asks for, itself counted as one of `pods`. */
  readonly requests: Amounts;
  readonly limits: Amounts;
  readonly fitsOn: (labels: Readonly<Record<string, string>>) => boolean;
  /** Whether no two of them share a node. */
  readonly apart: boolean;
  /** Containers that ask for no CPU or no memory, so that the sums say too little. */
  readonly unsized: number;
  /**
   * The object that makes them.
   *
   * @default - a program in the cluster does
   */
  readonly object?: PlannedObject;
}

/** Everything that runs in an environment whether anybody asks or not: workloads, and pods that operators will make. */
export function demandsOf(plan: Plan): Demand[] {
  const scalers = objectsOf(plan).filter(
    ({ manifest }) => manifest.kind === 'HorizontalPodAutoscaler',
  );
  return [
    ...workloadsOf(plan).map((workload) => ofWorkload(workload, scalers)),
    ...plan.expected.flatMap((pods) =>
      pods.count === 'as-asked' ? [] : [countedPods(pods, pods.count)],
    ),
  ].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function countedPods(pods: PlannedPods, most: number): Demand {
  const { running = 'always' } = pods;
  return { ...ofExpected(pods), running, least: running === 'always' ? most : 0, most };
}

/** Pods that a program will make. How many, its caller knows. */
export function ofExpected(pods: PlannedPods): Demand {
  const { namespace, name, by, path, requests, limits, nodes = {}, apart = false } = pods;
  return {
    id: `${namespace}/${name} by ${by}`,
    namespace,
    stack: path.split('/')[0] ?? by,
    running: 'always',
    least: 0,
    most: 0,
    requests: plus(amountsOf(requests), { pods: 1 }),
    limits: amountsOf(limits),
    fitsOn: (labels) => matches(nodes, labels),
    apart,
    unsized: 0,
  };
}

function ofWorkload(workload: Workload, scalers: readonly PlannedObject[]): Demand {
  const { object, namespace, labels, spec, containers } = workload;
  const running = runningOf(object.manifest.kind);
  return {
    id: object.id,
    namespace,
    stack: object.path.split('/')[0] ?? '',
    running,
    ...countsOf(workload, running, scalers),
    requests: plus(podAmounts(spec, 'requests'), { pods: 1 }),
    limits: podAmounts(spec, 'limits'),
    fitsOn: (of) => mayRunOn(spec, of),
    apart: running !== 'per-node' && standsApart(spec, labels),
    unsized: containers.filter((container) => !isSized(amountsIn(container))).length,
    object,
  };
}

function amountsIn(container: Workload['containers'][number]): Amounts {
  return podAmounts({ containers: [container] }, 'requests');
}

function isSized({ cpu, memory }: Amounts): boolean {
  return cpu !== undefined && memory !== undefined;
}

function runningOf(kind: string): Running {
  switch (kind) {
    case 'DaemonSet':
      return 'per-node';
    case 'Job':
    case 'CronJob':
      return 'now-and-then';
    default:
      return 'always';
  }
}

function countsOf(
  { object: { manifest, id }, pods }: Workload,
  running: Running,
  scalers: readonly PlannedObject[],
): { readonly least: number; readonly most: number } {
  if (running === 'per-node') return { least: 0, most: 0 };
  if (running === 'now-and-then') {
    const template = manifest.kind === 'CronJob' ? at(manifest, 'spec', 'jobTemplate') : manifest;
    const suspended = at(manifest, 'spec', 'suspend') === true;
    return {
      least: 0,
      most: suspended ? 0 : (amountOf(at(template, 'spec', 'parallelism')) ?? 1),
    };
  }
  const scaler = scalers.find(
    ({ manifest: { metadata, ...rest } }) =>
      metadata.namespace === manifest.metadata.namespace &&
      textAt(rest, 'spec', 'scaleTargetRef', 'name') === manifest.metadata.name &&
      id.includes(`/${textAt(rest, 'spec', 'scaleTargetRef', 'kind')?.toLowerCase() ?? ''}.`),
  );
  if (scaler === undefined) return { least: pods, most: pods };
  return {
    least: amountOf(at(scaler.manifest, 'spec', 'minReplicas')) ?? 1,
    most: amountOf(at(scaler.manifest, 'spec', 'maxReplicas')) ?? pods,
  };
}
