import { textAt } from '../../../plan/json';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, goes, listed, spelled, touches } from '../look';
import type { Risk, Rule } from '../risk';
import { claimsOf, dataOf, numberAt, type Workload } from '../world';
import { daemonsGone } from './daemons';

const LONG_RUNNING = new Set([
  'Deployment',
  'DeploymentConfig',
  'ReplicaSet',
  'ReplicationController',
]);

/** What happens to things that run pods, as a whole; `pods.ts` looks at the pods. */
export const workloads: Rule = (change, context) => {
  const { kind } = manifestOf(change);
  if (kind === 'StatefulSet') {
    if (goes(change)) return [setGone(change)];
    return [
      ...scaled(change, context),
      ...setScaled(change),
      ...retention(change),
      ...renumbered(change),
    ];
  }
  if (LONG_RUNNING.has(kind)) {
    return goes(change) ? [serviceGone(change, context)] : scaled(change, context);
  }
  if (kind === 'DaemonSet') return goes(change) ? [daemonsGone(change, context)] : [];
  if (kind === 'Job') return goes(change) ? [jobGone(change)] : [];
  return [];
};

function setGone(change: Change): Risk {
  const { manifest } = change.before ?? { manifest: manifestOf(change) };
  const claims = change.before === undefined ? [] : claimsOf(change.before);
  const anew = change.operation === 'replace';
  const policy = textAt(manifest, 'spec', 'persistentVolumeClaimRetentionPolicy', 'whenDeleted');
  if (policy === 'Delete' && claims.length > 0) {
    return {
      rule: 'set-deleted-with-claims',
      severity: 'critical',
      why: `whenDeleted is Delete, so the claims go with the StatefulSet${anew ? ', even though it is made anew' : ''}`,
      lost: listed(claims),
      instead:
        'set persistentVolumeClaimRetentionPolicy.whenDeleted to Retain and deploy that first',
    };
  }
  const resized = touches(change, 'spec.volumeClaimTemplates');
  return {
    rule: anew ? 'set-replaced' : 'set-deleted',
    severity: 'high',
    why: `every pod of the StatefulSet stops${anew ? ' before the new one starts' : ''}; its claims stay${
      resized ? ', and existing ones keep their present size and class' : ''
    }`,
    lost:
      claims.length === 0
        ? 'the service, for as long as it takes'
        : `the service meanwhile; the claims ${listed(claims)} stay behind`,
    instead: anew
      ? 'delete it with "kubectl delete --cascade=orphan" first, so that its pods keep running; grow claims by themselves'
      : 'scale it to 0 first and remove it when nobody misses it',
  };
}

function serving(change: Change, context: Context, side: 'before' | 'after'): readonly string[] {
  const found: Workload | undefined = context.before.workload(change.before?.id ?? change.id);
  if (found === undefined) return [];
  const services = context.before.servicesOf(found).map(({ id }) => id);
  const remaining = side === 'after' ? services.filter((id) => context.after.get(id)) : services;
  return remaining.map((id) => id.split('/').at(-1) ?? id);
}

function serviceGone(change: Change, context: Context): Risk {
  const anew = change.operation === 'replace';
  const services = serving(change, context, 'after');
  if (anew) {
    return {
      rule: 'workload-replaced',
      severity: 'high',
      why: 'every pod is deleted before the first new one starts: there is no rolling update between two objects',
      lost: `the service meanwhile: ${listed(services)}`,
      instead:
        'keep the selector, or bring the new one up under another name, switch the Service, and remove the old one',
    };
  }
  return {
    rule: 'workload-deleted',
    severity: services.length > 0 ? 'high' : 'medium',
    why:
      services.length > 0
        ? `Service ${listed(services)} stays and leads to nothing`
        : 'its pods stop; nothing in the plan leads to them any more',
    lost: 'what it served',
    instead:
      services.length > 0
        ? 'remove the Service and its routes as well, or keep both'
        : 'nothing, if it is meant',
  };
}

function scaled(change: Change, context: Context): Risk[] {
  if (change.operation !== 'update') return [];
  const [was, will] = [change.before, change.after].map(
    (side) => numberAt(side?.manifest, 'spec', 'replicas') ?? 1,
  );
  if (was === undefined || will === undefined || will >= was) return [];
  if (will === 0) {
    const services = serving(change, context, 'after');
    return [
      {
        rule: 'scaled-to-zero',
        severity: services.length > 0 ? 'high' : 'medium',
        why: `no pod runs any more${services.length > 0 ? `, and Service ${listed(services)} leads to nothing` : ''}`,
        lost: 'the service, until it is scaled up again',
        instead: 'nothing, if it is meant: the claims and the configuration stay',
      },
    ];
  }
  if (will > 1 || manifestOf(change).kind === 'StatefulSet') return [];
  return [
    {
      rule: 'no-more-redundancy',
      severity: 'medium',
      why: `1 instead of ${was} replicas: every restart and every drained node interrupts it`,
      lost: 'availability during maintenance',
      instead: 'keep two',
    },
  ];
}

function setScaled(change: Change): Risk[] {
  if (change.before === undefined || change.after === undefined) return [];
  const [was, will] = [change.before, change.after].map(
    ({ manifest }) => numberAt(manifest, 'spec', 'replicas') ?? 1,
  );
  const claims = claimsOf(change.before);
  if (was === undefined || will === undefined || will >= was || claims.length === 0) return [];
  const policy = textAt(
    change.after.manifest,
    'spec',
    'persistentVolumeClaimRetentionPolicy',
    'whenScaled',
  );
  if (policy === 'Delete') {
    return [
      {
        rule: 'set-scaled-with-claims',
        severity: 'critical',
        why: `whenScaled is Delete, so the claims of the ${was - will} removed pods are deleted`,
        lost: `what these claims of ${listed(claims)} hold`,
        instead:
          'set persistentVolumeClaimRetentionPolicy.whenScaled to Retain and deploy that first',
      },
    ];
  }
  const quorum = will > 0 && will < Math.floor(was / 2) + 1;
  return [
    {
      rule: 'set-scaled-down',
      severity: quorum ? 'high' : 'medium',
      why: quorum
        ? `${will} of ${was} members are no majority: a clustered program loses its quorum`
        : `the claims of the ${was - will} removed pods stay behind and are found again when it grows`,
      lost: quorum ? 'writes, and perhaps what only the removed members had' : 'nothing at once',
      instead: 'remove members from the program first, one at a time',
    },
  ];
}

function retention(change: Change): Risk[] {
  const path = ['spec', 'persistentVolumeClaimRetentionPolicy'] as const;
  const armed = (['whenDeleted', 'whenScaled'] as const).filter((when) => {
    const [was, will] = beforeAndAfter(change, ...path, when);
    return will === 'Delete' && was !== 'Delete' && change.operation === 'update';
  });
  if (armed.length === 0) return [];
  return [
    {
      rule: 'claims-no-longer-retained',
      severity: 'high',
      why: `${armed.join(' and ')} becomes Delete: from now on claims go when the StatefulSet is ${armed.includes('whenDeleted') ? 'deleted or replaced' : 'scaled down'}`,
      lost: 'the data, at the next change that would have been harmless',
      instead: 'keep Retain where the data matters',
    },
  ];
}

/** Members are named by their number, and so are their claims. */
function renumbered(change: Change): Risk[] {
  const [was, will] = beforeAndAfter(change, 'spec', 'ordinals', 'start').map(
    (start) => start ?? 0,
  );
  const claims = change.before === undefined ? [] : claimsOf(change.before);
  if (change.operation !== 'update' || was === will || claims.length === 0) return [];
  return [
    {
      rule: 'set-renumbered',
      severity: 'high',
      why: `members are counted from ${spelled(will)} instead of ${spelled(was)}: each gets the claims of its new number, most of them new and empty`,
      lost: `the sight of ${listed(claims)}`,
      instead: 'leave the numbers alone',
    },
  ];
}

function jobGone(change: Change): Risk {
  return change.operation === 'replace'
    ? {
        rule: 'job-replaced',
        severity: 'medium',
        why: 'the Job is deleted, with a run that may be under way, and runs again',
        lost: 'the logs of its pods, and what a half-done run leaves behind',
        instead: 'wait until it has finished; make sure that it may run twice',
      }
    : {
        rule: 'job-deleted',
        severity: 'low',
        why: 'the Job and its pods go',
        lost: 'their logs',
        instead: 'nothing',
      };
}

/** Names of the data that a workload keeps, for other rules. */
export function keepsData(workload: Workload | undefined): readonly string[] {
  return workload === undefined ? [] : dataOf(workload);
}
