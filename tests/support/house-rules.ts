import type { Container, PodSpec } from 'kubernetes-types/core/v1';

import type { Exception, HouseRule } from '../../constructs/kit/exceptions';
import type { Rendered } from './synth';

/** Every place where an object departs from the house rules of `design.md`, but for the exceptions it records. */
export function houseRuleProblems(object: Rendered, exceptions: readonly Exception[]): string[] {
  const label = `${object.kind} ${object.metadata.name}`;
  const excused = (rule: HouseRule, container?: string): boolean =>
    exceptions.some((exception) => exception.rule === rule && exception.container === container);
  const pod = podSpecOf(object);
  const problems = labelProblems(object);
  if (pod !== undefined) {
    problems.push(
      ...podProblems(pod, hasSeccompAnnotation(object))
        .filter(({ rule }) => !excused(rule))
        .map(({ text }) => text),
      ...pod.containers.flatMap((container) =>
        containerProblems(container)
          .filter(({ rule }) => !excused(rule, container.name))
          .map(({ text }) => `${container.name}: ${text}`),
      ),
    );
  }
  if (readsSecrets(object) && !excused('secret-access')) problems.push('a rule over Secrets');
  return problems.map((problem) => `${label}: ${problem}`);
}

interface Problem {
  readonly rule: HouseRule;
  readonly text: string;
}

function labelProblems({ metadata }: Rendered): string[] {
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
  const sized =
    resources?.requests?.['cpu'] !== undefined && resources.requests['memory'] !== undefined;
  const moving = !/(:v?\d[\w.-]*|@sha256:[0-9a-f]{64})$/.test(container.image ?? '');
  const problem = (bad: boolean, rule: HouseRule, text: string): Problem[] =>
    bad ? [{ rule, text }] : [];
  return [
    ...problem(container.readinessProbe === undefined, 'readiness-probe', 'no readiness probe'),
    ...problem(container.livenessProbe === undefined, 'liveness-probe', 'no liveness probe'),
    ...problem(
      !sized || resources?.limits?.['memory'] === undefined,
      'non-root',
      'no requests or limit',
    ),
    ...problem(securityContext?.readOnlyRootFilesystem !== true, 'read-only-root', 'writable root'),
    ...problem(
      securityContext?.allowPrivilegeEscalation !== false,
      'privilege-escalation',
      'may escalate',
    ),
    ...problem(
      securityContext?.capabilities?.drop?.[0] !== 'ALL',
      'capabilities',
      'keeps capabilities',
    ),
    ...problem(moving, 'non-root', `moving image ${container.image}`),
  ];
}

function hasSeccompAnnotation(object: Rendered): boolean {
  const text = '"seccomp.security.alpha.kubernetes.io/pod":"runtime/default"';
  return JSON.stringify(object).includes(text);
}

function podSpecOf(object: Rendered): PodSpec | undefined {
  const { spec } = object as { spec?: { template?: { spec?: PodSpec } } };
  return spec?.template?.spec?.containers === undefined ? undefined : spec.template.spec;
}

function readsSecrets({ kind, ...object }: Rendered): boolean {
  if (kind !== 'Role' && kind !== 'ClusterRole') return false;
  const { rules } = object as { rules?: { resources?: string[]; resourceNames?: string[] }[] };
  return (rules ?? []).some(
    ({ resources, resourceNames }) =>
      resourceNames === undefined &&
      (resources ?? []).some((name) => name === 'secrets' || name === '*'),
  );
}
