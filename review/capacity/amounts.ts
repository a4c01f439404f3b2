import { amountOf } from '../../plan/difference/quantity';
import { at, isObject, objectsAt } from '../../plan/json';
import type { Json, JsonObject } from '../../plan/model';

/** How much of each resource, by its name: cores of `cpu`, bytes of `memory`, `pods`, devices such as `nvidia.com/gpu`. */
export type Amounts = Readonly<Record<string, number>>;

/** The sum of two. */
export function plus(a: Amounts, b: Amounts): Amounts {
  const sum: Record<string, number> = { ...a };
  for (const [name, amount] of Object.entries(b)) sum[name] = rounded((sum[name] ?? 0) + amount);
  return sum;
}

/** So many of them. */
export function times(a: Amounts, count: number): Amounts {
  return Object.fromEntries(
    Object.entries(a).map(([name, amount]) => [name, rounded(amount * count)]),
  );
}

/** How often `one` goes into what is free, and the resource that ends first. Nothing asked for goes in without end. */
export function timesIn(
  one: Amounts,
  free: Amounts,
): { readonly times: number; readonly limit: string | undefined } {
  let found: { times: number; limit: string | undefined } = { times: Infinity, limit: undefined };
  for (const [limit, amount] of Object.entries(one)) {
    if (amount <= 0) continue;
    const fitting = Math.max(0, Math.floor(rounded((free[limit] ?? 0) / amount)));
    if (fitting < found.times) found = { times: fitting, limit };
  }
  return found;
}

/** What is left of one after another is taken. */
export function minus(a: Amounts, b: Amounts): Amounts {
  return plus(a, times(b, -1));
}

/** The larger of each. */
function most(a: Amounts, b: Amounts): Amounts {
  const larger: Record<string, number> = { ...a };
  for (const [name, amount] of Object.entries(b))
    larger[name] = Math.max(larger[name] ?? 0, amount);
  return larger;
}

/** Sums of decimal fractions of cores, without what binary fractions add to them. */
function rounded(amount: number): number {
  return Number(amount.toPrecision(15));
}

/** Amounts as Kubernetes writes them. What is no amount is left out: `check` finds it. */
export function amountsOf(value: Json | undefined): Amounts {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) => {
      const amount = amountOf(text);
      return amount === undefined ? [] : [[name, amount]];
    }),
  );
}

/**
 * What a pod asks of its node, or may use of it, as the scheduler counts: containers run together; init containers one after the other and
 * before them, except for those that stay (`restartPolicy: Always`).
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
export function podAmounts(spec: JsonObject, side: 'requests' | 'limits'): Amounts {
  let staying: Amounts = {};
  let starting: Amounts = {};
  for (const container of objectsAt(spec, 'initContainers')) {
    const own = ofContainer(container, side);
    if (container['restartPolicy'] === 'Always') staying = plus(staying, own);
    else starting = most(starting, plus(staying, own));
  }
  const running = objectsAt(spec, 'containers').reduce<Amounts>(
    (sum, container) => plus(sum, ofContainer(container, side)),
    staying,
  );
  return plus(most(running, starting), amountsOf(spec['overhead']));
}

/** What is not requested and has a limit is requested as much: the API server writes it so. */
function ofContainer(container: JsonObject, side: 'requests' | 'limits'): Amounts {
  const limits = amountsOf(at(container, 'resources', 'limits'));
  return side === 'limits'
    ? limits
    : { ...limits, ...amountsOf(at(container, 'resources', 'requests')) };
}
