import { amountOf } from '../../../plan/difference/quantity';
import { at, isObject, objectsAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { called, listed, spelled } from '../look';
import type { Risk } from '../risk';
import type { World } from '../world';

function hardOf(manifest: Json | undefined): Readonly<Record<string, Json | undefined>> {
  const hard = at(manifest, 'spec', 'hard') ?? at(manifest, 'spec', 'quota', 'hard');
  return isObject(hard) ? hard : {};
}

/** What a quota no longer holds, and what it no longer lets run. */
export function quotas(change: Change, { after }: Context): Risk[] {
  if (change.operation === 'delete') {
    const { namespace } = manifestOf(change).metadata;
    const left = after.workloads.some((workload) => workload.namespace === namespace);
    return [
      {
        rule: 'quota-removed',
        severity: left ? 'high' : 'medium',
        why: 'one tenant can take everything that the cluster has',
        lost: "the other tenants' share",
        instead: 'raise it instead',
      },
    ];
  }
  const [was, will] = [hardOf(change.before?.manifest), hardOf(change.after?.manifest)];
  const used = usedIn(change, after);
  const short = Object.entries(will).flatMap(([resource, limit]) => {
    const [cap, need] = [
      amountOf(limit),
      used.get(resource.replace(/^(cpu|memory)$/, 'requests.$1')),
    ];
    const lowered = was[resource] === undefined || (amountOf(was[resource]) ?? 0) > (cap ?? 0);
    return cap !== undefined && need !== undefined && need > cap && lowered
      ? [`${resource}: ${spelled(limit)} for ${Number(need.toPrecision(4))}`]
      : [];
  });
  if (short.length > 0) {
    return [
      {
        rule: 'quota-below-use',
        severity: 'high',
        why: `the quota is less than what runs: ${listed(short)}. Pods that run stay, and are not made again once they stop`,
        lost: 'pods, one restart after the other',
        instead: 'reduce the use first',
      },
    ];
  }
  const dropped = Object.keys(was).filter((resource) => will[resource] === undefined);
  if (dropped.length > 0 && change.operation === 'update') {
    return [
      {
        rule: 'quota-removed',
        severity: 'high',
        why: `${listed(dropped)} is no longer limited: one tenant can take everything that the cluster has of it`,
        lost: "the other tenants' share",
        instead: 'raise it instead',
      },
    ];
  }
  const silent = unsaid(change, after, was, will);
  if (silent.length > 0) {
    return [
      {
        rule: 'quota-demands',
        severity: 'high',
        why: `under this quota every pod must say what it needs, and ${listed(silent)} does not: it is refused at its next start`,
        lost: 'these pods, one restart after the other',
        instead: 'say it in the pods, or give the namespace a LimitRange with defaults, first',
      },
    ];
  }
  const lowered = Object.entries(will).filter(
    ([resource, limit]) => (amountOf(was[resource]) ?? Infinity) > (amountOf(limit) ?? Infinity),
  );
  if (lowered.length === 0 || change.operation !== 'update') return [];
  // Nothing of the plan runs there: the namespace is a tenant's, and nobody here knows what runs.
  const { namespace } = manifestOf(change).metadata;
  const unknown = !after.workloads.some((workload) => workload.namespace === namespace);
  const halved = lowered.filter(
    ([resource, limit]) =>
      (amountOf(limit) ?? Infinity) < (amountOf(was[resource]) ?? Infinity) / 2,
  );
  if (unknown && halved.length > 0) {
    return [
      {
        rule: 'tenants-cut',
        severity: 'high',
        why: `less than half is left of ${listed(halved.map(([resource]) => resource))}, and no plan says what runs in this namespace: above it, nothing starts again`,
        lost: 'what is restarted, or submitted, there',
        instead: `look first: kubectl describe quota -n ${namespace ?? ''}`,
      },
    ];
  }
  return [
    {
      rule: 'quota-lowered',
      severity: 'low',
      why: `${listed(lowered.map(([resource]) => resource))} is lowered, to more than what the plan asks for`,
      lost: 'room to grow',
      instead: 'nothing',
    },
  ];
}

/** What the pods and claims of the plan in the quota's namespace ask for, or what the cluster counted, whichever is more. */
function usedIn(change: Change, world: World): Map<string, number> {
  const used = new Map<string, number>();
  const add = (resource: string, amount: number | undefined): void => {
    if (amount !== undefined) used.set(resource, (used.get(resource) ?? 0) + amount);
  };
  const { namespace } = manifestOf(change).metadata;
  for (const workload of world.workloads.filter((candidate) => candidate.namespace === namespace)) {
    add('pods', workload.replicas);
    for (const container of objectsAt(workload.pod, 'containers')) {
      for (const side of ['requests', 'limits'] as const)
        for (const resource of ['cpu', 'memory'] as const) {
          const amount = amountOf(at(container, 'resources', side, resource));
          add(`${side}.${resource}`, amount === undefined ? undefined : amount * workload.replicas);
        }
    }
  }
  for (const { manifest } of world.all('PersistentVolumeClaim')) {
    if (manifest.metadata.namespace !== namespace) continue;
    add('persistentvolumeclaims', 1);
    add('requests.storage', amountOf(at(manifest, 'spec', 'resources', 'requests', 'storage')));
  }
  const counted = at(change.before?.status, 'used');
  for (const [resource, amount] of Object.entries(isObject(counted) ? counted : {})) {
    const key = resource.replace(/^(cpu|memory)$/, 'requests.$1');
    used.set(key, Math.max(used.get(key) ?? 0, amountOf(amount) ?? 0));
  }
  return used;
}

/** Workloads that leave out what a newly limited resource demands of every pod. */
function unsaid(
  change: Change,
  world: World,
  was: Readonly<Record<string, Json | undefined>>,
  will: Readonly<Record<string, Json | undefined>>,
): string[] {
  if (at(change.after?.manifest, 'spec', 'scopes') !== undefined) return [];
  if (at(change.after?.manifest, 'spec', 'scopeSelector') !== undefined) return [];
  const { namespace } = manifestOf(change).metadata;
  const fresh = Object.keys(will).filter(
    (resource) =>
      was[resource] === undefined && /^((requests|limits)\.)?(cpu|memory)$/.test(resource),
  );
  const defaulted = world
    .all('LimitRange')
    .filter(({ manifest }) => manifest.metadata.namespace === namespace)
    .flatMap(({ manifest }) => objectsAt(manifest, 'spec', 'limits'));
  return fresh.flatMap((resource) => {
    const [side, name] = resource.includes('.') ? resource.split('.') : ['requests', resource];
    const given = defaulted.some(
      (limit) =>
        at(limit, 'default', name ?? '') !== undefined ||
        (side === 'requests' && at(limit, 'defaultRequest', name ?? '') !== undefined),
    );
    if (given) return [];
    return world.workloads
      .filter(
        (workload) =>
          workload.namespace === namespace &&
          objectsAt(workload.pod, 'containers').some(
            (container) =>
              at(container, 'resources', side ?? '', name ?? '') === undefined &&
              // What is limited and not requested is requested as it is limited.
              at(container, 'resources', 'limits', name ?? '') === undefined,
          ),
      )
      .map(({ object }) => `${called(object)} (${resource})`);
  });
}
