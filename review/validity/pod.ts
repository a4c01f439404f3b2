import { amountOf } from '../../plan/difference/quantity';
import { at, isList, isObject, objectsAt, textAt } from '../../plan/json';
import type { Json, JsonObject } from '../../plan/model';
import { spelled } from '../risk/look';
import { isLabelName, isPort, isPortName, repeated } from './words';

/** What validation of pods says beyond their schema. Source: k8s.io/kubernetes `pkg/apis/core/validation`. */
export function podProblems(pod: JsonObject, claims: readonly JsonObject[] = []): string[] {
  const all = ['initContainers', 'containers'].flatMap((field) => objectsAt(pod, field));
  const volumes = objectsAt(pod, 'volumes');
  const names = namesOf(volumes);
  const known = new Set([
    ...names,
    ...claims.flatMap((claim) => textAt(claim, 'metadata', 'name') ?? []),
  ]);
  return [
    ...repeated(names).map((name) => `two volumes are called '${name}'`),
    ...repeated(namesOf(all)).map((name) => `two containers are called '${name}'`),
    ...[...names, ...namesOf(all)]
      .filter((name) => !isLabelName(name))
      .map((name) => `'${name}' cannot be the name of a container or volume`),
    ...volumes.flatMap(sourceProblems),
    ...(objectsAt(pod, 'containers').length === 0 ? ['it has no container'] : []),
    ...settingProblems(pod),
    ...all.flatMap((container) =>
      [...containerProblems(container), ...mountProblems(container, known)].map(
        (problem) => `container '${textAt(container, 'name') ?? ''}' ${problem}`,
      ),
    ),
  ];
}

function namesOf(list: readonly JsonObject[]): string[] {
  return list.flatMap((one) => textAt(one, 'name') ?? []);
}

function sourceProblems(volume: JsonObject): string[] {
  const sources = Object.keys(volume).filter(
    (key) => key !== 'name' && volume[key] !== undefined && volume[key] !== null,
  );
  return sources.length > 1
    ? [`volume '${textAt(volume, 'name') ?? ''}' is ${sources.join(' and ')} at once`]
    : [];
}

function settingProblems(pod: JsonObject): string[] {
  const nameless = !hasItems(at(pod, 'dnsConfig', 'nameservers'));
  const seconds = pod['terminationGracePeriodSeconds'];
  const problems: string[] = [];
  if (textAt(pod, 'dnsPolicy') === 'None' && nameless)
    problems.push("dnsPolicy 'None' names no server of names");
  if (typeof seconds === 'number' && seconds < 0)
    problems.push('terminationGracePeriodSeconds is below zero');
  return problems;
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const WAYS = ['exec', 'httpGet', 'tcpSocket', 'grpc'] as const;

function containerProblems(container: JsonObject): string[] {
  return [
    ...imageProblems(container),
    ...PROBES.flatMap((field) => probeProblems(field, container[field])),
    ...amountProblems(container),
    ...portProblems(container),
    ...privilegeProblems(container),
    ...objectsAt(container, 'env')
      .map((variable) => textAt(variable, 'name') ?? '')
      .filter((name) => !/^[ -<>-~]+$/.test(name))
      .map((name) => `has a variable called '${name}'`),
  ];
}

function imageProblems(container: JsonObject): string[] {
  const image = textAt(container, 'image') ?? '';
  if (image === '') return ['has no image'];
  return image === image.trim() ? [] : [`has an image with a blank at its end: '${image}'`];
}

function probeProblems(field: string, probe: Json | undefined): string[] {
  if (!isObject(probe)) return [];
  const ways = WAYS.filter((way) => probe[way] !== undefined);
  const passes = probe['successThreshold'];
  const problems: string[] = [];
  if (ways.length > 1) problems.push(`has a ${field} that asks in ${ways.length} ways`);
  if (ways.length === 0) problems.push(`has a ${field} that asks nothing`);
  if (field !== 'readinessProbe' && typeof passes === 'number' && passes > 1)
    problems.push(`has a ${field} that must pass ${passes} times`);
  for (const time of [
    'periodSeconds',
    'timeoutSeconds',
    'failureThreshold',
    'initialDelaySeconds',
  ]) {
    const value = probe[time];
    if (typeof value === 'number' && value < 0)
      problems.push(`has a ${field} with ${time} below zero`);
  }
  return problems;
}

const COMPARED = ['cpu', 'memory', 'ephemeral-storage'] as const;

function amountProblems(container: JsonObject): string[] {
  const given = (side: string): JsonObject => {
    const amounts = at(container, 'resources', side);
    return isObject(amounts) ? amounts : {};
  };
  const wrong = ['requests', 'limits'].flatMap((side) =>
    Object.entries(given(side))
      .filter(([, value]) => amountOf(value) === undefined || (amountOf(value) ?? 0) < 0)
      .map(([resource, value]) => `${side} '${spelled(value)}' of ${resource}, which is no amount`),
  );
  const over = COMPARED.filter(
    (resource) =>
      (amountOf(given('requests')[resource]) ?? 0) >
      (amountOf(given('limits')[resource]) ?? Number.MAX_VALUE),
  );
  return over.length === 0 ? wrong : [...wrong, `requests more ${over.join(', ')} than its limit`];
}

function portProblems(container: JsonObject): string[] {
  const ports = objectsAt(container, 'ports');
  const names = namesOf(ports);
  return [
    ...repeated(names).map((name) => `has two ports called '${name}'`),
    ...names.filter((name) => !isPortName(name)).map((name) => `has a port called '${name}'`),
    ...ports
      .flatMap(({ containerPort, hostPort }) => [containerPort, hostPort])
      .filter((port) => typeof port === 'number' && !isPort(port))
      .map((port) => `has port ${spelled(port)}`),
  ];
}

function privilegeProblems(container: JsonObject): string[] {
  const security = container['securityContext'];
  if (at(security, 'allowPrivilegeEscalation') !== false) return [];
  const added = at(security, 'capabilities', 'add');
  const problems: string[] = [];
  if (at(security, 'privileged') === true)
    problems.push('is privileged and may not gain privileges');
  // Spelled SYS_ADMIN, it passes.
  if (isList(added) && added.includes('CAP_SYS_ADMIN'))
    problems.push('adds CAP_SYS_ADMIN and may not gain privileges');
  return problems;
}

function mountProblems(container: JsonObject, volumes: ReadonlySet<string>): string[] {
  const mounts = objectsAt(container, 'volumeMounts');
  const paths = mounts.flatMap((mount) => textAt(mount, 'mountPath') ?? []);
  return [
    ...namesOf(mounts)
      .filter((name) => !volumes.has(name))
      .map((name) => `mounts '${name}', which is no volume of the pod`),
    ...repeated(paths).map((path) => `mounts two things at ${path}`),
  ];
}

function hasItems(value: Json | undefined): boolean {
  return isList(value) && value.length > 0;
}
