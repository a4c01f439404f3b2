import { defaultUses } from '../../constructs/targets/sccs/bindings';
import { defaultSccs } from '../../constructs/targets/sccs/defaults';
import type { Scc } from '../../constructs/targets/sccs/scc';
import type { Target } from '../../constructs/targets';
import { isManifest } from '../../plan/json';
import { answerOf, type Answer } from './answer';
import { psaAnswer } from './psa/answer';
import type { Pod } from './pod';
import { parseQuestion, type Question } from './question';
import { isGranted, useGrants } from './rbac';
import { admitBySccs } from './scc/admit';
import { behaviourOf } from './scc/behaviour';
import { withDefaults } from './scc/given';
import type { Operation } from './scc/ignored';
import { accountGroups, accountName, type Subject } from './scc/subjects';

/** Answers one what-if question. Throws an Error saying what is wrong with the question. */
export function ask(value: unknown): Answer {
  const { question, target, onlyGiven } = parseQuestion(value);
  const kind = question.kind ?? (target.has('scc') ? 'scc' : 'psa');
  if (kind === 'psa') return psaAnswer(question, target);
  if (!target.has('scc')) {
    throw new Error(`'kind': '${target.name}' has no SecurityContextConstraints; ask for 'psa'`);
  }
  const { operation, subresource, pod } = question;
  const goesIn = operation === 'connect' && /^(exec|attach)$/.test(subresource);
  if (operation === 'delete' || (operation === 'connect' && !goesIn)) {
    const why = `SCC admission does not look at '${operation}'${subresource === '' ? '' : ` of '${subresource}'`}`;
    return answerOf({ kind: 'ignored', pod, why });
  }
  const minor = target.okdMinor;
  const behaviour = behaviourOf(minor);
  const given = (question.sccs ?? []).map((scc) => withDefaults(scc, behaviour));
  const answer = answerOf(
    admitBySccs({
      pod: question.pod,
      operation: operationOf(question),
      subjects: subjectsOf(question, target, onlyGiven),
      namespace: { name: namespaceOf(question), annotations: question.namespace.annotations },
      sccs: onlyGiven ? given : merged(defaultSccs(minor), given),
      behaviour,
    }),
  );
  return goesIn ? entered(answer, pod, subresource) : answer;
}

/**
 * Whether somebody may go into a pod that runs: whoever could create it as it is. The pod stays as it is. Source: `sccadmission/scc_exec.go` of
 * openshift/apiserver-library-go.
 */
function entered(answer: Answer, pod: Pod, subresource: string): Answer {
  if (answer.admitted) return { ...answer, pod };
  const why = `${subresource} operation is not allowed because the pod's security context exceeds your permissions: ${answer.why}`;
  return { ...answer, why };
}

/** SCCs of a cluster with those of the site, which replace their namesakes. */
export function merged(defaults: readonly Scc[], own: readonly Scc[]): Scc[] {
  const names = new Set(own.map(({ name }) => name));
  return [...defaults.filter(({ name }) => !names.has(name)), ...own];
}

/** What a question is about. */
export function operationOf({ operation, oldPod, subresource }: Question): Operation {
  return operation === 'update' && oldPod !== undefined
    ? { kind: 'update', oldPod, subresource }
    : { kind: 'create', subresource: operation === 'create' ? subresource : '' };
}

function namespaceOf({ namespace, pod }: Question): string {
  return namespace.name ?? pod.metadata.namespace ?? 'default';
}

function subjectsOf(question: Question, target: Target, onlyGiven: boolean): Subject[] {
  const { may, groups, pod } = question;
  const namespace = namespaceOf(question);
  const grants = useGrants(question.rbac.filter(isManifest), target.okdMinor);
  const uses = onlyGiven ? [] : defaultUses(target.okdMinor, question.upgraded);
  const subject = (
    kind: Subject['kind'],
    name: string,
    member: readonly string[],
    listed: readonly string[],
  ): Subject => ({
    kind,
    name,
    groups: member,
    mayUse: (scc) =>
      listed.includes('*') ||
      listed.includes(scc) ||
      uses.some((use) => member.includes(use.group) && (use.scc === '*' || use.scc === scc)) ||
      isGranted(grants, { name, groups: member }, namespace, scc),
  });
  const account = question.serviceAccount ?? pod.spec.serviceAccountName ?? 'default';
  const user = question.user ?? '';
  const member =
    user === 'system:anonymous' ? groups : [...new Set([...groups, 'system:authenticated'])];
  return [
    ...(account === ''
      ? []
      : [
          subject(
            'serviceaccount',
            accountName(namespace, account),
            accountGroups(namespace),
            may.serviceAccount,
          ),
        ]),
    subject('user', user, member, may.user),
  ];
}
