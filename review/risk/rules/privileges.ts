import { CONSENT } from '../../../constructs/kit/leave';
import { textAt } from '../../../plan/json';
import type { Context } from '../context';
import { manifestOf, type Change } from '../../change';
import { beforeAndAfter, called, goes, listed } from '../look';
import type { Risk, Rule } from '../risk';
import type { Workload, World } from '../world';
import { OWN_KERNEL, privilegesOf } from './pod-privileges';
import { podsOf } from './pods';

/** Pods and security context constraints that come closer to the node. */
export const privileges: Rule = (change, context) => {
  if (change.operation !== 'update' && change.operation !== 'create') return [];
  const [was, will] = podsOf(change, context);
  return will === undefined ? [] : podPrivileges(change, was, will, context);
};

function podPrivileges(
  change: Change,
  was: Workload | undefined,
  will: Workload,
  { before: past }: Context,
): Risk[] {
  const before = was === undefined ? new Set<string>() : privilegesOf(was.pod);
  const gained = [...privilegesOf(will.pod)].filter(
    (privilege) => !before.has(privilege) && !(was === undefined && privilege === OWN_KERNEL),
  );
  const node = gained.filter((privilege) => !privilege.startsWith('('));
  const soft = gained.filter((privilege) => privilege.startsWith('('));
  const risks: Risk[] = [];
  if (node.length > 0) {
    risks.push({
      rule: 'privileges-gained',
      // Where nothing ran so far, nobody loses a wall; somebody agreed to what has a consent.
      severity: change.operation === 'create' && isExpected(change, past) ? 'medium' : 'high',
      why: `the pods get ${node.join(', ')}: whoever takes over one of them may take over its node`,
      lost: 'the wall between the pods and the node',
      instead: 'give only the one container what it needs, in a namespace of its own',
    });
  }
  if (soft.length > 0 && was !== undefined) {
    risks.push({
      rule: 'hardening-dropped',
      severity: soft.length > 2 ? 'high' : 'medium',
      why: `the pods get ${soft.map((text) => text.slice(1, -1)).join(', ')}`,
      lost: 'one of the layers that limit what an intruder can do',
      instead: 'keep it, and give the program an emptyDir where it writes',
    });
  }
  return risks;
}

/** Whether a new object that reaches the node comes with an environment that is new itself, or with a consent. */
function isExpected({ after }: Change, past: World): boolean {
  return (
    past.side.size === 0 ||
    textAt(after?.manifest, 'metadata', 'annotations', CONSENT) !== undefined
  );
}

/** ServiceAccounts that pods still name. */
export const accounts: Rule = (change, context) => {
  if (manifestOf(change).kind !== 'ServiceAccount') return [];
  if (!goes(change)) return tokens(change);
  const users = context.after.podsUsing(change.id).map(({ object }) => called(object));
  return [
    {
      rule: 'account-deleted',
      severity: users.length > 0 ? 'high' : 'low',
      why: `every token of the ServiceAccount is void at once; pods that use it: ${listed(users)}`,
      lost:
        users.length > 0
          ? 'their access, and new pods are not created'
          : 'nothing that the plan knows of',
      instead: users.length > 0 ? 'give the pods another account first' : 'nothing',
    },
  ];
};

function tokens(change: Change): Risk[] {
  const [was, will] = beforeAndAfter(change, 'automountServiceAccountToken');
  if (change.operation !== 'update' || was !== false || will === false) return [];
  return [
    {
      rule: 'token-mounted',
      severity: 'medium',
      why: 'every pod of the account gets a token to the API',
      lost: 'nothing but what the token may do',
      instead: 'set it in the pods that use the API',
    },
  ];
}
