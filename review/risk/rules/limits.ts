import { amountOf } from '../../../plan/difference/quantity';
import { at, objectsAt, textAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, called, goes, listed } from '../look';
import type { Risk, Rule } from '../risk';
import { numberAt, type Workload } from '../world';
import { quotas } from './quotas';

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
      return autoscalers(change, context);
    case 'PriorityClass':
      return priorities(change, context);
    default:
      return [];
  }
};

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
      severity: 'high',
      why: `no pod of ${listed(names)} may ever go: nodes cannot be drained, nor the cluster updated`,
      lost: 'maintenance without a fight',
      instead: 'let one go',
    },
  ];
}

function autoscalers(change: Change, { after }: Context): Risk[] {
  const [was, will] = [change.before, change.after].map((side) =>
    numberAt(side?.manifest, 'spec', 'maxReplicas'),
  );
  const { namespace } = manifestOf(change).metadata;
  const kind = textAt(change.after?.manifest, 'spec', 'scaleTargetRef', 'kind');
  const name = textAt(change.after?.manifest, 'spec', 'scaleTargetRef', 'name');
  const target = after.workloads.find(
    (workload) =>
      workload.namespace === namespace &&
      workload.kind === kind &&
      workload.object.manifest.metadata.name === name,
  );
  if (change.operation === 'update' && target === undefined) {
    return [
      {
        rule: 'autoscaler-without-target',
        severity: 'high',
        why: `it is to scale ${kind ?? ''} '${name ?? ''}', which the plan does not have`,
        lost: 'the scaling of what it scaled so far',
        instead: 'name what is to be scaled',
      },
    ];
  }
  const less = was !== undefined && will !== undefined && will < was;
  const lower = less && !goes(change);
  if (!goes(change) && !less) return [];
  const runs = Math.max(
    numberAt(change.before?.status, 'currentReplicas') ?? 0,
    numberAt(target?.object.manifest, 'spec', 'replicas') ?? 0,
    numberAt(change.before?.manifest, 'spec', 'minReplicas') ?? 1,
  );
  const below = lower && will < runs;
  return [
    {
      rule: 'autoscaler-less',
      severity: below || (less && will <= was / 4) ? 'high' : 'medium',
      why: less
        ? `at most ${will} instead of ${was} replicas${below ? `, and ${runs} run` : ''}`
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
      severity:
        users.length > 0 || (all && Number(at(change.after?.manifest, 'value') ?? 0) > 0)
          ? 'high'
          : 'medium',
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
