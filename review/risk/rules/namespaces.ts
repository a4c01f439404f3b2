import type { Json } from '../../../plan/model';
import { podSchema } from '../../admission/pod';
import { violations } from '../../admission/psa/evaluate';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, called, goes, listed, spelled } from '../look';
import type { Risk, Rule } from '../risk';
import { claimsOf } from '../world';

const KINDS = new Set(['Namespace', 'Project']);
/** The minor of Kubernetes 1 whose rules are asked. */
const NEWEST = 36;
const NODES = 'openshift.io/node-selector';
const PSA = 'pod-security.kubernetes.io/enforce';
const LEVELS = ['restricted', 'baseline', 'privileged'];

/** Namespaces take everything in them along, and decide what their pods may do. */
export const namespaces: Rule = (change, context) => {
  if (!KINDS.has(manifestOf(change).kind)) return [];
  if (goes(change)) return [deleted(change, context)];
  if (change.operation !== 'update') return [];
  return [...podSecurity(change, context), ...placed(change)];
};

function deleted(change: Change, { before }: Context): Risk {
  const { name } = manifestOf(change).metadata;
  const content = before.contentOf(name);
  const claims = content.flatMap((object) =>
    object.manifest.kind === 'PersistentVolumeClaim'
      ? [object.manifest.metadata.name]
      : claimsOf(object),
  );
  return {
    rule: 'namespace-deleted',
    severity: 'critical',
    why: `deleting namespace '${name}' deletes everything in it, also what others put there: the plan knows of ${content.length} objects`,
    lost:
      claims.length === 0
        ? `${listed(content.map(called))}, and whatever claims users made there`
        : `the claims ${listed(claims)}, with their volumes unless those are retained, and every Secret`,
    instead:
      'keep the namespace; to rename it, copy the data to a new one first: Kubernetes renames nothing',
  };
}

function podSecurity(change: Change, context: Context): Risk[] {
  const [was, will] = beforeAndAfter(change, 'metadata', 'labels', PSA);
  const [before, after] = [levelOf(was), levelOf(will)];
  if (before === after) return [];
  if (after > before) {
    return [
      {
        rule: 'pod-security-lowered',
        severity: 'high',
        why: `pods here may be '${nameOf(will)}' instead of '${nameOf(was)}': more of what reaches the node is allowed`,
        lost: 'the guarantee that no pod of this namespace can take over a node',
        instead:
          'keep the level and move the one workload that needs more to a namespace of its own',
      },
    ];
  }
  const refused = refusedBy(nameOf(will), change, context);
  return [
    {
      rule: 'pod-security-raised',
      severity: refused.length > 0 ? 'high' : 'medium',
      why: `pods must meet '${nameOf(will)}' instead of '${nameOf(was)}'; running ones stay until they restart, and are then refused if they do not${refused.length > 0 ? `: ${listed(refused)}` : ''}`,
      lost: refused.length > 0 ? 'these pods, one restart after the other' : 'nothing at once',
      instead: "try it as a warning first: label 'pod-security.kubernetes.io/warn'",
    },
  ];
}

/** Workloads of the namespace that a level refuses. The cluster's version is not known here, so the newest is asked. */
function refusedBy(level: string, change: Change, { after }: Context): string[] {
  if (level !== 'baseline' && level !== 'restricted') return [];
  const { name } = manifestOf(change).metadata;
  return after.workloads
    .filter(({ namespace, pod }) => {
      if (namespace !== name) return false;
      const read = podSchema.safeParse({ metadata: {}, spec: pod });
      return read.success && violations(read.data, { level, version: 'latest' }, NEWEST).length > 0;
    })
    .map(({ object }) => called(object));
}

/** OKD's choice of nodes for every pod of a namespace. */
function placed(change: Change): Risk[] {
  const [was, will] = beforeAndAfter(change, 'metadata', 'annotations', NODES);
  if (was === will) return [];
  return [
    {
      rule: 'pods-move',
      severity: 'high',
      why: `every pod of the namespace is placed on nodes with '${spelled(will ?? '')}' from its next start on, and DaemonSets leave the others at once`,
      lost: 'pods, if no such node has room or their volumes cannot follow',
      instead: 'look for nodes that fit: kubectl get nodes --show-labels',
    },
  ];
}

/** Without a label the cluster's own default holds, which is `privileged` as Kubernetes ships. */
function nameOf(level: Json | undefined): string {
  return typeof level === 'string' ? level : 'privileged';
}

function levelOf(level: Json | undefined): number {
  const found = LEVELS.indexOf(nameOf(level));
  return found < 0 ? LEVELS.length : found;
}
