import { at, isList, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';
import type { Change } from '../../change';
import type { Context } from '../context';
import { listed, spelled } from '../look';
import type { Risk } from '../risk';
import { isTighter, unfitting, violating, type Tightened } from './schema-limits';

/** The versions of a definition by name. */
export function versionsOf(manifest: Json | undefined): Map<string, JsonObject> {
  return new Map(
    objectsAt(manifest, 'spec', 'versions').map((version) => [
      textAt(version, 'name') ?? '',
      version,
    ]),
  );
}

/** What a new schema of a definition no longer keeps, or no longer accepts. */
export function schemaNarrowed(change: Change, { after: world }: Context): Risk[] {
  const was = versionsOf(change.before?.manifest);
  const pruned: string[] = [];
  const demanded: string[] = [];
  const retyped: string[] = [];
  const tightened: Tightened[] = [];
  for (const [name, version] of versionsOf(change.after?.manifest)) {
    const path = ['schema', 'openAPIV3Schema'] as const;
    compare(at(was.get(name), ...path), at(version, ...path), name, {
      pruned,
      demanded,
      retyped,
      tightened,
    });
  }
  const risks: Risk[] = [];
  if (pruned.length > 0) {
    risks.push({
      rule: 'definition-fields-removed',
      severity: 'high',
      why: `the schema no longer knows ${listed(pruned)}: the API server drops such fields from every object at its next write`,
      lost: 'what these fields say',
      instead: 'keep the fields in the schema until no object has them',
    });
  }
  if (retyped.length > 0) {
    risks.push({
      rule: 'definition-retyped',
      severity: 'high',
      why: `${listed(retyped)} becomes another type: objects that have the old one can no longer be written, not even by their operator`,
      lost: 'every change of these objects',
      instead: 'add a field under a new name, and move the objects to it',
    });
  }
  const refused = violating(change, world, demanded);
  if (tightened.length > 0) {
    const unfit = unfitting(change, world, tightened);
    risks.push({
      rule: 'definition-stricter',
      severity: unfit.length > 0 ? 'high' : 'medium',
      why: `fewer values are accepted for ${listed(tightened.map(({ path }) => path))}; objects with others can no longer be changed, not even by their operator${unfit.length > 0 ? `: ${listed(unfit)}` : ''}`,
      lost: 'every change of those objects',
      instead: 'correct the objects first',
    });
  }
  if (demanded.length > 0) {
    risks.push({
      rule: 'definition-stricter',
      severity: refused.length > 0 ? 'high' : 'medium',
      why: `objects now need ${listed(demanded)}; those without can no longer be changed, not even by their operator${refused.length > 0 ? `: ${listed(refused)}` : ''}`,
      lost: 'nothing at once',
      instead: 'give the new fields a default',
    });
  }
  return risks;
}

interface Narrowed {
  readonly pruned: string[];
  readonly demanded: string[];
  readonly retyped: string[];
  readonly tightened: Tightened[];
}

function compare(was: Json | undefined, will: Json | undefined, path: string, out: Narrowed): void {
  if (!isObject(was) || !isObject(will)) return;
  const open = will['x-kubernetes-preserve-unknown-fields'] === true;
  if (was['x-kubernetes-preserve-unknown-fields'] === true && !open) out.pruned.push(`${path}.*`);
  const [type, now] = [was['type'], will['type']];
  if (
    type !== undefined &&
    now !== undefined &&
    type !== now &&
    !(type === 'integer' && now === 'number')
  )
    out.retyped.push(path);
  if (isTighter(was, will)) out.tightened.push({ path, schema: will });
  const [before, after] = [was['properties'], will['properties']];
  if (isObject(before)) {
    for (const [field, schema] of Object.entries(before)) {
      const now = at(after, field);
      if (now !== undefined) compare(schema, now, `${path}.${field}`, out);
      else if (!open && will['additionalProperties'] === undefined)
        out.pruned.push(`${path}.${field}`);
    }
  }
  const needed = ({ required }: JsonObject): readonly Json[] => (isList(required) ? required : []);
  const known = new Set(needed(was));
  for (const field of needed(will)) {
    if (!known.has(field) && at(after, spelled(field), 'default') === undefined)
      out.demanded.push(`${path}.${spelled(field)}`);
  }
  compare(was['items'], will['items'], `${path}[]`, out);
  compare(was['additionalProperties'], will['additionalProperties'], `${path}.*`, out);
}
