import { at, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { called, goes, listed } from '../look';
import type { Risk, Rule } from '../risk';

/** Nodes: who is placed by their labels, whom their taints throw out. */
export const nodes: Rule = (change, context) => {
  const { kind, apiVersion } = manifestOf(change);
  if (kind !== 'Node' || apiVersion !== 'v1') return [];
  if (goes(change)) {
    return [
      {
        rule: 'node-removed',
        severity: 'high',
        why: 'its pods are deleted, those that keep data on its disks among them',
        lost: 'what is on its disks alone, and its share of the cluster',
        instead: 'drain it first, and let storage move what it holds',
      },
    ];
  }
  return change.operation === 'update'
    ? [...labelsLost(change, context), ...tainted(change), ...cordoned(change)]
    : [];
};

function labelsLost(change: Change, { after }: Context): Risk[] {
  const labels = (side: Change['before']): Record<string, Json | undefined> => {
    const all = at(side?.manifest, 'metadata', 'labels');
    return isObject(all) ? { ...all } : {};
  };
  const now = labels(change.after);
  const lost = Object.entries(labels(change.before))
    .filter(([key, value]) => now[key] !== value)
    .map(([key]) => key);
  if (lost.length === 0) return [];
  const users = [...after.side.values()].filter(
    ({ id, manifest }) => id !== change.id && lost.some((key) => placesBy(manifest, key)),
  );
  return [
    {
      rule: 'node-label-removed',
      severity: users.length > 0 ? 'high' : 'medium',
      why: `${listed(lost)} goes or gets another value${users.length > 0 ? `, by which ${listed(users.map(called))} finds its nodes` : ''}`,
      lost:
        users.length > 0
          ? 'pods and volumes that are only to be on such nodes: they stay where they are until they stop, and do not come back'
          : 'nothing that the plan knows of',
      instead: 'label another node first, or change who is placed by it',
    },
  ];
}

/** Whether an object chooses nodes by a label: as the key of an expression, or of a selector of nodes. */
function placesBy(manifest: Json, key: string): boolean {
  const text = JSON.stringify(at(manifest, 'spec') ?? null);
  const quoted = JSON.stringify(key);
  return (
    text.includes(`"key":${quoted}`) ||
    text.includes(`"topologyKey":${quoted}`) ||
    new RegExp(`"nodeSelector":\\{[^{}]*${quoted.replace(/[.*+?^$()|[\]\\]/g, '\\$&')}:`).test(text)
  );
}

function tainted(change: Change): Risk[] {
  const taints = (side: Change['before']): string[] =>
    objectsAt(side?.manifest, 'spec', 'taints').map(
      (taint) => `${textAt(taint, 'key') ?? ''}:${textAt(taint, 'effect') ?? ''}`,
    );
  const known = taints(change.before);
  const fresh = taints(change.after).filter((taint) => !known.includes(taint));
  if (fresh.length === 0) return [];
  const out = fresh.some((taint) => taint.endsWith(':NoExecute'));
  return [
    {
      rule: 'node-tainted',
      severity: out ? 'high' : 'medium',
      why: out
        ? `every pod that does not tolerate ${listed(fresh)} is thrown out at once, whatever budgets say`
        : `no new pod is placed there that does not tolerate ${listed(fresh)}`,
      lost: out ? 'what runs there, at once' : 'its share of the cluster for new pods',
      instead: out ? 'drain it, which keeps to budgets' : 'nothing, if it is meant',
    },
  ];
}

function cordoned(change: Change): Risk[] {
  const [was, will] = [change.before, change.after].map(
    (side) => at(side?.manifest, 'spec', 'unschedulable') === true,
  );
  if (was === true || will !== true) return [];
  return [
    {
      rule: 'node-cordoned',
      severity: 'medium',
      why: 'no new pod is placed there; those that run stay',
      lost: 'its share of the cluster for new pods',
      instead: 'nothing, if it is meant',
    },
  ];
}
