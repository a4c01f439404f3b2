import { at, isList, isObject, objectsAt } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';
import { objectId } from '../../../plan/object-id';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { called, listed } from '../look';
import type { Risk, Rule } from '../risk';
import { selects } from '../selector';
import type { Workload, World } from '../world';

/** Connections that a policy named, between programs of the plan, and that no policy allows any more. */
export const reach: Rule = (change, context) => {
  if (manifestOf(change).kind !== 'NetworkPolicy' || change.operation !== 'update') return [];
  return [...strangers(change, context), ...nameless(change, context)];
};

/** A direction of traffic, as policies write it down. */
interface Way {
  readonly type: 'Ingress' | 'Egress';
  readonly rules: 'ingress' | 'egress';
  readonly peers: 'from' | 'to';
}
const IN: Way = { type: 'Ingress', rules: 'ingress', peers: 'from' };
const OUT: Way = { type: 'Egress', rules: 'egress', peers: 'to' };

/** The rules of all policies for a workload; undefined where none limits it. */
function rulesFor(
  workload: Workload,
  { type, rules }: Way,
  world: World,
): JsonObject[] | undefined {
  const policies = world.all('NetworkPolicy').filter(({ manifest }) => {
    const types = at(manifest, 'spec', 'policyTypes');
    return (
      manifest.metadata.namespace === workload.namespace &&
      selects(at(manifest, 'spec', 'podSelector'), workload.labels) &&
      (isList(types)
        ? types.includes(type)
        : type === 'Ingress' || at(manifest, 'spec', rules) !== undefined)
    );
  });
  return policies.length === 0
    ? undefined
    : policies.flatMap(({ manifest }) => objectsAt(manifest, 'spec', rules));
}

/** Whether a peer of a policy in one namespace is a workload. */
function isPeer(peer: JsonObject, home: string, other: Workload, world: World): boolean {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  // An address may be a pod's or a node's: nothing is said of it.
  if (ipBlock !== undefined) return true;
  if (podSelector !== undefined && !selects(podSelector, other.labels)) return false;
  if (namespaceSelector === undefined) return other.namespace === home;
  const labels = at(
    world.get(objectId(undefined, '', 'Namespace', other.namespace))?.manifest,
    'metadata',
    'labels',
  );
  return selects(namespaceSelector, {
    ...(isObject(labels) ? labels : {}),
    'kubernetes.io/metadata.name': other.namespace,
  });
}

function allows(own: Workload, other: Workload, way: Way, world: World): boolean {
  const rules = rulesFor(own, way, world);
  return (
    rules === undefined ||
    rules.some((rule) => {
      const peers = objectsAt(rule, way.peers);
      return peers.length === 0 || peers.some((peer) => isPeer(peer, own.namespace, other, world));
    })
  );
}

/** Programs that a rule of this policy named, that are still there, and that nothing lets through any more. */
function strangers(change: Change, { before, after }: Context): Risk[] {
  const was = change.before?.manifest;
  const { namespace = '' } = manifestOf(change).metadata;
  const own = before
    .selectedBy(namespace, at(was, 'spec', 'podSelector'))
    .flatMap(({ object }) => after.workload(object.id) ?? []);
  const cut = [IN, OUT].flatMap((way) => {
    const named = objectsAt(was, 'spec', way.rules)
      .flatMap((rule) => objectsAt(rule, way.peers))
      .filter(({ podSelector }) => isObject(podSelector) && Object.keys(podSelector).length > 0);
    const others = before.workloads
      .filter((other) => named.some((peer) => isPeer(peer, namespace, other, before)))
      .flatMap(({ object }) => after.workload(object.id) ?? []);
    return own.flatMap((one) =>
      others
        .filter((other) => allows(one, other, way, before) && !allows(one, other, way, after))
        .map((other) =>
          way === IN
            ? `${called(other.object)} to ${called(one.object)}`
            : `${called(one.object)} to ${called(other.object)}`,
        ),
    );
  });
  if (cut.length === 0) return [];
  return [
    {
      rule: 'policy-cuts-connection',
      severity: 'high',
      why: `a rule allowed it by name, and now nothing does: ${listed([...new Set(cut)])}`,
      lost: 'these connections; open ones may stay for a while, which hides it',
      instead: 'change the program first, if it no longer connects',
    },
  ];
}

const DNS = new Set<Json>([53, 5353, 'dns', 'dns-tcp']);

/** Pods that could ask for names, and cannot any more. */
function nameless(change: Change, { before, after }: Context): Risk[] {
  const asks = (workload: Workload, world: World): boolean => {
    const rules = rulesFor(workload, OUT, world);
    return (
      rules === undefined ||
      rules.some((rule) => {
        const ports = objectsAt(rule, 'ports');
        return ports.length === 0 || ports.some(({ port }) => port === undefined || DNS.has(port));
      })
    );
  };
  const { namespace } = manifestOf(change).metadata;
  const mute = after
    .selectedBy(namespace, at(change.after?.manifest, 'spec', 'podSelector'))
    .filter((workload) => {
      const old = before.workload(workload.object.id);
      return old !== undefined && asks(old, before) && !asks(workload, after);
    });
  if (mute.length === 0) return [];
  return [
    {
      rule: 'policy-cuts-names',
      severity: 'high',
      why: `${listed(mute.map(({ object }) => called(object)))} may no longer ask for names: no rule lets it out to port 53`,
      lost: 'every connection that begins with a name',
      instead: 'keep a rule to the servers of names, by UDP and TCP',
    },
  ];
}
