import type { Plan } from '../../plan/model';
import { findingAbout, type CheckFinding, type Verdict } from '../check/finding';
import { plus, times, type Amounts } from './amounts';
import type { AskedRow } from './asked';
import type { Capacity } from './capacity';
import { amountText } from './words';
import type { Unplaced } from './placement';

/** What an environment needs more of than its site has. Says nothing where the site declares no nodes. */
export function capacityFindings(plan: Plan, capacity: Capacity): CheckFinding[] {
  const { placement, pools } = capacity;
  if (placement === undefined || pools === undefined) return [];
  const lacking = new Set(placement.least.unplaced.map(({ demand }) => demand.id));
  return [
    ...placement.least.unplaced.map((one) => about(one, unplaced(one))),
    ...placement.most.unplaced
      .filter(({ demand }) => !lacking.has(demand.id))
      .map((one) => about(one, one.never ? unplaced(one) : atTheMost(one))),
    ...promised(plan, capacity),
    ...sessionless(capacity),
    ...crowdedOut(capacity),
  ];
}

function about({ demand: { object, id, stack } }: Unplaced, verdict: Verdict): CheckFinding {
  if (object !== undefined) return findingAbout(object, verdict);
  return { ...verdict, object: undefined, path: `${stack} (${id})`, source: [] };
}

function unplaced({ demand, pods, never }: Unplaced): Verdict {
  const size = sizeText(demand.requests);
  return never
    ? {
        rule: 'capacity/no-node',
        severity: 'error',
        reason: `no node takes a pod that asks for ${size}, even an empty one with the labels that it needs`,
        fix: 'Let it ask for less, correct its node selector, or declare nodes that are large enough.',
      }
    : {
        rule: 'capacity/over-committed',
        severity: 'error',
        reason: `${pods} of ${demand.least} pods that ask for ${size} each find no room on the nodes beside what else always runs`,
        fix: 'Add nodes, or let the workloads ask for less; `beamline capacity` shows who asks for what.',
      };
}

function atTheMost({ demand, pods }: Unplaced): Verdict {
  return {
    rule: 'capacity/over-committed',
    severity: 'warning',
    reason: `${pods} of ${demand.most} pods that ask for ${sizeText(demand.requests)} each find no room when autoscalers are at their end and all Jobs run`,
    fix: 'Add nodes, or lower the maxima; until then the last of them wait.',
  };
}

/** Quotas that promise more than the nodes have: nobody is refused, and somebody waits. */
function promised(plan: Plan, { namespaces, pools = [] }: Capacity): CheckFinding[] {
  const all = pools.reduce<Amounts>(
    (sum, { allocatable, count }) => plus(sum, times(allocatable, count)),
    {},
  );
  return ['cpu', 'memory'].flatMap((resource) => {
    const shares = namespaces.flatMap(({ namespace, quotas }) => {
      const granted = quotas.flatMap(
        ({ hard }) => hard[`requests.${resource}`] ?? hard[resource] ?? [],
      );
      return granted.length === 0 ? [] : [{ namespace, granted: Math.min(...granted) }];
    });
    const sum = shares.reduce((total, { granted }) => total + granted, 0);
    const there = all[resource] ?? 0;
    if (sum <= there) return [];
    const who = shares.map(
      ({ namespace, granted }) => `'${namespace}' ${amountText(resource, granted)}`,
    );
    return [
      {
        rule: `capacity/${resource}-promised-twice`,
        severity: 'warning' as const,
        object: undefined,
        path: plan.environment,
        source: [],
        reason: `quotas promise ${amountText(resource, sum)} of ${resource}, and the nodes have ${amountText(resource, there)} for pods: ${who.join(', ')}`,
        fix: 'Lower a quota, add nodes, or accept it: pods of those who come late wait.',
      },
    ];
  });
}

function sessionless({ sessions }: Capacity): CheckFinding[] {
  return sessions
    .filter(({ least }) => least.fit === 0)
    .map(({ namespace, name, what, path, requests, least, onEmptyNodes }) => {
      const never = onEmptyNodes === 0;
      return {
        rule: never ? 'capacity/no-node' : 'capacity/no-session',
        severity: never ? ('error' as const) : ('warning' as const),
        object: undefined,
        path,
        source: [],
        reason: `not one of the ${what} '${name}' in '${namespace}', which ask for ${sizeText(requests)} each, can start: ${least.limit}`,
        fix: never
          ? 'Make them smaller, correct the labels of their nodes, or declare nodes that are large enough.'
          : 'Add nodes, raise the quota, or make them smaller.',
      };
    });
}

/** Sessions that start today, and not when the others hold what they may. */
function crowdedOut({ sessions, asked }: Capacity): CheckFinding[] {
  return sessions
    .filter(({ least, most, crowded }) => crowded.fit === 0 && least.fit !== 0 && most.fit !== 0)
    .map(({ namespace, name, what, path, crowded }) => {
      const others = asked.filter((row) => row.namespace !== namespace).map(heldText);
      return {
        rule: 'capacity/crowded-out',
        severity: 'warning' as const,
        object: undefined,
        path,
        source: [],
        reason: `not one of the ${what} '${name}' in '${namespace}' can start when others hold all they may (${others.join('; ')}): ${crowded.limit}`,
        fix: 'Lower the quotas of the others, give one of them nodes of its own (labels), add nodes, or accept it: who comes late waits.',
      };
    });
}

/** The most that a namespace may hold, in words. */
export function heldText({ namespace, name, what, pods, requests = {} }: AskedRow): string {
  if (pods.fit === null) return `'${namespace}': ${what} '${name}', which no quota bounds`;
  return `'${namespace}': ${pods.fit} ${what} '${name}', ${sizeText(requests) || 'nothing'}, by ${pods.limit}`;
}

function sizeText(amounts: Amounts): string {
  return Object.entries({ cpu: 0, memory: 0, ...amounts })
    .filter(([name, amount]) => name !== 'pods' && amount > 0)
    .map(([name, amount]) => `${amountText(name, amount)} of ${name}`)
    .join(' and ');
}
