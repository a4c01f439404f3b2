import { at, isObject, objectsAt, textAt } from '../../../plan/json';
import {
  objectsOf,
  type Json,
  type JsonObject,
  type Plan,
  type PlannedObject,
} from '../../../plan/model';
import { findingAbout, type CheckFinding } from '../finding';
import { matches, textsOf, type Workload } from '../pods';

/** Ports that something sends to and nothing opens. */
export function ports(plan: Plan, workloads: readonly Workload[]): CheckFinding[] {
  const objects = objectsOf(plan);
  const services = new Map(
    objects.filter(({ manifest }) => manifest.kind === 'Service').map((one) => [one.id, one]),
  );
  return objects.flatMap((object) => [
    ...closedTargets(object, workloads),
    ...closedProbes(object, workloads),
    ...missingServicePorts(object, services),
  ]);
}

/** Ports of a Service that lead to no port of the pods it selects. */
function closedTargets(object: PlannedObject, workloads: readonly Workload[]): CheckFinding[] {
  const { manifest } = object;
  const selector = at(manifest, 'spec', 'selector');
  if (manifest.kind !== 'Service' || !isObject(selector)) return [];
  const backends = workloads.filter(
    ({ namespace, labels }) =>
      namespace === (manifest.metadata.namespace ?? '') && matches(textsOf(selector), labels),
  );
  return backends.flatMap((backend) => {
    const open = openPorts(backend.containers);
    return objectsAt(manifest, 'spec', 'ports').flatMap((port) => {
      const target = port['targetPort'] ?? port['port'];
      if (isOpen(target, open)) return [];
      return [
        findingAbout(object, {
          rule: 'port/closed',
          severity: 'error',
          reason: `port ${say(port['name'] ?? port['port'])} leads to ${say(target)}, which no container of ${backend.object.id} opens; it opens ${list(open)}`,
          fix: 'Name a port of the container as targetPort, or add the port to the container.',
        }),
      ];
    });
  });
}

/** Probes that name a port which their container has not. A number need not be declared. */
function closedProbes(object: PlannedObject, workloads: readonly Workload[]): CheckFinding[] {
  const workload = workloads.find((one) => one.object === object);
  return (workload?.containers ?? []).flatMap((container) => {
    const open = openPorts([container]);
    return ['readinessProbe', 'livenessProbe', 'startupProbe'].flatMap((probe) => {
      const port =
        at(container, probe, 'httpGet', 'port') ?? at(container, probe, 'tcpSocket', 'port');
      if (typeof port !== 'string' || isOpen(port, open)) return [];
      return [
        findingAbout(object, {
          rule: 'port/probe',
          severity: 'error',
          reason: `the ${probe} of container '${textAt(container, 'name') ?? ''}' asks port '${port}', which the container does not have; it has ${list(open)}`,
          fix: 'Name one of its ports.',
        }),
      ];
    });
  });
}

/** Ingresses and Routes that name a port which their Service has not. */
function missingServicePorts(
  object: PlannedObject,
  services: ReadonlyMap<string, PlannedObject>,
): CheckFinding[] {
  return backendsOf(object.manifest).flatMap(({ service, port }) => {
    const id = `${object.manifest.metadata.namespace ?? '_'}/service/${service}`;
    const known = services.get(id);
    if (known === undefined || port === undefined) return [];
    const open = objectsAt(known.manifest, 'spec', 'ports').flatMap((one) => [
      ...(typeof one['port'] === 'number' ? [one['port']] : []),
      ...(typeof one['name'] === 'string' ? [one['name']] : []),
      // A Route may name the port of the pod as well.
      ...(object.manifest.kind === 'Route' && isPort(one['targetPort']) ? [one['targetPort']] : []),
    ]);
    if (isOpen(port, open)) return [];
    return [
      findingAbout(object, {
        rule: 'port/no-such-service-port',
        severity: 'error',
        reason: `it sends to port ${say(port)} of ${id}, which has ${list(open)}`,
        fix: "Name one of the Service's ports.",
      }),
    ];
  });
}

interface Backend {
  readonly service: string;
  readonly port: Json | undefined;
}

function backendsOf(manifest: JsonObject): Backend[] {
  if (manifest['kind'] === 'Route') {
    const service = textAt(manifest, 'spec', 'to', 'name');
    return service === undefined
      ? []
      : [{ service, port: at(manifest, 'spec', 'port', 'targetPort') }];
  }
  if (manifest['kind'] !== 'Ingress') return [];
  return objectsAt(manifest, 'spec', 'rules')
    .flatMap((rule) => objectsAt(rule, 'http', 'paths'))
    .flatMap((path) => {
      const current = textAt(path, 'backend', 'service', 'name');
      if (current !== undefined) {
        const port = at(path, 'backend', 'service', 'port');
        return [{ service: current, port: at(port, 'name') ?? at(port, 'number') }];
      }
      const old = textAt(path, 'backend', 'serviceName');
      return old === undefined ? [] : [{ service: old, port: at(path, 'backend', 'servicePort') }];
    });
}

type Port = string | number;

function openPorts(containers: readonly JsonObject[]): Port[] {
  return containers
    .flatMap((container) => objectsAt(container, 'ports'))
    .flatMap(({ name, containerPort }) => [name, containerPort].filter(isPort));
}

function isPort(value: Json | undefined): value is Port {
  return typeof value === 'string' || typeof value === 'number';
}

function isOpen(port: Json | undefined, open: readonly Port[]): boolean {
  // A container that declares none may still listen: declaring is documentation for a number, a must for a name.
  if (typeof port === 'number' && open.length === 0) return true;
  return isPort(port) && open.includes(port);
}

function say(port: Json | undefined): string {
  return typeof port === 'string' ? `'${port}'` : JSON.stringify(port);
}

function list(open: readonly Port[]): string {
  return open.length === 0 ? 'none' : open.map(say).join(', ');
}
