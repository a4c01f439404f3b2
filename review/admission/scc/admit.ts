import type { Scc } from '../../../constructs/targets/sccs/scc';
import { containersOf, type Pod } from '../pod';
import { inNamespace, missingAllocations, type Annotations } from './allocations';
import type { Behaviour } from './behaviour';
import { samePod, whyIgnored, type Operation } from './ignored';
import { ranked, whyBefore } from './rank';
import type { Reason } from './reason';
import { syncSeccomp } from './seccomp';
import { usableBy, type Subject } from './subjects';
import { tryScc, type Trial } from './try';

/** A question to SCC admission. */
export interface SccRequest {
  readonly pod: Pod;
  readonly operation: Operation;
  readonly subjects: readonly Subject[];
  readonly namespace: { readonly name: string; readonly annotations: Annotations };
  /** The SCCs of the cluster, with their defaults. */
  readonly sccs: readonly Scc[];
  readonly behaviour: Behaviour;
}

/** What one SCC has to say to the pod. */
export interface SccOpinion {
  readonly scc: Scc;
  /** Who may use it, if anybody. */
  readonly usableBy: Subject['kind'] | undefined;
  /** Why it does not take the pod; empty if it does. */
  readonly reasons: readonly Reason[];
  /** The pod as the SCC would make it. */
  readonly pod: Pod;
}

/** What SCC admission does with a pod. */
export type SccVerdict =
  | {
      readonly kind: 'admitted';
      readonly scc: string;
      readonly subject: Subject['kind'];
      readonly pod: Pod;
      readonly why: string;
      /** Every SCC in the order tried, the chosen one among them. */
      readonly opinions: readonly SccOpinion[];
    }
  | { readonly kind: 'ignored'; readonly pod: Pod; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string; readonly opinions: readonly SccOpinion[] };

export const REQUIRED_SCC = 'openshift.io/required-scc';
export const VALIDATED_SCC = 'openshift.io/scc';
export const VALIDATED_SUBJECT = 'security.openshift.io/validated-scc-subject-type';

const MUTATES: Reason = {
  field: '',
  message: 'it takes the pod only with changes, which an update may not make',
};

/** Decides a pod as the admission plugin of OKD does. Source: `sccadmission/admission.go` of openshift/apiserver-library-go. */
export function admitBySccs(request: SccRequest): SccVerdict {
  const { pod, operation, behaviour } = request;
  const ignored = whyIgnored(pod, operation, behaviour);
  if (ignored !== undefined) return { kind: 'ignored', pod, why: ignored };
  const before = problemBefore(request);
  if (before !== undefined) return { kind: 'refused', why: before, opinions: [] };
  const sccs = candidates(request);
  if (typeof sccs === 'string') return { kind: 'refused', why: sccs, opinions: [] };

  const opinions = sccs.map((scc) => opinionOf(scc, pod, operation, request));
  const taking = opinions.filter(
    ({ usableBy: by, reasons }) => by !== undefined && reasons.length === 0,
  );
  const [chosen, next] = taking;
  if (chosen?.usableBy === undefined)
    return { kind: 'refused', why: whyRefused(opinions), opinions };
  const admitted = stored(chosen, chosen.usableBy, behaviour);
  const late = lateReasons(admitted, request);
  if (late !== undefined) return { kind: 'refused', why: late, opinions };
  const why =
    next === undefined
      ? `'${chosen.scc.name}' is the only one that may be used and takes the pod`
      : `'${chosen.scc.name}' ${whyBefore(chosen.scc, next.scc, behaviour)}; next is '${next.scc.name}'`;
  return {
    ...{ kind: 'admitted', scc: chosen.scc.name, subject: chosen.usableBy },
    ...{ pod: admitted, why, opinions },
  };
}

function problemBefore({ pod, operation, namespace, behaviour }: SccRequest): string | undefined {
  const { annotations = {} } = pod.metadata;
  if (behaviour.requiredScc && operation.kind === 'update') {
    const old = operation.oldPod.metadata.annotations?.[REQUIRED_SCC] ?? '';
    if (old !== (annotations[REQUIRED_SCC] ?? '')) {
      return `an update may not change the annotation ${REQUIRED_SCC}`;
    }
  }
  const [missing] = missingAllocations(namespace.annotations);
  return behaviour.needsAllocations && missing !== undefined
    ? `namespace '${namespace.name}': unable to find annotation ${missing}`
    : undefined;
}

/** The SCCs to try, as they are in the namespace, in order; or why there are none. */
function candidates({ pod, sccs, namespace, behaviour }: SccRequest): Scc[] | string {
  const name = behaviour.requiredScc ? (pod.metadata.annotations?.[REQUIRED_SCC] ?? '') : '';
  const wanted = name === '' ? sccs : sccs.filter((scc) => scc.name === name);
  if (name !== '' && wanted.length === 0) {
    return `failed to retrieve the required SCC "${name}": there is none of that name; there are ${namesOf(sccs)}`;
  }
  if (wanted.length === 0) return 'no SecurityContextConstraints found in cluster';
  const problems: string[] = [];
  const usable = ranked(wanted, behaviour).flatMap((scc) => {
    try {
      return [inNamespace(scc, namespace.annotations)];
    } catch (error) {
      problems.push(`SCC '${scc.name}' in namespace '${namespace.name}': ${messageOf(error)}`);
      return [];
    }
  });
  return problems.length > 0 && (behaviour.needsAllocations || usable.length === 0)
    ? problems.join('; ')
    : usable;
}

function opinionOf(
  scc: Scc,
  pod: Pod,
  operation: Operation,
  { subjects, behaviour }: SccRequest,
): SccOpinion {
  const trial = tryScc(pod, scc, behaviour);
  const mutates =
    trial.reasons.length === 0 && operation.kind === 'update' && !fits(pod, trial, operation);
  return {
    scc,
    usableBy: usableBy(scc, subjects),
    reasons: mutates ? [MUTATES] : trial.reasons,
    pod: trial.pod,
  };
}

/** An update may be filled in nowhere but in the ephemeral containers that it adds. */
function fits(pod: Pod, trial: Trial, operation: Operation & { readonly kind: 'update' }): boolean {
  if (operation.subresource !== 'ephemeralcontainers') return samePod(pod, trial.pod);
  const { ephemeralContainers } = pod.spec;
  const spec = { ...trial.pod.spec, ephemeralContainers };
  return samePod(pod, { ...trial.pod, spec });
}

function stored(chosen: SccOpinion, subject: Subject['kind'], behaviour: Behaviour): Pod {
  const pod = structuredClone(chosen.pod);
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [VALIDATED_SCC]: chosen.scc.name,
    ...(behaviour.notesSubject ? { [VALIDATED_SUBJECT]: subject } : {}),
  };
  if (behaviour.syncsSeccomp) {
    syncSeccomp(
      pod,
      containersOf(pod.spec).map(({ container }) => container),
    );
  }
  return pod;
}

/** The plugin looks a second time, at the pod as it would be stored. What the API server did to it in between can make it unfit. */
function lateReasons(admitted: Pod, request: SccRequest): string | undefined {
  const sccs = candidates(request);
  if (typeof sccs === 'string') return sccs;
  const { behaviour, subjects } = request;
  const unchanged = sccs
    .filter((scc) => usableBy(scc, subjects) !== undefined)
    .map((scc) => ({ scc, ...tryScc(admitted, scc, behaviour) }));
  if (unchanged.some(({ pod, reasons }) => reasons.length === 0 && samePod(pod, admitted))) {
    return undefined;
  }
  const name = admitted.metadata.annotations?.[VALIDATED_SCC];
  const chosen = unchanged.find(({ scc }) => scc.name === name);
  const words = (chosen?.reasons ?? []).map(({ field, message }) => `${field}: ${message}`);
  return `'${name ?? ''}' takes the pod, but not any more once the API server has stored it: ${words.join('; ')}`;
}

function whyRefused(opinions: readonly SccOpinion[]): string {
  const usable = opinions.filter(({ usableBy: by }) => by !== undefined);
  if (usable.length === 0) return 'neither the user nor the ServiceAccount may use any SCC';
  const taking = opinions.filter(({ reasons }) => reasons.length === 0);
  const hint =
    taking.length === 0
      ? 'no SCC of the cluster would'
      : `${namesOf(taking.map(({ scc }) => scc))} would, but may not be used`;
  return `no SCC that may be used (${namesOf(usable.map(({ scc }) => scc))}) takes the pod; ${hint}`;
}

function namesOf(sccs: readonly Scc[]): string {
  return sccs.map(({ name }) => name).join(', ');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
