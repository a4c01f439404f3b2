import { amountOf } from '../../../plan/difference/quantity';
import { at, isList, objectsAt, textAt } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';
import { listed } from '../look';
import type { Risk, Rule } from '../risk';
import { matchesAll } from '../selector';
import type { Workload } from '../world';
import { containersOf, podsOf } from './pods';

/** Pod templates that the API server refuses, and those whose pods can never run. */
export const podValidity: Rule = (change, context) => {
  if (change.operation !== 'update' && change.operation !== 'create') return [];
  const [was, will] = podsOf(change, context);
  if (will === undefined) return [];
  return [...refused(will), ...rootOrNot(will), ...(was === undefined ? [] : overAsked(was, will))];
};

/** What validation of pods says beyond their schema. Source: k8s.io/kubernetes `pkg/apis/core/validation`. */
function refused({ pod, object, labels }: Workload): Risk[] {
  const claims = objectsAt(object.manifest, 'spec', 'volumeClaimTemplates');
  const volumes = new Set([
    ...objectsAt(pod, 'volumes').map((volume) => textAt(volume, 'name')),
    ...claims.map((claim) => textAt(claim, 'metadata', 'name')),
  ]);
  const problems = [...containersOf(pod)].flatMap(([name, container]) => [
    ...problemsOf(container).map((problem) => `container '${name}' ${problem}`),
    ...unmounted(container, volumes).map(
      (volume) => `container '${name}' mounts '${volume}', which is no volume of the pod`,
    ),
  ]);
  const wanted = at(object.manifest, 'spec', 'selector', 'matchLabels');
  if (wanted !== undefined && !matchesAll(wanted, labels))
    problems.push('its selector does not match the labels of its own pods');
  if (problems.length === 0) return [];
  return [
    {
      rule: 'pod-refused',
      severity: 'high',
      why: `${listed(problems, 2)}: the API server refuses it, and the deployment stops there`,
      lost: 'the rest of the deployment',
      instead: 'correct it before anything is deployed',
    },
  ];
}

function problemsOf(container: JsonObject): string[] {
  const security = container['securityContext'];
  const escalates = at(security, 'allowPrivilegeEscalation') !== false;
  const added = at(security, 'capabilities', 'add');
  // Spelled SYS_ADMIN, it passes.
  const admin = isList(added) && added.includes('CAP_SYS_ADMIN');
  const problems: string[] = [];
  if (!escalates && at(security, 'privileged') === true)
    problems.push('is privileged and may not gain privileges');
  if (!escalates && admin) problems.push('adds CAP_SYS_ADMIN and may not gain privileges');
  const over = RESOURCES.filter(
    (resource) =>
      (amount(container, 'requests', resource) ?? 0) >
      (amount(container, 'limits', resource) ?? Number.MAX_VALUE),
  );
  if (over.length > 0) problems.push(`requests more ${listed(over)} than its limit`);
  return problems;
}

function unmounted(container: JsonObject, volumes: ReadonlySet<string | undefined>): string[] {
  return objectsAt(container, 'volumeMounts').flatMap((mount) => {
    const name = textAt(mount, 'name');
    return name === undefined || volumes.has(name) ? [] : [name];
  });
}

/** The kubelet refuses to start what must not be root and is told to be. */
function rootOrNot({ pod }: Workload): Risk[] {
  const asked = (security: Json | undefined, field: string): Json | undefined =>
    at(security, field) ?? at(pod, 'securityContext', field);
  const stuck = [...containersOf(pod)].filter(
    ([, container]) =>
      asked(container['securityContext'], 'runAsNonRoot') === true &&
      asked(container['securityContext'], 'runAsUser') === 0,
  );
  if (stuck.length === 0) return [];
  return [
    {
      rule: 'pod-never-starts',
      severity: 'high',
      why: `${listed(stuck.map(([name]) => `container '${name}'`))} must not be root and is to run as user 0: the node refuses to start it`,
      lost: 'these pods',
      instead: 'give it another user, or a reason to be root',
    },
  ];
}

/** Amounts as the API server compares them. */
function amount(
  container: JsonObject | undefined,
  side: string,
  resource: string,
): number | undefined {
  return amountOf(at(container, 'resources', side, resource));
}

const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'] as const;
/** More than this in one container, and few nodes have it. */
const HUGE = { cpu: 96, memory: 512 * 2 ** 30, 'ephemeral-storage': 2 * 2 ** 40 } as const;

function overAsked(was: Workload, will: Workload): Risk[] {
  const old = containersOf(was.pod);
  return [...containersOf(will.pod)].flatMap(([name, container]): Risk[] => {
    const huge = RESOURCES.filter((resource) => {
      const asked = amount(container, 'requests', resource) ?? 0;
      return asked > HUGE[resource] && asked > (amount(old.get(name), 'requests', resource) ?? 0);
    });
    if (huge.length === 0) return [];
    return [
      {
        rule: 'requests-beyond-nodes',
        severity: 'high',
        why: `container '${name}' requests more ${listed(huge)} than most nodes have: its pods stay pending`,
        lost: 'the service, once the old pods are gone',
        instead: "compare with 'kubectl describe nodes'; 'beamline capacity' adds it up",
      },
    ];
  });
}
