import type { Target } from '../../../constructs/targets';
import type { Answer } from '../answer';
import { idsOf } from '../answer';
import type { Question } from '../question';
import { strictestFor, violations, type Violation } from './evaluate';
import { policiesOf, policyText, type PsaDefaults, type PsaLevel, type PsaPolicies } from './level';
import { isLookedAt } from './update';

/** What Pod Security says to a pod. */
export interface PsaAnswer extends Answer {
  /** The strictest level that takes the pod. */
  readonly level: PsaLevel;
  readonly enforce: PsaMode;
  readonly audit: PsaMode;
  readonly warn: PsaMode;
  /** What is wrong with the namespace's labels. */
  readonly labelProblems: readonly string[];
}

/** One of the three ways in which a namespace asks. */
export interface PsaMode {
  /** `restricted:v1.34`. */
  readonly policy: string;
  readonly violations: readonly Violation[];
}

/**
 * What a namespace without labels asks: nothing on Kubernetes; OKD since 4.11 audits and warns at restricted. Source:
 * openshift/cluster-kube-apiserver-operator, `bindata/assets/config/defaultconfig.yaml`, PodSecurity.
 */
export function psaDefaultsOf(target: Target): PsaDefaults {
  const said = target.flavour === 'okd' ? 'restricted' : 'privileged';
  return { enforce: 'privileged', audit: said, warn: said };
}

/** Answers a question about Pod Security. */
export function psaAnswer(question: Question, target: Target): PsaAnswer {
  if (!target.has('psa')) {
    throw new Error(`'kind': '${target.name}' has no Pod Security admission`);
  }
  const { pod, oldPod, subresource } = question;
  const policies = policiesOf(question.namespace.labels, psaDefaultsOf(target));
  const ignored = oldPod !== undefined && !isLookedAt(pod, oldPod, subresource);
  const mode = (name: 'enforce' | 'audit' | 'warn'): PsaMode => ({
    policy: policyText(policies[name]),
    violations: ignored ? [] : violations(pod, policies[name], target.kubernetesMinor),
  });
  const enforce = mode('enforce');
  const admitted = enforce.violations.length === 0;
  return {
    ...{ kind: 'psa', admitted, why: whyOf(ignored, enforce), scc: null, subject: null },
    pod: admitted ? pod : null,
    ...(admitted ? idsOf(pod) : {}),
    ...{ wouldTake: [], wouldNot: [] },
    level: strictestFor(pod, target.kubernetesMinor),
    ...{ enforce, audit: mode('audit'), warn: mode('warn') },
    labelProblems: labelProblems(policies),
  };
}

function whyOf(ignored: boolean, { policy, violations: found }: PsaMode): string {
  if (ignored)
    return 'Pod Security does not look at updates that change no image and add no container';
  return found.length === 0
    ? `it keeps every rule of ${policy}`
    : `violates PodSecurity "${policy}": ${found.map(({ check, detail }) => `${check} (${detail})`).join(', ')}`;
}

function labelProblems({ problems }: PsaPolicies): readonly string[] {
  return problems;
}
