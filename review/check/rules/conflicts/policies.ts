import { at, isList, isObject, objectsAt, textAt } from '../../../../plan/json';
import {
  objectsOf,
  type Json,
  type JsonObject,
  type Plan,
  type PlannedObject,
} from '../../../../plan/model';
import { selects } from '../../../risk/selector';
import { findingAbout, type CheckFinding } from '../../finding';
import { matches, textsOf, type Workload } from '../../pods';
import { nfsMountsOf, type NfsMount } from './nfs-mounts';

/** Network policies, and what comes from the nodes' own network. */
export function nodeNetwork(plan: Plan, workloads: readonly Workload[]): CheckFinding[] {
  const policies = objectsOf(plan).filter(({ manifest }) => manifest.kind === 'NetworkPolicy');
  const blocked = nfsMountsOf(plan).flatMap((mount) => keptOut(mount, policies, workloads));
  return [
    ...policies.flatMap((policy) => onHostNetwork(policy, workloads)),
    // Many volumes have one server: one finding for each policy and server.
    ...new Map(blocked.map((finding) => [`${finding.object} ${finding.reason}`, finding])).values(),
  ];
}

function selected({ manifest }: PlannedObject, { namespace, labels }: Workload): boolean {
  return (
    namespace === manifest.metadata.namespace &&
    selects(at(manifest, 'spec', 'podSelector'), labels)
  );
}

/** Policies do not hold for pods on the node's network. One for all pods of a namespace is not about them. */
function onHostNetwork(policy: PlannedObject, workloads: readonly Workload[]): CheckFinding[] {
  const wanted = at(policy.manifest, 'spec', 'podSelector');
  if (!isObject(wanted) || Object.keys(wanted).length === 0) return [];
  return workloads
    .filter((workload) => workload.spec['hostNetwork'] === true && selected(policy, workload))
    .map((workload) =>
      findingAbout(policy, {
        rule: 'conflict/policy-on-host-network',
        severity: 'warning',
        reason: `it selects the pods of ${workload.object.id}, which are on their node's network, where policies do not hold`,
        fix: "Guard the node's port instead, and remove the policy.",
      }),
    );
}

/**
 * It is the node that mounts, not the pod that asked for it: a policy that names pods or namespaces lets no mount in, and
 * only an address does. The node that the server runs on is let in anyway, which hides the fault in a test on one node.
 */
function keptOut(
  { object, service }: NfsMount,
  policies: readonly PlannedObject[],
  workloads: readonly Workload[],
): CheckFinding[] {
  const wanted = textsOf(at(service, 'spec', 'selector'));
  if (Object.keys(wanted).length === 0) return [];
  return workloads
    .filter(
      ({ namespace, labels, spec }) =>
        namespace === service.metadata.namespace &&
        matches(wanted, labels) &&
        spec['hostNetwork'] !== true,
    )
    .flatMap((server) => {
      const guards = policies.filter((policy) => isIngress(policy) && selected(policy, server));
      const port = portOf(service, server);
      const [first] = guards;
      if (first === undefined || guards.some((guard) => letsNodesIn(guard, port))) return [];
      return [
        findingAbout(first, {
          rule: 'conflict/policy-blocks-mounts',
          severity: 'error',
          reason: `it guards ${server.object.id}, which ${object.manifest.kind} '${object.manifest.metadata.name}' makes the nodes mount, and no policy lets an address of a node in to port ${String(port.number ?? port.name)}: nodes are not pods, and their mounts hang`,
          fix: 'Let the addresses of the nodes in to that port (ipBlock).',
        }),
      ];
    });
}

function isIngress({ manifest }: PlannedObject): boolean {
  const types = at(manifest, 'spec', 'policyTypes');
  return !isList(types) || types.includes('Ingress');
}

interface Port {
  readonly number: number | undefined;
  readonly name: string | undefined;
}

const NFS = 2049;

/** The port of the pod behind the Service's port of NFS. */
function portOf(service: JsonObject, { containers }: Workload): Port {
  const ports = objectsAt(service, 'spec', 'ports');
  const one = ports.find(({ port }) => port === NFS) ?? ports[0];
  const target = one?.['targetPort'] ?? one?.['port'] ?? NFS;
  const opened = containers
    .flatMap((container) => objectsAt(container, 'ports'))
    .find(({ name, containerPort }) => name === target || containerPort === target);
  const number = opened?.['containerPort'] ?? target;
  return {
    number: typeof number === 'number' ? number : undefined,
    name: textAt(opened, 'name') ?? (typeof target === 'string' ? target : undefined),
  };
}

function letsNodesIn({ manifest }: PlannedObject, port: Port): boolean {
  return objectsAt(manifest, 'spec', 'ingress').some((rule) => {
    const from = objectsAt(rule, 'from');
    const ports = objectsAt(rule, 'ports');
    return (
      (from.length === 0 || from.some((peer) => peer['ipBlock'] !== undefined)) &&
      (ports.length === 0 || ports.some((one) => covers(one, port)))
    );
  });
}

function covers(entry: JsonObject, { number, name }: Port): boolean {
  const { port, endPort }: Record<string, Json | undefined> = entry;
  if (port === undefined) return true;
  if (typeof port === 'string') return port === name;
  if (number === undefined || typeof port !== 'number') return false;
  return typeof endPort === 'number' ? port <= number && number <= endPort : port === number;
}
