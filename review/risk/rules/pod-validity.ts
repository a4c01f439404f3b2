import { amountOf } from '../../../plan/difference/quantity';
import { at } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';
import { listed } from '../look';
import type { Risk, Rule } from '../risk';
import type { Workload } from '../world';
import { deafProbes, neverRuns } from './stuck';
import { containersOf, pairs, podsOf } from './pods';

/** Pod templates that the API server refuses, and those whose pods can never run. */
export const podValidity: Rule = (change, context) => {
  if (change.operation !== 'update' && change.operation !== 'create') return [];
  const [was, will] = podsOf(change, context);
  if (will === undefined) return [];
  return [
    ...rootOrNot(will),
    ...(was === undefined ? [] : [...overAsked(was, will), ...newlyStuck(was, will)]),
  ];
};

/** The kubelet refuses to start what must not be root and is told to be. */
function rootOrNot({ pod }: Workload): Risk[] {
  const asked = (security: Json | undefined, field: string): Json | undefined =>
    at(security, field) ?? at(pod, 'securityContext', field);
  const stuck = [...containersOf(pod)].filter(
    ([, container]) =>
      asked(container['securityContext'], 'runAsNonRoot') === true &&
      asked(container['securityContext'], 'runAsUser') === 0,
  );
  if (stuck.length === 0) return [];
  return [
    {
      rule: 'pod-never-starts',
      severity: 'high',
      why: `${listed(stuck.map(([name]) => `container '${name}'`))} must not be root and is to run as user 0: the node refuses to start it`,
      lost: 'these pods',
      instead: 'give it another user, or a reason to be root',
    },
  ];
}

/** Containers that ran, and cannot any more. */
function newlyStuck(was: Workload, will: Workload): Risk[] {
  const stuck = pairs(was, will).flatMap(([name, before, after]) => {
    const known = new Set([...neverRuns(before), ...deafProbes(before)]);
    return [...neverRuns(after), ...deafProbes(after)]
      .filter((problem) => !known.has(problem))
      .map((problem) => `container '${name}': ${problem}`);
  });
  if (stuck.length === 0) return [];
  return [
    {
      rule: 'pod-never-ready',
      severity: 'high',
      why: `${listed(stuck, 2)}: new pods never become ready`,
      lost: 'the service, once the old pods are gone',
      instead: 'correct it; the old pods stay as long as the strategy lets them',
    },
  ];
}

/** Amounts as the API server compares them. */
function amount(
  container: JsonObject | undefined,
  side: string,
  resource: string,
): number | undefined {
  return amountOf(at(container, 'resources', side, resource));
}

const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'] as const;
/** More than this in one container, and few nodes have it. */
const HUGE = { cpu: 96, memory: 512 * 2 ** 30, 'ephemeral-storage': 2 * 2 ** 40 } as const;

function overAsked(was: Workload, will: Workload): Risk[] {
  const old = containersOf(was.pod);
  return [...containersOf(will.pod)].flatMap(([name, container]): Risk[] => {
    const huge = RESOURCES.filter((resource) => {
      const asked = amount(container, 'requests', resource) ?? 0;
      return asked > HUGE[resource] && asked > (amount(old.get(name), 'requests', resource) ?? 0);
    });
    if (huge.length === 0) return [];
    return [
      {
        rule: 'requests-beyond-nodes',
        severity: 'high',
        why: `container '${name}' requests more ${listed(huge)} than most nodes have: its pods stay pending`,
        lost: 'the service, once the old pods are gone',
        instead: "compare with 'kubectl describe nodes'; 'beamline capacity' adds it up",
      },
    ];
  });
}
