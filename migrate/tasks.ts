import { EXIT, type CopyTask } from '../constructs/migration/scripts';
import { at, isManifest, objectsAt, textAt } from '../plan/json';
import type { JsonObject } from '../plan/model';
import type { MigrationContext } from './context';
import { nameOf, uidOf, type MigrationCluster, type Ref } from './cluster';
import { MIGRATION_LABEL } from './names';
import { until, type Patience } from './until';

/** What a task found out: `source.files`, `source.bytes`, ... */
export type TaskReport = Readonly<Record<string, string>>;

/** A task that ended without success, with what its script said. */
export class TaskFailed extends Error {
  constructor(
    readonly task: CopyTask,
    readonly exitCode: number | undefined,
    message: string,
  ) {
    super(message);
    this.name = 'TaskFailed';
  }
}

/** A task on a claim, and the objects that make it run, its Job last. */
export interface Task {
  /** Name of its Job. */
  readonly name: string;
  readonly task: CopyTask;
  readonly source: string;
  /** Name of the copy. */
  readonly target: string;
  readonly manifests: readonly object[];
}

/** Runs a task to its end, or takes up the one that an earlier run began. Its Job stays until `endTask`. */
export async function runTask(
  { cluster }: Pick<MigrationContext, 'cluster'>,
  namespace: string,
  props: Task,
  patience: Patience,
): Promise<TaskReport> {
  await createAll(cluster, props.manifests);
  const ref: Ref = { apiVersion: 'batch/v1', kind: 'Job', namespace, name: props.name };
  const ended = await until(
    async () => {
      const job = await cluster.get(ref);
      if (job === undefined)
        throw new Error(`Job '${namespace}/${props.name}' was deleted; run again to go on`);
      return conditionOf(job) === undefined ? undefined : job;
    },
    () => `Job '${namespace}/${props.name}' does not end`,
    patience,
  );
  const said = await lastWords(cluster, namespace, ended);
  // Whoever says that it is done without having said what it found, has not done it.
  if (conditionOf(ended) === 'Complete' && said.report['source.files'] !== undefined)
    return said.report;
  throw new TaskFailed(props.task, said.exitCode, explained(props, said));
}

/** Makes objects of a migration, marked as such; leaves those that are there. */
export async function createAll(
  cluster: MigrationCluster,
  manifests: readonly object[],
): Promise<void> {
  for (const manifest of manifests) {
    if (!isManifest(manifest))
      throw new Error('a task was rendered as something else than objects');
    const labels = { [MIGRATION_LABEL]: 'task' };
    const marked = {
      ...(isRecord(manifest.metadata['labels']) ? manifest.metadata['labels'] : {}),
      ...labels,
    };
    await cluster.create({ ...manifest, metadata: { ...manifest.metadata, labels: marked } });
  }
}

/** Removes a task's Job with its pods, and waits until none of them can write any more. */
export async function endTask(
  cluster: MigrationCluster,
  namespace: string,
  name: string,
  patience: Patience,
): Promise<void> {
  const ref: Ref = { apiVersion: 'batch/v1', kind: 'Job', namespace, name };
  const job = await cluster.get(ref);
  if (job !== undefined) await cluster.remove(ref, uidOf(job));
  await until(
    async () =>
      (await cluster.get(ref)) === undefined &&
      (await podsOf(cluster, namespace, name)).length === 0
        ? true
        : undefined,
    () => `the pods of Job '${namespace}/${name}' were deleted and do not go`,
    patience,
  );
}

function conditionOf(job: JsonObject): 'Complete' | 'Failed' | undefined {
  const types = objectsAt(job, 'status', 'conditions')
    .filter((condition) => condition['status'] === 'True')
    .map((condition) => condition['type']);
  if (types.includes('Complete')) return 'Complete';
  return types.includes('Failed') ? 'Failed' : undefined;
}

interface Words {
  readonly exitCode: number | undefined;
  readonly report: TaskReport;
  /** Values of names that come more than once: `difference`, `changed`. */
  readonly all: readonly (readonly [string, string])[];
}

async function lastWords(
  cluster: MigrationCluster,
  namespace: string,
  job: JsonObject,
): Promise<Words> {
  const pods = await podsOf(cluster, namespace, nameOf(job));
  const ends = pods
    .flatMap((pod) => objectsAt(pod, 'status', 'containerStatuses'))
    .map((status) => at(status, 'state', 'terminated'))
    .filter((end) => textAt(end, 'finishedAt') !== undefined)
    .sort((a, b) => (textAt(a, 'finishedAt') ?? '').localeCompare(textAt(b, 'finishedAt') ?? ''));
  const end = ends.at(-1);
  const code = at(end, 'exitCode');
  const all = (textAt(end, 'message') ?? '').split('\n').flatMap((line): [string, string][] => {
    const [, name, value] = /^([a-z.]+)=(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
  return {
    exitCode: typeof code === 'number' ? code : undefined,
    report: Object.fromEntries(all),
    all,
  };
}

async function podsOf(
  cluster: MigrationCluster,
  namespace: string,
  job: string,
): Promise<JsonObject[]> {
  return cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace }, `job-name=${job}`);
}

function explained({ task, source, target }: Task, { exitCode, report, all }: Words): string {
  const listed = all
    .filter(([name]) => name === 'changed' || name === 'difference')
    .map(([, value]) => `\n  - ${value}`)
    .join('');
  const what =
    report['problem'] ??
    (exitCode === 0 ? 'it left no report' : `it ended with exit code ${exitCode ?? 'unknown'}`);
  const more = report['error'] === undefined ? '' : ` (${report['error'].trim()})`;
  const subject = `claim '${source}'`;
  switch (exitCode) {
    case EXIT.forbidden:
      return `${subject} cannot be copied without root: ${what}; give --as-root '<why>' if its copy may run as root`;
    case EXIT.space:
      return `${subject} does not fit: ${what}; make the claim larger than its files, or the pool behind the class`;
    case EXIT.changed:
      return `${subject}: ${what}, though its workloads are stopped; find who writes to it, then run again or roll back${listed}`;
    case EXIT.different:
      return `${subject} and its copy '${target}' differ: ${what}; run again to copy what differs, or roll back${listed}`;
    default:
      return `${task} of ${subject} failed: ${what}${more}; 'kubectl logs' of its Job has more`;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null;
}
