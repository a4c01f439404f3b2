import pLimit from 'p-limit';

import { BACK_ACTIONS } from './back';
import type { MigrationContext, MigrationRequest } from './context';
import { groupsOf, type Member } from './groups';
import type { ClaimFacts } from './inventory';
import { Ledger, recordRef } from './ledger';
import { planMigration } from './plan';
import {
  BACK,
  FORWARD,
  phaseOf,
  reachedBy,
  type BackStep,
  type ForwardStep,
  type MigrationRecord,
} from './record';
import { readRecords, recordFor, sameWay, type RecordFilter } from './records';
import { ACTIONS } from './steps';
import { Interrupted } from './until';
import { WORDS } from './words';

/** Copies of one group that run at once. */
const PARALLEL = 4;
const COPYING: ReadonlySet<string> = new Set([
  'surveyed',
  'first-copied',
  'last-copied',
  'verified',
]);

/** What is not done between clusters: each keeps its claim, and workloads start by the `up` of the other environment. */
const NOT_ACROSS: ReadonlySet<string> = new Set([
  'unbound',
  'rebound',
  'templates-renewed',
  'started',
]);

/** A claim on its way: with facts where it is still of the old class, with a record where it was begun. */
interface Traveller extends Member {
  readonly facts: ClaimFacts | undefined;
  readonly begun: boolean;
}

/**
 * Moves every claim of a request, group after group, and goes on with what an earlier run began. Answers the records of what
 * is moved.
 *
 * @throws Error with every problem, before anything is changed.
 */
export async function runMigration(
  context: MigrationContext,
  request: MigrationRequest,
): Promise<MigrationRecord[]> {
  const records = await readRecords(context.cluster, request);
  const open = records.filter(({ record }) => phaseOf(record) === 'under way');
  const begun = new Set(open.map(({ record }) => `${record.namespace}/${record.claim}`));
  const { groups, problems } = await planMigration(context, request, begun);
  if (problems.length > 0) throw new Error(`nothing was moved:\n  - ${problems.join('\n  - ')}`);
  const facts = groups.flatMap((group) => group.claims);
  const travellers = [
    ...facts.map((one) => ({
      ...one,
      facts: one,
      begun: begun.has(`${one.namespace}/${one.name}`),
    })),
    ...open
      .filter(
        ({ record }) =>
          !facts.some((one) => one.namespace === record.namespace && one.name === record.claim),
      )
      .map(({ record }) => ({ ...memberOf(record), facts: undefined, begun: true })),
  ];
  const moved: MigrationRecord[] = [];
  for (const group of ordered(travellers, request)) {
    moved.push(...(await moveGroup(context, request, group)));
  }
  return moved;
}

/** What was begun goes on first: its workloads may be waiting. */
function ordered(
  travellers: readonly Traveller[],
  { rate }: MigrationRequest,
): (readonly Traveller[])[] {
  const groups = groupsOf(travellers, rate * 1e6).map((group) => group.claims);
  const isBegun = (group: readonly Traveller[]): boolean => group.some(({ begun }) => begun);
  return [...groups.filter(isBegun), ...groups.filter((group) => !isBegun(group))];
}

async function moveGroup(
  context: MigrationContext,
  request: MigrationRequest,
  group: readonly Traveller[],
): Promise<MigrationRecord[]> {
  return withLedgers(
    context,
    group,
    ({ facts }, old) => recordFor(context, request, facts, old),
    async (ledgers) => {
      for (const step of FORWARD) {
        await together(ledgers, COPYING.has(step) ? PARALLEL : 1, (ledger) =>
          forward(context, ledger, step),
        );
      }
    },
  );
}

async function forward(
  context: MigrationContext,
  ledger: Ledger,
  step: ForwardStep,
): Promise<void> {
  const reached = reachedBy(ledger.record);
  if (reached !== undefined && FORWARD.indexOf(reached) >= FORWARD.indexOf(step)) return;
  if (context.destination !== undefined && NOT_ACROSS.has(step)) {
    await ledger.save({ state: { direction: 'forward', step } });
    return;
  }
  await doStep(context, ledger, step, async () => ({
    ...(await ACTIONS[step](context, ledger)),
    state: { direction: 'forward', step },
  }));
}

/**
 * Takes every claim of a filter that was begun or moved back to its old volume.
 *
 * @throws Error when there is none, or only such as were released.
 */
export async function rollBack(
  context: MigrationContext,
  filter: RecordFilter,
): Promise<MigrationRecord[]> {
  const records = (await readRecords(context.cluster, filter)).map(({ record }) => record);
  const wanted = records.filter((record) =>
    ['under way', 'moved', 'going back'].includes(phaseOf(record)),
  );
  const released = records.filter((record) => phaseOf(record) === 'released');
  if (wanted.length === 0) {
    const names = released.map(
      ({ namespace, claim, state }) =>
        `'${namespace}/${claim}' (${state.direction === 'released' ? state.at : ''})`,
    );
    throw new Error(
      released.length === 0
        ? 'there is no migration to roll back'
        : `what was released cannot be rolled back, its old volume was given up: ${names.join(', ')}`,
    );
  }
  const done: MigrationRecord[] = [];
  for (const group of groupsOf(wanted.map(memberOf), 1)) {
    done.push(...(await turnBack(context, group.claims)));
  }
  return done;
}

async function turnBack(
  context: MigrationContext,
  group: readonly Member[],
): Promise<MigrationRecord[]> {
  const again = (_: Member, old: MigrationRecord | undefined): Promise<MigrationRecord> => {
    if (old === undefined) return Promise.reject(new Error('the record to roll back is gone'));
    return Promise.resolve(sameWay(context, old));
  };
  return withLedgers(context, group, again, async (ledgers) => {
    for (const step of BACK) {
      await together(ledgers, 1, (ledger) => backward(context, ledger, step));
    }
  });
}

async function backward(context: MigrationContext, ledger: Ledger, step: BackStep): Promise<void> {
  const { state } = ledger.record;
  if (state.direction === 'released') return;
  if (state.direction === 'back' && BACK.indexOf(state.step) >= BACK.indexOf(step)) return;
  const from = state.direction === 'back' ? state.from : state.step;
  await doStep(context, ledger, step, async () => ({
    ...(await BACK_ACTIONS[step](context, ledger)),
    state: { direction: 'back', step, from },
  }));
}

async function doStep(
  { report, signal }: MigrationContext,
  ledger: Ledger,
  step: ForwardStep | BackStep,
  act: () => Promise<Partial<MigrationRecord>>,
): Promise<void> {
  if (signal.aborted) throw new Interrupted();
  ledger.assertHeld();
  const { namespace, claim } = ledger.record;
  const task = report.begin(`${namespace}/${claim}: ${WORDS[step]}`);
  try {
    const change = await act();
    const history = [...ledger.record.history, { step, at: new Date().toISOString() }];
    await ledger.save({ ...change, history });
    task.done(`${namespace}/${claim}: ${step.replaceAll('-', ' ')}`);
  } catch (error) {
    task.failed(`${namespace}/${claim}: not ${step.replaceAll('-', ' ')}`);
    throw error;
  }
}

/** Takes the records of a whole group, works, and gives them free whatever happens. */
async function withLedgers<M extends Member>(
  context: MigrationContext,
  group: readonly M[],
  fresh: (member: M, old: MigrationRecord | undefined) => Promise<MigrationRecord>,
  work: (ledgers: readonly Ledger[]) => Promise<void>,
): Promise<MigrationRecord[]> {
  const ledgers: Ledger[] = [];
  try {
    for (const member of group) {
      const ref = recordRef(member.namespace, member.name);
      ledgers.push(
        await Ledger.take(context.cluster, ref, (old) => fresh(member, old), context.signal),
      );
    }
    await work(ledgers);
    return ledgers.map(({ record }) => record);
  } finally {
    for (const ledger of ledgers) await ledger.close();
  }
}

/** Does something for each claim, some at once; the first that fails is told of when all have ended. */
async function together(
  ledgers: readonly Ledger[],
  atOnce: number,
  work: (ledger: Ledger) => Promise<void>,
): Promise<void> {
  if (atOnce === 1) {
    for (const ledger of ledgers) await work(ledger);
    return;
  }
  const limit = pLimit(atOnce);
  const results = await Promise.allSettled(ledgers.map((ledger) => limit(() => work(ledger))));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function memberOf({ namespace, claim, workloads }: MigrationRecord): Member {
  return { namespace, name: claim, size: 0, used: undefined, workloads };
}
