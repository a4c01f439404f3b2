import type { Container, PodSpec } from 'kubernetes-types/core/v1';
import type { ObjectMeta } from 'kubernetes-types/meta/v1';
import type { PolicyRule } from 'kubernetes-types/rbac/v1';

import type { Exception, HouseRule } from '../../constructs/kit/exceptions';

interface Template {
  readonly template?: { readonly spec?: PodSpec };
}

/** An object as far as the rules look into it. */
export interface Judged {
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: Template & { readonly jobTemplate?: { readonly spec?: Template } };
  readonly rules?: readonly PolicyRule[];
}

/** Every place where an object departs from the house rules of `design.md`, but for the exceptions it records. */
export function houseRuleProblems(object: Judged, exceptions: readonly Exception[]): string[] {
  const label = `${object.kind} ${object.metadata.name}`;
  const excused = (rule: HouseRule | undefined, container?: string): boolean =>
    exceptions.some((exception) => exception.rule === rule && exception.container === container);
  const pod = podSpecOf(object);
  const problems = labelProblems(object);
  if (pod !== undefined) {
    problems.push(
      ...podProblems(pod, hasSeccompAnnotation(object))
        .filter(({ rule }) => !excused(rule))
        .map(({ text }) => text),
      ...[...(pod.initContainers ?? []), ...pod.containers].flatMap((container) =>
        [
          ...containerProblems(container),
          ...(ends(object) || pod.initContainers?.includes(container) === true
            ? []
            : probeProblems(container)),
        ]
          .filter(({ rule }) => !excused(rule, container.name))
          .map(({ text }) => `${container.name}: ${text}`),
      ),
    );
  }
  if (readsSecrets(object) && !excused('secret-access')) problems.push('a rule over Secrets');
  return problems.map((problem) => `${label}: ${problem}`);
}

/** One departure; without a rule there is no excuse for it. */
interface Problem {
  readonly rule?: HouseRule;
  readonly text: string;
}

function labelProblems({ metadata }: Judged): string[] {
  const text = JSON.stringify(metadata);
  return ['name', 'instance', 'component', 'part-of']
    .filter((label) => !text.includes(`"app.kubernetes.io/${label}":`))
    .map((label) => `no label app.kubernetes.io/${label}`);
}

function podProblems(pod: PodSpec, annotated: boolean): Problem[] {
  const context = pod.securityContext;
  return [
    ...(context?.runAsNonRoot === true
      ? []
      : [{ rule: 'non-root', text: 'may run as root' } as const]),
    ...(context?.seccompProfile?.type === 'RuntimeDefault' || annotated
      ? []
      : [{ rule: 'seccomp', text: 'no seccomp profile' } as const]),
    ...(pod.hostNetwork === true || pod.hostPID === true || pod.hostIPC === true
      ? [{ rule: 'host-access', text: 'host namespaces' } as const]
      : []),
    ...(pod.volumes?.some(({ hostPath }) => hostPath !== undefined) === true
      ? [{ rule: 'host-access', text: 'hostPath' } as const]
      : []),
  ];
}

function containerProblems({ resources, securityContext, ...container }: Container): Problem[] {
  const { requests, limits } = resources ?? {};
  const sized = [requests?.['cpu'], requests?.['memory'], limits?.['memory']];
  const pinned = /(:v?\d[\w.-]*|@sha256:[0-9a-f]{64})$/.test(container.image ?? '');
  return [
    ...judge(!sized.includes(undefined), 'no requests or memory limit'),
    ...judge(pinned, `moving image ${container.image}`),
    ...judge(securityContext?.readOnlyRootFilesystem === true, 'writable root', 'read-only-root'),
    ...judge(
      securityContext?.allowPrivilegeEscalation === false,
      'may escalate',
      'privilege-escalation',
    ),
    ...judge(
      securityContext?.capabilities?.drop?.includes('ALL') === true,
      'keeps capabilities',
      'capabilities',
    ),
  ];
}

function probeProblems({ readinessProbe, livenessProbe }: Container): Problem[] {
  return [
    ...judge(readinessProbe !== undefined, 'no readiness probe', 'readiness-probe'),
    ...judge(livenessProbe !== undefined, 'no liveness probe', 'liveness-probe'),
  ];
}

function judge(good: boolean, text: string, rule?: HouseRule): Problem[] {
  return good ? [] : [rule === undefined ? { text } : { rule, text }];
}

function ends({ kind }: Judged): boolean {
  return kind === 'Job' || kind === 'CronJob';
}

function hasSeccompAnnotation(object: Judged): boolean {
  const text = '"seccomp.security.alpha.kubernetes.io/pod":"runtime/default"';
  return JSON.stringify(object).includes(text);
}

function podSpecOf({ spec }: Judged): PodSpec | undefined {
  const pod = (spec?.jobTemplate?.spec ?? spec)?.template?.spec;
  return pod?.containers === undefined ? undefined : pod;
}

function readsSecrets({ kind, rules }: Judged): boolean {
  if (kind !== 'Role' && kind !== 'ClusterRole') return false;
  return (rules ?? []).some(
    ({ resources, resourceNames }) =>
      resourceNames === undefined &&
      (resources ?? []).some((name) => name === 'secrets' || name === '*'),
  );
}
