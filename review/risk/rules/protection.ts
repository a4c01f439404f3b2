import { isList, textAt } from '../../../plan/json';
import { mayHoldData } from '../../../plan/lifecycle';
import type { Change } from '../../change';
import { beforeAndAfter } from '../look';
import type { Risk, Rule } from '../risk';
import { LIFECYCLE } from '../../sources/between';

/** What holds for every kind: protections that are lifted, refusals, finalizers, objects that stay behind. */
export const protection: Rule = (change) => [
  ...refused(change),
  ...unprotected(change),
  ...stopped(change),
  ...finalizers(change),
  ...left(change),
  ...owned(change),
];

function refused({ refusal }: Change): Risk[] {
  if (refusal === undefined) return [];
  return [
    {
      rule: 'refused',
      severity: 'high',
      why: `the API server refuses the change: ${refusal}`,
      lost: 'the rest of the deployment, which stops there',
      instead: 'correct it before anything is deployed',
    },
  ];
}

function unprotected({ fields, operation }: Change): Risk[] {
  const lifted = fields.filter(({ path, after }) => path[0] === LIFECYCLE && after === false);
  if (lifted.length === 0 || operation === 'delete') return [];
  return [
    {
      rule: 'protection-lifted',
      severity: 'high',
      why: lifted
        .map(({ path }) =>
          path[1] === 'protect'
            ? 'its deletion is no longer refused'
            : 'it is deleted when it leaves the plan',
        )
        .join(', and '),
      lost: 'nothing yet; the next change can delete it',
      instead:
        "keep data: 'keep' in the environment, and lift protection only for the one object that is to go",
    },
  ];
}

/** A protected object that is to go: the engine refuses, and the deployment stops half-way. */
function stopped({ before, operation, id }: Change): Risk[] {
  if (before?.lifecycle.protect !== true || (operation !== 'delete' && operation !== 'replace'))
    return [];
  return [
    {
      rule: 'protected',
      severity: 'high',
      why: `'${id}' is protected, so the deployment stops before it ${operation === 'replace' ? 'replaces' : 'deletes'} it`,
      lost: 'the rest of the deployment',
      instead: 'keep the object; to let it go, deploy once with the protection lifted',
    },
  ];
}

function finalizers(change: Change): Risk[] {
  if (change.operation !== 'update') return [];
  const [was, will] = beforeAndAfter(change, 'metadata', 'finalizers');
  const lost = (isList(was) ? was : []).filter((name) => !isList(will) || !will.includes(name));
  if (lost.length === 0) return [];
  return [
    {
      rule: 'finalizer-removed',
      severity: 'high',
      why: `nobody waits for ${lost.map(String).join(', ')} any more when the object is deleted`,
      lost: 'the clean-up or the protection that it stands for',
      instead: 'leave finalizers to the controllers that set them',
    },
  ];
}

function left({ operation, id }: Change): Risk[] {
  if (operation !== 'retain') return [];
  return [
    {
      rule: 'left-behind',
      severity: mayHoldData(id) ? 'medium' : 'low',
      why: 'it leaves the plan and stays in the cluster: nobody manages it from now on',
      lost: 'nothing',
      instead: 'if it is not needed, delete it by hand after a look',
    },
  ];
}

/** With an owner, an object goes when the owner does, and at once if there is none of that name and UID. */
function owned(change: Change): Risk[] {
  if (change.operation !== 'update') return [];
  const [was, will] = beforeAndAfter(change, 'metadata', 'ownerReferences').map((owners) =>
    isList(owners) ? owners.map((owner) => textAt(owner, 'name') ?? '') : [],
  );
  const fresh = (will ?? []).filter((owner) => was?.includes(owner) !== true);
  if (fresh.length === 0) return [];
  return [
    {
      rule: 'owner-added',
      severity: mayHoldData(change.id) ? 'critical' : 'high',
      why: `the object now belongs to '${fresh.join("', '")}': it is deleted with it, and at once where no object has that UID`,
      lost: mayHoldData(change.id) ? 'the object and the data in it' : 'the object',
      instead: 'leave owners to the controllers that set them: UIDs differ in every cluster',
    },
  ];
}
