import { at, isList, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, called, goes, listed, spelled } from '../look';
import type { Risk, Rule } from '../risk';

/** Custom resource definitions: deleting one deletes every object of its kind, changing one may prune or orphan them. */
export const definitions: Rule = (change, context) => {
  if (manifestOf(change).kind !== 'CustomResourceDefinition') return [];
  if (goes(change)) return [gone(change, context)];
  return change.operation === 'update' ? [...versionsLost(change), ...schemaNarrowed(change)] : [];
};

function gone(change: Change, { before }: Context): Risk {
  const { manifest } = change.before ?? { manifest: manifestOf(change) };
  const kind = textAt(manifest, 'spec', 'names', 'kind') ?? '';
  const group = textAt(manifest, 'spec', 'group') ?? '';
  const objects = before.all(kind).filter((object) => object.group === group);
  return {
    rule: 'definition-deleted',
    severity: 'critical',
    why: `with its definition, every ${kind} of every namespace is deleted, and what its operator made of them; the plan knows of ${objects.length}`,
    lost: `${listed(objects.map(called))}, and those that users made`,
    instead: 'keep the definition: it costs nothing while nobody uses it',
  };
}

function versionsOf(manifest: Json | undefined): Map<string, JsonObject> {
  return new Map(
    objectsAt(manifest, 'spec', 'versions').map((version) => [
      textAt(version, 'name') ?? '',
      version,
    ]),
  );
}

function versionsLost(change: Change): Risk[] {
  const [was, will] = [versionsOf(change.before?.manifest), versionsOf(change.after?.manifest)];
  const lost = [...was.keys()].filter(
    (name) => at(was.get(name), 'served') !== false && at(will.get(name), 'served') !== true,
  );
  const storage = (versions: Map<string, JsonObject>): string | undefined =>
    [...versions].find(([, version]) => version['storage'] === true)?.[0];
  const risks: Risk[] = [];
  if (lost.length > 0) {
    risks.push({
      rule: 'definition-version-removed',
      severity: 'high',
      why: `version ${lost.join(', ')} is no longer served; the API server refuses to drop a version that objects are stored in`,
      lost: 'every client and operator that still asks for that version',
      instead:
        'serve both until every object was rewritten (kube-storage-version-migrator) and every client moved',
    });
  }
  if (storage(was) !== storage(will) && lost.length === 0) {
    risks.push({
      rule: 'definition-storage-version',
      severity: 'medium',
      why: `objects are stored as ${storage(will) ?? 'nothing'} from now on; going back may lose fields that the old version lacks`,
      lost: 'the simple way back',
      instead: 'back up the objects of this kind first',
    });
  }
  const [conversion, converts] = beforeAndAfter(change, 'spec', 'conversion', 'strategy');
  if (conversion === 'Webhook' && converts !== 'Webhook') {
    risks.push({
      rule: 'definition-conversion-removed',
      severity: 'high',
      why: 'objects stored in another version are no longer converted, only relabelled',
      lost: 'the fields that differ between the versions',
      instead: 'keep the conversion webhook while more than one version was ever stored',
    });
  }
  return risks;
}

function schemaNarrowed(change: Change): Risk[] {
  const was = versionsOf(change.before?.manifest);
  const pruned: string[] = [];
  const demanded: string[] = [];
  for (const [name, version] of versionsOf(change.after?.manifest)) {
    const path = ['schema', 'openAPIV3Schema'] as const;
    compare(at(was.get(name), ...path), at(version, ...path), name, { pruned, demanded });
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
  if (demanded.length > 0) {
    risks.push({
      rule: 'definition-stricter',
      severity: 'medium',
      why: `objects now need ${listed(demanded)}; those without can no longer be changed, not even by their operator`,
      lost: 'nothing at once',
      instead: 'give the new fields a default',
    });
  }
  return risks;
}

interface Narrowed {
  readonly pruned: string[];
  readonly demanded: string[];
}

function compare(was: Json | undefined, will: Json | undefined, path: string, out: Narrowed): void {
  if (!isObject(was) || !isObject(will)) return;
  const open = will['x-kubernetes-preserve-unknown-fields'] === true;
  if (was['x-kubernetes-preserve-unknown-fields'] === true && !open) out.pruned.push(`${path}.*`);
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
