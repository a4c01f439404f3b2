import { at, textAt } from '../../../plan/json';
import type { Change } from '../../change';
import type { Context } from '../context';
import { listed } from '../look';
import type { Risk, Rule } from '../risk';
import { podsOf } from './pods';

/** Labels of pods are how Services, policies and budgets find them: a change may lose them all. */
export const labels: Rule = (change, context) => {
  if (change.operation !== 'update' && change.operation !== 'replace') return [];
  const [was, will] = podsOf(change, context);
  if (was === undefined || will === undefined) return [];
  if (JSON.stringify(was.labels) === JSON.stringify(will.labels)) return [];
  return [...unserved(change, context), ...unguarded(change, context)];
};

function unserved(change: Change, { before, after }: Context): Risk[] {
  const was = before.workload(change.before?.id ?? change.id);
  if (was === undefined) return [];
  const cut = before.servicesOf(was).filter(({ id }) => {
    const still = after.get(id);
    return (
      still !== undefined &&
      at(still.manifest, 'spec', 'selector') !== undefined &&
      after.behind(still).every(({ object }) => object.id !== change.id)
    );
  });
  if (cut.length === 0) return [];
  return [
    {
      rule: 'pods-leave-service',
      severity: 'high',
      why: `with their new labels the pods are no longer behind Service ${listed(cut.map(({ manifest }) => manifest.metadata.name))}`,
      lost: 'every connection through it',
      instead: 'change the selector of the Service in the same deployment, or keep the labels',
    },
  ];
}

function unguarded(change: Change, { before, after }: Context): Risk[] {
  const policies = (world: typeof before, id: string): string[] => {
    const workload = world.workload(id);
    if (workload === undefined) return [];
    return world
      .all('NetworkPolicy')
      .filter(
        ({ manifest }) =>
          manifest.metadata.namespace === workload.namespace &&
          world
            .selectedBy(workload.namespace, at(manifest, 'spec', 'podSelector'))
            .some(({ object }) => object.id === id),
      )
      .map(({ manifest }) => textAt(manifest, 'metadata', 'name') ?? '');
  };
  const kept = new Set(policies(after, change.id));
  const lost = policies(before, change.before?.id ?? change.id).filter((name) => !kept.has(name));
  if (lost.length === 0) return [];
  const open = kept.size === 0;
  return [
    {
      rule: 'pods-leave-policy',
      severity: open ? 'high' : 'medium',
      why: `with their new labels the pods are no longer under network policy ${listed(lost)}${open ? ', and under no other' : ''}`,
      lost: open
        ? 'their isolation: everybody may connect'
        : 'what the policy allowed or refused them',
      instead: 'change the podSelector in the same deployment, or keep the labels',
    },
  ];
}
