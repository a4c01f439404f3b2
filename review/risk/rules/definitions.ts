import { at, textAt } from '../../../plan/json';
import type { JsonObject } from '../../../plan/model';
import { objectId } from '../../../plan/object-id';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, called, goes, listed } from '../look';
import type { Risk, Rule } from '../risk';
import { schemaNarrowed, versionsOf } from './schemas';

/** Custom resource definitions: deleting one deletes every object of its kind, changing one may prune or orphan them. */
export const definitions: Rule = (change, context) => {
  if (manifestOf(change).kind !== 'CustomResourceDefinition') return [];
  if (goes(change)) return [gone(change, context)];
  return change.operation === 'update'
    ? [...versionsLost(change), ...schemaNarrowed(change, context), ...converted(change, context)]
    : [];
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

/** Conversion by a webhook: while it does not answer, no object of the kind can even be read in another version. */
function converted(change: Change, { after }: Context): Risk[] {
  const [was, will] = beforeAndAfter(change, 'spec', 'conversion', 'strategy');
  if (was === 'Webhook' || will !== 'Webhook') return [];
  const service = ['spec', 'conversion', 'webhook', 'clientConfig', 'service'];
  const [name = '', namespace = ''] = ['name', 'namespace'].map((field) =>
    textAt(change.after?.manifest, ...service, field),
  );
  const there = after.get(objectId(namespace, '', 'Service', name)) !== undefined;
  return [
    {
      rule: 'definition-converted-by-webhook',
      severity: there ? 'medium' : 'high',
      why: `objects are converted by Service '${name}' in '${namespace}'${there ? '' : ', which the plan does not have'}: while it does not answer, those of other versions can be neither read nor written`,
      lost: 'access to the objects meanwhile, and garbage collection of the whole cluster',
      instead: 'deploy the webhook first, and see it answer',
    },
  ];
}
