import { amountOf } from '../../../plan/difference/quantity';
import { at, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, called, goes, listed, spelled } from '../look';
import type { Risk, Rule } from '../risk';
import { numberAt, type Workload, type World } from '../world';

/** Quotas, limits, budgets and autoscalers. */
export const limits: Rule = (change, context) => {
  switch (manifestOf(change).kind) {
    case 'ResourceQuota':
    case 'ClusterResourceQuota':
      return quotas(change, context);
    case 'LimitRange':
      return ranges(change, context);
    case 'PodDisruptionBudget':
      return budgets(change, context);
    case 'HorizontalPodAutoscaler':
      return autoscalers(change);
    case 'PriorityClass':
      return priorities(change, context);
    default:
      return [];
  }
};

function hardOf(manifest: Json | undefined): Readonly<Record<string, Json | undefined>> {
  const hard = at(manifest, 'spec', 'hard') ?? at(manifest, 'spec', 'quota', 'hard');
  return isObject(hard) ? hard : {};
}

function quotas(change: Change, { after }: Context): Risk[] {
  if (change.operation === 'delete') {
    return [
      {
        rule: 'quota-removed',
        severity: 'medium',
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
  const lowered = Object.entries(will).filter(
    ([resource, limit]) => (amountOf(was[resource]) ?? Infinity) > (amountOf(limit) ?? Infinity),
  );
  if (lowered.length === 0 || change.operation !== 'update') return [];
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

function ranges(change: Change, { after }: Context): Risk[] {
  if (goes(change) || change.after === undefined) return [];
  const { manifest } = change.after;
  const refused = objectsAt(manifest, 'spec', 'limits').flatMap((limit) =>
    textAt(limit, 'type') === 'Container'
      ? after.workloads.filter(
          (workload) =>
            workload.namespace === manifest.metadata.namespace &&
            (['cpu', 'memory'] as const).some((resource) =>
              exceeds(workload, resource, at(limit, 'max', resource)),
            ),
        )
      : [],
  );
  if (refused.length === 0) return [];
  return [
    {
      rule: 'limit-below-use',
      severity: 'high',
      why: `${listed(refused.map(({ object }) => called(object)))} asks for more than the limit range allows: its pods are not made again once they stop`,
      lost: 'these pods, one restart after the other',
      instead: 'reduce what they ask for first',
    },
  ];
}

function exceeds({ pod }: Workload, resource: string, max: Json | undefined): boolean {
  const cap = amountOf(max);
  return (
    cap !== undefined &&
    objectsAt(pod, 'containers').some((container) =>
      ['requests', 'limits'].some(
        (side) => (amountOf(at(container, 'resources', side, resource)) ?? 0) > cap,
      ),
    )
  );
}

function budgets(change: Change, { after }: Context): Risk[] {
  const manifest = change.before?.manifest ?? manifestOf(change);
  const covered = after
    .selectedBy(manifest.metadata.namespace, at(manifest, 'spec', 'selector'))
    .filter(({ replicas }) => replicas > 1);
  const names = covered.map(({ object }) => called(object));
  const now = change.after?.manifest;
  const [most, least] = [at(now, 'spec', 'maxUnavailable'), at(now, 'spec', 'minAvailable')];
  const void_ =
    now !== undefined &&
    (most === '100%' ||
      least === 0 ||
      least === '0%' ||
      covered.some(({ replicas }) => typeof most === 'number' && most >= replicas));
  const spared = change.before?.manifest;
  const was = [at(spared, 'spec', 'maxUnavailable'), at(spared, 'spec', 'minAvailable')];
  const before = spared !== undefined && was[0] !== '100%' && was[1] !== 0 && was[1] !== '0%';
  if ((change.operation === 'delete' || (void_ && before)) && covered.length > 0) {
    return [
      {
        rule: 'budget-removed',
        severity: 'high',
        why: `draining nodes may stop every pod of ${listed(names)} at once`,
        lost: 'the service during maintenance; for a clustered program its quorum',
        instead: 'keep a budget that lets one go at a time',
      },
    ];
  }
  const blocks = covered.some(
    ({ replicas }) =>
      most === 0 ||
      most === '0%' ||
      least === '100%' ||
      (typeof least === 'number' && least >= replicas),
  );
  if (!blocks || goes(change)) return [];
  return [
    {
      rule: 'budget-blocks-drains',
      severity: 'medium',
      why: `no pod of ${listed(names)} may ever go: nodes cannot be drained, nor the cluster updated`,
      lost: 'maintenance without a fight',
      instead: 'let one go',
    },
  ];
}

function autoscalers(change: Change): Risk[] {
  const [was, will] = [change.before, change.after].map((side) =>
    numberAt(side?.manifest, 'spec', 'maxReplicas'),
  );
  const less = was !== undefined && will !== undefined && will < was;
  if (!goes(change) && !less) return [];
  return [
    {
      rule: 'autoscaler-less',
      severity: 'medium',
      why: less
        ? `at most ${will} instead of ${was} replicas`
        : 'the number of replicas stays what it is just now, or what the manifest says',
      lost: 'capacity at the next peak',
      instead: 'look at how many ran at the last peak',
    },
  ];
}

function priorities(change: Change, { after }: Context): Risk[] {
  const users = after.podsUsing(change.id).map(({ object }) => called(object));
  const [was, will] = beforeAndAfter(change, 'globalDefault');
  const all = was !== true && will === true;
  if (!goes(change) && !all) return [];
  return [
    {
      rule: all ? 'priority-for-all' : 'priority-gone',
      severity: users.length > 0 && change.operation === 'delete' ? 'high' : 'medium',
      why: all
        ? 'every new pod without a class gets this priority, and may evict others'
        : `pods that name the class are not made any more while it is gone: ${listed(users)}`,
      lost: all ? 'pods of lower priority' : 'pods that start meanwhile',
      instead: all
        ? 'name the class in the pods that need it'
        : 'give the pods another class first',
    },
  ];
}
