import { openCluster } from '../deploy/cluster';
import { recordLive } from '../deploy/record-live';
import type { Session } from '../deploy/up';
import { MigrationCluster } from '../migrate/cluster';
import type { Destination, MigrationContext, MigrationRequest } from '../migrate/context';
import { planMigration } from '../migrate/plan';
import { phaseOf, type MigrationRecord } from '../migrate/record';
import { readRecords, type RecordFilter } from '../migrate/records';
import { release } from '../migrate/release';
import { rollBack, runMigration } from '../migrate/run';
import { objectsOf, type ObjectId, type Plan } from '../plan/model';
import { objectId } from '../plan/object-id';
import { planJson, planText, recordJson, recordText } from './print-migration';
import type { VerbContext } from './run-verb';
import { planned, withSession } from './session';

/** What `beamline migrate storage` is told. */
export interface MigrateOptions {
  /** @default - of `--status` and the like: any class */
  readonly from?: string;
  /** @default - of `--status` and the like: any class */
  readonly to?: string;
  /** @default - every namespace of the environment */
  readonly namespace?: readonly string[];
  /** @default true, when no other action is named */
  readonly plan?: boolean;
  /** @default false */
  readonly run?: boolean;
  /** @default false */
  readonly status?: boolean;
  /** @default false */
  readonly rollback?: boolean;
  /** @default false */
  readonly release?: boolean;
  /** @default - copies run without privilege */
  readonly asRoot?: string;
  /** @default - they stay in their cluster */
  readonly toEnv?: string;
  readonly through: Destination['through'];
  /** @default - what the Service or the node says */
  readonly at?: string;
  readonly rate: string;
  /** @default false */
  readonly json?: boolean;
}

const ACTIONS = ['plan', 'run', 'status', 'rollback', 'release'] as const;
type MigrateAction = (typeof ACTIONS)[number];

/** `beamline migrate storage`. */
export function migrate(
  name: string,
  options: MigrateOptions,
  context: VerbContext,
): Promise<number> {
  const action = actionOf(options);
  const away = (use: (to: Destination | undefined) => Promise<number>): Promise<number> =>
    withDestination(name, options, context, use);
  return withSession(name, context, (session) =>
    away((destination) => {
      refuseSameCluster(session, destination);
      const migration: MigrationContext = {
        cluster: new MigrationCluster(session.cluster.api),
        target: session.environment.target,
        report: context.report,
        signal: context.signal,
        destination,
      };
      return act(action, session, migration, options);
    }),
  );
}

/** Reaches the cluster of the environment that the claims go to, for as long as `use` runs. */
async function withDestination(
  name: string,
  { toEnv, through, at }: MigrateOptions,
  context: VerbContext,
  use: (destination: Destination | undefined) => Promise<number>,
): Promise<number> {
  if (toEnv === undefined) {
    if (at !== undefined)
      throw new Error('--at says where the cluster of --to-env answers; name that');
    return use(undefined);
  }
  if (toEnv === name)
    throw new Error(
      `--to-env '${toEnv}' is the environment itself; leave it out to stay in its cluster`,
    );
  const { environment, plan } = await planned(toEnv, context);
  const { api, clusterId } = await openCluster(environment);
  try {
    return await use({
      environment: toEnv,
      cluster: new MigrationCluster(api),
      clusterId,
      target: environment.target,
      objects: objectsOf(plan).map(({ manifest }) => manifest),
      through,
      at,
    });
  } finally {
    await api.close();
  }
}

function refuseSameCluster({ environment, cluster }: Session, to: Destination | undefined): void {
  if (to?.clusterId === cluster.clusterId)
    throw new Error(
      `environments '${environment.name}' and '${to.environment}' are on one cluster; leave --to-env out`,
    );
}

async function act(
  action: MigrateAction,
  session: Session,
  migration: MigrationContext,
  options: MigrateOptions,
): Promise<number> {
  const namespaces = namespacesOf(session.plan, options.namespace ?? []);
  const filter = { namespaces, from: options.from, to: options.to };
  switch (action) {
    case 'plan':
      return showPlan(migration, requestOf(options, namespaces), options);
    case 'run': {
      const request = requestOf(options, namespaces);
      try {
        await runMigration(migration, request);
      } finally {
        await agree(session, migration, filter);
      }
      return showRecords(migration, filter, options);
    }
    case 'status':
      return showRecords(migration, filter, options);
    case 'rollback':
      await rollBack(migration, filter);
      await agree(session, migration, filter);
      return showRecords(migration, filter, options);
    case 'release':
      await release(migration, filter);
      return showRecords(migration, filter, options);
  }
}

function actionOf(options: MigrateOptions): MigrateAction {
  const named = ACTIONS.filter((action) => options[action] === true);
  if (named.length > 1)
    throw new Error(
      `${named.map((action) => `--${action}`).join(' and ')} exclude each other; give one`,
    );
  return named[0] ?? 'plan';
}

function requestOf(options: MigrateOptions, namespaces: readonly string[]): MigrationRequest {
  const { from, to, asRoot } = options;
  const rate = Number(options.rate);
  const problems = [
    ...(from === undefined ? ['--from must name the class that the claims have'] : []),
    ...(to === undefined ? ['--to must name the class that the claims are to get'] : []),
    ...(rate > 0
      ? []
      : [`--rate must be a number of megabytes a second above 0, got '${options.rate}'`]),
    ...(asRoot?.trim() === ''
      ? ['--as-root must say why, for whoever reads the objects in the cluster']
      : []),
  ];
  if (problems.length > 0 || from === undefined || to === undefined)
    throw new Error(problems.join('\n  '));
  return { from, to, namespaces, asRoot, rate };
}

/** The namespaces of an environment, or those of them that were asked for. */
function namespacesOf(plan: Plan, asked: readonly string[]): string[] {
  const known = new Set(
    objectsOf(plan).flatMap(({ manifest: { kind, metadata } }) => [
      ...(kind === 'Namespace' ? [metadata.name] : []),
      ...(metadata.namespace === undefined ? [] : [metadata.namespace]),
    ]),
  );
  const foreign = asked.filter((namespace) => !known.has(namespace));
  if (foreign.length > 0)
    throw new Error(
      `--namespace ${foreign.map((one) => `'${one}'`).join(', ')} is no namespace of environment '${plan.environment}', ` +
        `which has ${[...known].sort().join(', ')}`,
    );
  return asked.length > 0 ? [...asked] : [...known].sort();
}

/** Lets the state know of the claims and StatefulSets that were made anew, so that the next preview compares with these. */
async function agree(
  session: Session,
  { cluster }: MigrationContext,
  filter: RecordFilter,
): Promise<void> {
  const records = (await readRecords(cluster, filter)).map(({ record }) => record);
  const ids = records
    // Between clusters no object of the environment is made anew.
    .filter(({ across }) => across === undefined)
    .filter((record) => ['moved', 'rolled back'].includes(phaseOf(record)))
    .flatMap(idsOf);
  if (ids.length > 0) await recordLive(session, new Set(ids));
}

function idsOf({ namespace, claim, workloads }: MigrationRecord): ObjectId[] {
  return [
    objectId(namespace, '', 'PersistentVolumeClaim', claim),
    ...workloads.flatMap(({ kind, name }) =>
      kind === 'StatefulSet' ? [objectId(namespace, 'apps', kind, name)] : [],
    ),
  ];
}

async function showPlan(
  context: MigrationContext,
  request: MigrationRequest,
  { json }: MigrateOptions,
): Promise<number> {
  const plan = await planMigration(context, request);
  process.stdout.write(`${json === true ? planJson(plan) : planText(plan, request)}\n`);
  return plan.problems.length === 0 ? 0 : 1;
}

async function showRecords(
  { cluster }: MigrationContext,
  filter: RecordFilter,
  { json }: MigrateOptions,
): Promise<number> {
  const records = await readRecords(cluster, filter);
  process.stdout.write(`${json === true ? recordJson(records) : recordText(records)}\n`);
  return 0;
}
