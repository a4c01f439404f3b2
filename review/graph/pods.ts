import { at, objectsAt, textAt } from '../../plan/json';
import { objectsOf, type Plan, type PlannedPods } from '../../plan/model';
import { admissionOf } from '../admission/plan/admission-of';
import type { PodAdmission } from '../admission/plan/admission';
import { admittedAs } from '../admission/plan/table';
import { demandsOf, type Demand } from '../capacity/demand';
import { amountsOf } from '../capacity/amounts';
import { amountText } from '../capacity/words';
import { workloadsOf, type Workload } from '../check/pods';
import type { Box } from './model';
import type { Pods } from './world';

/** A box, and the pods that it stands for. */
export interface PodBox {
  readonly box: Omit<Box, 'group'>;
  /** Path of the construct, whose first part is the stack. */
  readonly path: string;
  readonly pods: Pods;
}

/** A box for every object that runs pods, for what programs will run, and for namespaces that are somebody's. */
export function podBoxes(plan: Plan): PodBox[] {
  const admissions = new Map(admissionOf(plan).pods.map((pod) => [pod.object.id, pod]));
  const demands = new Map(demandsOf(plan).map((demand) => [demand.id, demand]));
  const workloads = workloadsOf(plan).map((workload) =>
    ofWorkload(workload, admissions.get(workload.object.id), demands.get(workload.object.id)),
  );
  const made = [...workloads, ...expected(plan)];
  return [...made, ...tenants(plan, new Set(made.map(({ pods }) => pods.namespace)))];
}

function ofWorkload(
  { object: { id, path, manifest }, namespace, labels, spec }: Workload,
  admission: PodAdmission | undefined,
  demand: Demand | undefined,
): PodBox {
  const words = admissionText(admission);
  const paths = objectsAt(spec, 'volumes').flatMap(
    (volume) => textAt(volume, 'hostPath', 'path') ?? [],
  );
  const secrets = new Set(secretsIn(spec));
  return {
    path,
    pods: { box: id, namespace, labels, people: false },
    box: {
      id,
      kind: 'workload',
      title: manifest.metadata.name,
      lines: [
        `${manifest.kind}${demand === undefined ? '' : countText(demand)}`,
        words,
        ...(paths.length === 0 ? [] : [`files of the node: ${listed(paths, 2)}`]),
        ...(spec['hostNetwork'] === true ? ["the node's network"] : []),
        ...(secrets.size === 0
          ? []
          : [`reads ${secrets.size} secret${secrets.size > 1 ? 's' : ''}`]),
      ],
      reach: undefined,
      privileged: admission?.level === 'privileged' ? words : undefined,
    },
  };
}

/** What lets the pods in: the SCC; or the strictest level of Pod Security that takes them, whatever their namespace demands. */
function admissionText(admission: PodAdmission | undefined): string {
  if (admission === undefined) return 'admission not known';
  const as = admittedAs(admission);
  if (as === 'REFUSED') return 'REFUSED by admission';
  return admission.verdict === undefined ? `fits Pod Security ${admission.level}` : `SCC ${as}`;
}

function countText({ running, least, most }: Demand): string {
  switch (running) {
    case 'per-node':
      return ', one on each node';
    case 'now-and-then':
      return '';
    case 'always':
      return least === most
        ? `, ${least === 1 ? '1 pod' : `${least} pods`}`
        : `, ${least} to ${most} pods`;
  }
}

/** What of a pod comes from a Secret, by the Secrets' names. */
function secretsIn(spec: Workload['spec']): string[] {
  const volumes = objectsAt(spec, 'volumes').flatMap((volume) => [
    textAt(volume, 'secret', 'secretName'),
    ...objectsAt(volume, 'projected', 'sources').map((source) => textAt(source, 'secret', 'name')),
  ]);
  const variables = ['initContainers', 'containers'].flatMap((field) =>
    objectsAt(spec, field).flatMap((container) => [
      ...objectsAt(container, 'env').map((one) => textAt(one, 'valueFrom', 'secretKeyRef', 'name')),
      ...objectsAt(container, 'envFrom').map((one) => textAt(one, 'secretRef', 'name')),
    ]),
  );
  return [...volumes, ...variables].filter((name) => name !== undefined);
}

/** One box for all pods of a sort that a program makes: sessions, whatever their profile. */
function expected(plan: Plan): PodBox[] {
  const sorts = new Map<string, PlannedPods[]>();
  for (const pods of plan.expected) {
    const key = `${pods.namespace}/${pods.what} by ${pods.by}`;
    sorts.set(key, [...(sorts.get(key) ?? []), pods]);
  }
  return [...sorts].flatMap(([id, all]) => {
    const [first] = all;
    if (first === undefined) return [];
    const { namespace, what, by, path, labels } = first;
    const counted = all.flatMap(({ count }) => (count === 'as-asked' ? [] : [count]));
    const asked = all.filter(({ count }) => count === 'as-asked');
    return [
      {
        path,
        pods: { box: id, namespace, labels, people: false },
        box: {
          id,
          kind: 'expected' as const,
          title: what,
          lines: [
            counted.length === 0
              ? `made by ${by} as people ask`
              : `made by ${by}: ${counted.reduce((sum, count) => sum + count, 0)}`,
            ...asked.slice(0, 6).map((pods) => `${pods.name}: ${sizeText(pods)}`),
            ...(asked.length > 6 ? [`and ${asked.length - 6} more`] : []),
          ],
          reach: undefined,
          privileged: undefined,
        },
      },
    ];
  });
}

function sizeText({ requests }: PlannedPods): string {
  const { cpu = 0, memory = 0 } = amountsOf(requests);
  return `${amountText('cpu', cpu)} CPU, ${amountText('memory', memory)}`;
}

/** Namespaces with a quota in which nothing of ours runs: whoever they were made for runs something. */
function tenants(plan: Plan, taken: ReadonlySet<string>): PodBox[] {
  return objectsOf(plan).flatMap(({ manifest, path }) => {
    const namespace = manifest.metadata.namespace ?? '';
    if (manifest.kind !== 'ResourceQuota' || taken.has(namespace)) return [];
    const hard = amountsOf(at(manifest, 'spec', 'hard'));
    const { 'requests.cpu': cpu = 0, 'requests.memory': memory = 0 } = hard;
    const id = `${namespace}/whatever its people run`;
    return [
      {
        path,
        pods: { box: id, namespace, labels: {}, people: true },
        box: {
          id,
          kind: 'expected' as const,
          title: 'whatever its people run',
          lines: [`up to ${amountText('cpu', cpu)} CPU, ${amountText('memory', memory)}`],
          reach: undefined,
          privileged: undefined,
        },
      },
    ];
  });
}

/** So many of a list, and how many more there are. */
export function listed(items: readonly string[], most: number): string {
  const more = items.length - most;
  return `${items.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
