import { clusterRoleOf } from '../../../constructs/targets/sccs/bindings';
import type { Plan } from '../../../plan/model';
import { objectsOf } from '../../../plan/model';
import { findingAbout, type CheckFinding } from '../../check/finding';
import type { UseGrant } from '../rbac';
import type { SccOpinion } from '../scc/admit';
import { behaviourOf } from '../scc/behaviour';
import { pointsOf } from '../scc/rank';
import { reasonText } from '../scc/reason';
import { accountName } from '../scc/subjects';
import type { PlannedCluster, PodAdmission } from './admission';

/** What is to be said about the admission of a plan's pods. */
export function findingsAbout(
  plan: Plan,
  pods: readonly PodAdmission[],
  cluster: PlannedCluster,
): CheckFinding[] {
  return [
    ...pods.flatMap((pod) => refused(pod, plan)),
    ...pods.flatMap(violating),
    ...unknownSccs(plan, cluster),
    ...unneeded(plan, pods, cluster),
  ];
}

function refused(pod: PodAdmission, plan: Plan): CheckFinding[] {
  const { verdict, object } = pod;
  if (verdict?.kind !== 'refused') return [];
  return [
    findingAbout(object, {
      rule: 'admission/refused',
      severity: 'error',
      reason: `SCC admission of '${plan.target.name}' would refuse its pods: ${verdict.why}${closest(verdict.opinions)}.`,
      fix: remedy(pod, verdict.opinions, plan),
    }),
  ];
}

/** What the usable SCC that comes closest has against the pod. */
function closest(opinions: readonly SccOpinion[]): string {
  const [best] = opinions
    .filter(({ usableBy }) => usableBy !== undefined)
    .sort((a, b) => a.reasons.length - b.reasons.length);
  return best === undefined
    ? ''
    : `; '${best.scc.name}' says ${best.reasons.map(reasonText).join('; ')}`;
}

/** The smallest grant that would admit a pod: the strictest of the SCCs that take it. */
function remedy(pod: PodAdmission, opinions: readonly SccOpinion[], plan: Plan): string {
  const behaviour = behaviourOf(plan.target.okdMinor);
  const [smallest] = opinions
    .filter(({ reasons }) => reasons.length === 0)
    .map(({ scc }) => scc)
    .sort((a, b) => pointsOf(a, behaviour) - pointsOf(b, behaviour));
  if (smallest === undefined) {
    return 'Ask for less in its securityContext and volumes: no SCC of the cluster would take it, and one of its own is the only other way.';
  }
  const role = clusterRoleOf(smallest.name, plan.target.okdMinor);
  const to =
    role === undefined
      ? `a Role with the verb 'use' on securitycontextconstraints '${smallest.name}'`
      : `ClusterRole '${role}'`;
  return `Ask for less, or bind ServiceAccount '${pod.account}' in namespace '${pod.namespace}' to ${to}: the smallest grant that admits it (grantScc).`;
}

function violating({ object, namespace, enforced, level }: PodAdmission): CheckFinding[] {
  if (enforced.violations.length === 0) return [];
  const words = enforced.violations.map(({ check, detail }) => `${check} (${detail})`).join(', ');
  return [
    findingAbout(object, {
      rule: 'admission/pod-security',
      severity: 'error',
      reason: `Namespace '${namespace}' enforces ${enforced.policy}, which its pods violate: ${words}.`,
      fix: `Change the pods, or let the namespace enforce ${level}, the strictest level that takes them.`,
    }),
  ];
}

function unknownSccs(plan: Plan, { sccs, grants }: PlannedCluster): CheckFinding[] {
  if (!plan.target.has('scc')) return [];
  const known = new Set(['*', ...sccs.map(({ name }) => name)]);
  return grants.flatMap((grant) =>
    grant.sccs
      .filter((name) => !known.has(name))
      .flatMap((name) =>
        about(plan, grant, {
          rule: 'admission/unknown-scc',
          severity: 'error',
          reason: `It grants the use of SCC '${name}', which neither '${plan.target.name}' nor this environment has.`,
          fix: `Name one of ${sccs.map((scc) => scc.name).join(', ')}, or add the SCC.`,
        }),
      ),
  );
}

/** Grants to accounts whose pods all do without. Accounts without pods in the plan are left alone: programs may make theirs later. */
function unneeded(
  plan: Plan,
  pods: readonly PodAdmission[],
  { grants }: PlannedCluster,
): CheckFinding[] {
  return grants.flatMap((grant) => {
    const theirs = pods.filter(
      ({ namespace, account }) =>
        grant.users.includes(accountName(namespace, account)) &&
        (grant.namespace === undefined || grant.namespace === namespace),
    );
    const used = theirs.some(
      ({ verdict }) =>
        verdict?.kind !== 'admitted' ||
        (verdict.subject === 'serviceaccount' &&
          (grant.sccs.includes('*') || grant.sccs.includes(verdict.scc))),
    );
    if (theirs.length === 0 || used || !grant.known) return [];
    const accounts = theirs.map(({ account }) => account).join(', ');
    return about(plan, grant, {
      rule: 'admission/unneeded-grant',
      severity: 'warning',
      reason: `It lets ServiceAccount ${accounts} use SCC ${grant.sccs.join(', ')}, but all of its pods are admitted without.`,
      fix: 'Remove the grant, or say who needs it.',
    });
  });
}

function about(
  plan: Plan,
  grant: UseGrant,
  verdict: Parameters<typeof findingAbout>[1],
): CheckFinding[] {
  return objectsOf(plan)
    .filter(
      ({ manifest }) =>
        `${manifest.kind} ${manifest.metadata.name}` === grant.binding &&
        (grant.namespace === undefined || manifest.metadata.namespace === grant.namespace),
    )
    .map((object) => findingAbout(object, verdict));
}
