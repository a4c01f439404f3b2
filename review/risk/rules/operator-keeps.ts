import { amountOf } from '../../../plan/difference/quantity';
import { at, isObject, textAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import { objectId } from '../../../plan/object-id';
import { subjectOf, type Change } from '../../change';
import type { Context } from '../context';
import { called, listed } from '../look';
import type { Risk } from '../risk';

/** Fields by which objects of operators ask for disks, whatever the kind. */
const DISKS = /^(storage|persistence|volumeClaimTemplates?|persistentVolumeClaim|dataVolume)$/i;
/** Fields that say for how long, or how many, something is kept. */
const KEPT = /^(retention\w*|keep(Last|Daily|Weekly|Monthly|Yearly)?)$/i;
/** A backup says it with a word that means many other things elsewhere. */
const BACKUP = /^(velero\.io|k8up\.io|stash\.appscode\.com)$/;

/** What an operator would throw away by a change of its object, as far as names of fields tell. */
export function keptLess(change: Change): Risk[] {
  const { manifest, group } = subjectOf(change);
  const kept = BACKUP.test(group) ? /^(ttl|retention\w*)$/i : KEPT;
  const [was, will] = [change.before, change.after].map((side) => at(side?.manifest, 'spec'));
  const lost = [...differences(was, will, kept, [])];
  if (lost.length === 0) return [];
  return [
    {
      rule: 'operator-keeps-less',
      severity: 'high',
      why: `${listed(lost)}: by these names, ${manifest.kind} keeps less than before, or keeps it on disks of pods`,
      lost: 'what is kept there now',
      instead: 'copy it first; read what the operator does about this field',
    },
  ];
}

function* differences(
  was: Json | undefined,
  will: Json | undefined,
  kept: RegExp,
  path: readonly string[],
): Generator<string> {
  if (!isObject(was)) return;
  for (const [key, before] of Object.entries(was)) {
    const after = at(will, key);
    const here = [...path, key];
    const name = here.join('.');
    if (DISKS.test(key) && after === undefined) yield `${name} goes`;
    else if (kept.test(key) && isLess(before, after)) yield `${name} is shorter`;
    else if (here.some((part) => DISKS.test(part)) && isLess(before, after))
      yield `${name} shrinks`;
    else yield* differences(before, after, kept, here);
  }
}

function isLess(before: Json | undefined, after: Json | undefined): boolean {
  const [had, has] = [sizeOf(before), sizeOf(after)];
  return had !== undefined && has !== undefined && has < had;
}

const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** A duration in seconds, or an amount. `10m` is a duration here: nobody keeps ten thousandths. */
function sizeOf(value: Json | undefined): number | undefined {
  if (typeof value === 'string' && /^(\d+[smhdwy])+$/.test(value)) {
    return [...value.matchAll(/(\d+)([smhdwy])/g)].reduce(
      (total, [, number, unit]) => total + Number(number) * (SECONDS[unit ?? 's'] ?? 1),
      0,
    );
  }
  return amountOf(value);
}

/** A Secret that only this object keeps in the cluster, and that pods read. */
export function secretOf(change: Change, { after }: Context): Risk[] {
  const { manifest, group } = subjectOf(change);
  const { kind, metadata } = manifest;
  const keeps = /^(external-secrets\.io|bitnami\.com|isindir\.github\.com)$/.test(group);
  if (!keeps || textAt(manifest, 'spec', 'target', 'deletionPolicy') === 'Merge') return [];
  if (/^(Orphan|Merge|None)$/.test(textAt(manifest, 'spec', 'target', 'creationPolicy') ?? ''))
    return [];
  const name = textAt(manifest, 'spec', 'target', 'name') ?? metadata.name;
  const id = objectId(metadata.namespace, '', 'Secret', name);
  const users = after.podsUsing(id);
  if (users.length === 0 || after.get(id) !== undefined) return [];
  return [
    {
      rule: 'secret-goes-with-it',
      severity: 'high',
      why: `the Secret '${name}' belongs to ${kind} '${metadata.name}' and is deleted with it; ${listed(users.map(({ object }) => called(object)))} still names it`,
      lost: 'these pods, at their next start',
      instead: 'take it out of the pods first, or make the Secret in another way',
    },
  ];
}
