import type { Environment } from '../environments/environment';
import { objectsOf, type Plan, type PlannedObject } from '../plan/model';
import type { Report } from '../upstream/progress';
import { compare, isOfAnotherCluster, type Comparison } from './deployment';
import type { GuardedCluster } from './cluster';
import type { Engine } from './engine';
import type { EngineEvent } from './engine-events';
import type { Approval } from './engine-options';
import { refuseMissingGrants } from './grants';
import { refuseForeignObjects } from './ownership';
import parts from './program-parts.cjs';
import { providerSettings } from './provider';
import { READY_LIMIT_MS, waitUntilReady } from './readiness';
import { recordedProvider } from './state';

/** Everything that a command on a reached cluster works with. */
export interface Session {
  readonly environment: Environment;
  readonly plan: Plan;
  /** What the admin of the cluster has to have applied before. */
  readonly granted: readonly PlannedObject[];
  readonly cluster: GuardedCluster;
  readonly engine: Engine;
  readonly report: Report;
  readonly signal: AbortSignal;
  /**
   * The only deployment that may happen.
   *
   * @default - whatever the plan comes to
   */
  readonly approval?: Approval;
}

/** Deploys a plan and waits until everything in it is ready. Answers what it compared, and whether the engine had to run. */
export async function up(
  session: Session,
): Promise<{ readonly comparison: Comparison; readonly deployed: boolean }> {
  const { environment, plan, cluster, engine, report } = session;
  await refuseMissingGrants(cluster.api, environment.name, session.granted);
  let comparison = await compared(session);
  if (comparison.recorded && isOfAnotherCluster(comparison.state, cluster)) {
    refuseMovedCluster(environment, cluster);
    report.note(
      `the embedded control plane of '${environment.name}' is a new one; its old state is forgotten`,
    );
    await engine.forgetState();
    comparison = { ...comparison, recorded: false };
  }
  if (!comparison.recorded) {
    await engine.createState(environment.secretsProvider);
    comparison = await compared(session);
  }
  const ours = new Set(
    comparison.changes.objects.flatMap(({ id, recorded }) => (recorded === undefined ? [] : [id])),
  );
  await refuseForeignObjects(cluster.api, plan, environment.adopt, ours);
  const deployed = needsEngine(comparison, session);
  if (deployed) await deploy(session, comparison);
  const waiting = report.begin('waiting until everything is ready');
  try {
    await waitUntilReady(cluster.api, objectsOf(plan), {
      limitMs: READY_LIMIT_MS,
      progress: (message) => waiting.update(message),
    });
    waiting.done('everything is ready');
  } catch (error) {
    waiting.failed('not everything is ready');
    throw error;
  }
  return { comparison, deployed };
}

async function compared({ environment, plan, engine, report }: Session): Promise<Comparison> {
  const task = report.begin(`comparing '${environment.name}' with its state`);
  try {
    const comparison = await compare(environment, plan, engine);
    task.done(`compared '${environment.name}' with its state`);
    return comparison;
  } catch (error) {
    task.failed(`could not read the state of '${environment.name}'`);
    throw error;
  }
}

/** Whether anything is to be done or written down. The engine alone takes longer than finding out. */
function needsEngine(comparison: Comparison, session: Session): boolean {
  return (
    concernsAll(comparison, session) ||
    comparison.changes.objects.some(({ operation }) => operation !== 'same')
  );
}

/** Whether there is more to do than to change objects that are there: something that the engine has to see as a whole. */
function concernsAll({ changes, state }: Comparison, { environment, cluster }: Session): boolean {
  const settings = providerSettings(environment, cluster.access, cluster.clusterId);
  const recorded = recordedProvider(state)?.inputs ?? {};
  return (
    Object.entries(settings).some(([key, value]) => recorded[key] !== value) ||
    changes.bookkeeping ||
    state.pending.length > 0 ||
    changes.objects.some(({ operation }) => operation !== 'same' && operation !== 'update')
  );
}

/** More than these are not named one by one: naming them saves nothing, and a command line has an end. */
const MOST_TARGETS = 100;

/**
 * The objects to work on when all that happens is that a few of them change. The engine and the provider then leave the
 * rest alone, instead of checking every object again.
 */
function targetsOf(
  comparison: Comparison,
  session: Session,
): { readonly targets?: readonly string[] } {
  const changed = comparison.changes.objects.filter(({ operation }) => operation !== 'same');
  if (changed.length > MOST_TARGETS || concernsAll(comparison, session)) return {};
  return { targets: changed.flatMap(({ recorded }) => recorded?.urn ?? []) };
}

async function deploy(session: Session, comparison: Comparison): Promise<void> {
  const { engine, environment, plan, report, signal, approval } = session;
  const { changes, newSecrets } = comparison;
  if (newSecrets.length > 0) {
    // On their own and written down at once: a value that was used and then lost could never be found again.
    const task = report.begin(`making ${newSecrets.length} secrets`);
    try {
      await engine.up({
        program: async () => {
          await parts.secretLookup(plan);
        },
        targets: newSecrets,
        writesEachStep: true,
        signal,
        onEvent: () => undefined,
      });
      task.done(`made ${newSecrets.length} secrets`);
    } catch (error) {
      task.failed('the secrets could not be made');
      throw error;
    }
  }
  const total = changes.objects.filter(({ operation }) => operation !== 'same').length;
  const task = report.begin(`deploying '${environment.name}'`);
  try {
    await engine.up({
      program: () => parts.runProgram(session),
      ...targetsOf(comparison, session),
      ...(approval === undefined ? {} : { approval }),
      signal,
      onEvent: counting(total, (text) => task.update(text)),
    });
    task.done(`deployed '${environment.name}'`);
  } catch (error) {
    task.failed(`deploying '${environment.name}' failed`);
    throw error;
  }
}

/** Turns the engine's events into one line of progress. */
export function counting(
  total: number,
  show: (text: string) => void,
): (event: EngineEvent) => void {
  let done = 0;
  return (event) => {
    if (event.kind === 'note') show(event.message);
    if (event.kind !== 'done' && event.kind !== 'begun') return;
    if (event.operation === 'same' || event.name.startsWith('beamline-')) return;
    if (event.kind === 'done') done += 1;
    show(`${Math.min(done, total)} of ${total}, ${event.operation} ${event.name}`);
  };
}

function refuseMovedCluster({ name, cluster }: Environment, found: GuardedCluster): void {
  if (cluster.kind === 'embedded') return;
  throw new Error(
    `the state of environment '${name}' belongs to another cluster than ${found.clusterId}; give the new cluster an environment ` +
      `of its own, or, if the old one is gone, forget it with 'pulumi stack rm ${name} --force --preserve-config'`,
  );
}
