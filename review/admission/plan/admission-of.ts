import { defaultSccs } from '../../../constructs/targets/sccs/defaults';
import { defaultUses } from '../../../constructs/targets/sccs/bindings';
import { objectsOf, type Plan } from '../../../plan/model';
import { at } from '../../../plan/json';
import { textsOf } from '../../check/pods';
import type { CheckFinding } from '../../check/finding';
import { merged } from '../ask';
import { psaDefaultsOf } from '../psa/answer';
import { strictestFor, violations } from '../psa/evaluate';
import { policiesOf, policyText } from '../psa/level';
import type { Pod } from '../pod';
import { isGranted, useGrants } from '../rbac';
import { admitBySccs, type SccVerdict } from '../scc/admit';
import { MCS, UID_RANGE } from '../scc/allocations';
import { behaviourOf } from '../scc/behaviour';
import { sccSchema, withDefaults } from '../scc/given';
import { accountGroups, accountName, type Subject } from '../scc/subjects';
import type { PlannedCluster, PodAdmission } from './admission';
import { findingsAbout } from './findings';
import { podsOf, type PlannedPod } from './pods-of';

/** What a plan's pods will be admitted as, and what is to be said about it. */
export interface Admission {
  readonly pods: readonly PodAdmission[];
  readonly findings: readonly CheckFinding[];
}

/** What is not in a plan. */
export interface AdmissionOptions {
  /** The cluster began before OKD 4.11, so that everybody may still use restricted. */
  readonly upgraded: boolean;
}

/** What a namespace is allotted is known only once it is there. This stands for it: the first block of the first range. */
export const EXAMPLE_ALLOTMENT = {
  [UID_RANGE]: '1000000000/10000',
  [MCS]: 's0:c1,c0',
} as const;

/** Decides every pod of a plan for its real subjects, and finds what would be refused and what is granted for nothing. */
export function admissionOf(
  plan: Plan,
  options: AdmissionOptions = { upgraded: false },
): Admission {
  const cluster = clusterOf(plan, options);
  const pods = podsOf(plan).map((planned) => admissionFor(planned, plan, cluster));
  return { pods, findings: findingsAbout(plan, pods, cluster) };
}

function clusterOf(plan: Plan, { upgraded }: AdmissionOptions): PlannedCluster {
  const minor = plan.target.okdMinor;
  if (!plan.target.has('scc')) return { sccs: [], grants: [], uses: [] };
  const behaviour = behaviourOf(minor);
  const manifests = objectsOf(plan).map(({ manifest }) => manifest);
  const own = manifests
    .filter(({ kind }) => kind === 'SecurityContextConstraints')
    .map((manifest) => withDefaults(sccSchema.parse(manifest), behaviour));
  return {
    sccs: merged(defaultSccs(minor), own),
    grants: useGrants(manifests, minor),
    uses: defaultUses(minor, upgraded),
  };
}

function admissionFor(planned: PlannedPod, plan: Plan, cluster: PlannedCluster): PodAdmission {
  const { target } = plan;
  const namespace = namespaceOf(plan, planned.namespace);
  const verdict = target.has('scc')
    ? admitBySccs({
        pod: planned.pod,
        operation: { kind: 'create', subresource: '' },
        subjects: subjectsOf(planned, cluster),
        namespace: {
          name: planned.namespace,
          annotations: { ...EXAMPLE_ALLOTMENT, ...namespace.annotations },
        },
        sccs: cluster.sccs,
        behaviour: behaviourOf(target.okdMinor),
      })
    : undefined;
  const pod = podAfter(verdict) ?? planned.pod;
  const { enforce } = policiesOf(namespace.labels, psaDefaultsOf(target));
  const found = target.has('psa') ? violations(pod, enforce, target.kubernetesMinor) : [];
  return {
    ...planned,
    verdict,
    level: strictestFor(pod, target.kubernetesMinor),
    enforced: { policy: policyText(enforce), violations: found },
  };
}

/** The pod that a verdict lets through. */
export function podAfter(verdict: SccVerdict | undefined): Pod | undefined {
  return verdict === undefined || verdict.kind === 'refused' ? undefined : verdict.pod;
}

function namespaceOf(
  plan: Plan,
  name: string,
): { readonly annotations: Record<string, string>; readonly labels: Record<string, string> } {
  const found = objectsOf(plan).find(
    ({ manifest }) => manifest.kind === 'Namespace' && manifest.metadata.name === name,
  );
  return {
    annotations: textsOf(at(found?.manifest, 'metadata', 'annotations')),
    labels: textsOf(at(found?.manifest, 'metadata', 'labels')),
  };
}

/** The two whose rights count for a pod: its account, and the controller that creates it. */
export function subjectsOf(
  { namespace, account, creator }: PlannedPod,
  { grants, uses }: PlannedCluster,
): Subject[] {
  const subject = (kind: Subject['kind'], name: string, groups: readonly string[]): Subject => ({
    kind,
    name,
    groups,
    mayUse: (scc) =>
      uses.some((use) => groups.includes(use.group) && (use.scc === '*' || use.scc === scc)) ||
      isGranted(grants, { name, groups }, namespace, scc),
  });
  return [
    subject('serviceaccount', accountName(namespace, account), accountGroups(namespace)),
    subject('user', creator, ['system:authenticated']),
  ];
}
