import { at, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';
import { objectId } from '../../../plan/object-id';
import { manifestOf, subjectOf, type Change } from '../../change';
import type { Context } from '../context';
import { called, goes, listed, spelled } from '../look';
import type { Risk, Rule } from '../risk';
import type { World } from '../world';

const GATEWAY = 'gateway.networking.k8s.io';
const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'];

/** The Gateway API: whether routes still hang on a listener and lead to a Service, and who may hang one there. */
export const gatewayRoutes: Rule = (change, context) => {
  const { group, manifest } = subjectOf(change);
  if (group !== GATEWAY) return [];
  if (ROUTES.includes(manifest.kind) && change.operation === 'update')
    return loose(change, context);
  if (manifest.kind === 'Gateway' && change.operation === 'update')
    return [...dropped(context), ...opened(change)];
  return manifest.kind === 'ReferenceGrant' && (goes(change) || change.operation === 'update')
    ? withdrawn(change, context)
    : [];
};

/** What a route refers to, and is nowhere. */
function missing(route: Json, namespace: string | undefined, world: World): string[] {
  const parents = objectsAt(route, 'spec', 'parentRefs').flatMap((parent) => {
    if ((parent['kind'] ?? 'Gateway') !== 'Gateway') return [];
    const home = textAt(parent, 'namespace') ?? namespace;
    const name = textAt(parent, 'name') ?? '';
    const gateway = world.get(objectId(home, GATEWAY, 'Gateway', name))?.manifest;
    if (gateway === undefined) return [`Gateway ${name}`];
    const section = parent['sectionName'];
    const listeners = objectsAt(gateway, 'spec', 'listeners').map(({ name: own }) => own);
    return section === undefined || listeners.includes(section)
      ? []
      : [`listener '${spelled(section)}' of Gateway ${name}`];
  });
  const backends = objectsAt(route, 'spec', 'rules')
    .flatMap((rule) => objectsAt(rule, 'backendRefs'))
    .filter((backend) => (backend['kind'] ?? 'Service') === 'Service')
    .flatMap((backend) => backendMissing(backend, namespace, world));
  return [...parents, ...backends];
}

function backendMissing(
  backend: JsonObject,
  namespace: string | undefined,
  world: World,
): string[] {
  const name = textAt(backend, 'name') ?? '';
  const service = world.get(
    objectId(textAt(backend, 'namespace') ?? namespace, '', 'Service', name),
  )?.manifest;
  if (service === undefined) return [`Service ${name}`];
  const ports = objectsAt(service, 'spec', 'ports').map(({ port }) => port);
  return ports.includes(backend['port'])
    ? []
    : [`port ${spelled(backend['port'])} of Service ${name}`];
}

function loose(change: Change, { before, after }: Context): Risk[] {
  const { namespace } = manifestOf(change).metadata;
  // What the plan never had is somebody else's: it was not there before either.
  const known = new Set(missing(change.before?.manifest ?? null, namespace, before));
  const lost = missing(change.after?.manifest ?? null, namespace, after).filter(
    (name) => !known.has(name),
  );
  if (lost.length === 0) return [];
  return [
    {
      rule: 'route-leads-nowhere',
      severity: 'high',
      why: `it now refers to ${listed(lost)}, which the plan does not have`,
      lost: 'access through it',
      instead: 'compare with the names and ports of the Services and listeners',
    },
  ];
}

/** Routes that named a listener which is there no longer. */
function dropped({ before, after }: Context): Risk[] {
  const users = ROUTES.flatMap((kind) => after.all(kind)).filter(({ id, manifest }) => {
    const { namespace } = manifest.metadata;
    const was = new Set(missing(before.get(id)?.manifest ?? null, namespace, before));
    return missing(manifest, namespace, after).some(
      (name) => name.startsWith('listener') && !was.has(name),
    );
  });
  if (users.length === 0) return [];
  return [
    {
      rule: 'route-leads-nowhere',
      severity: 'high',
      why: `${listed(users.map(called))} hangs on a listener that has another name now`,
      lost: 'access through these routes',
      instead: 'rename it in the routes in the same deployment, or keep the name',
    },
  ];
}

function opened(change: Change): Risk[] {
  const from = (side: Change['before']): Map<string, string> =>
    new Map(
      objectsAt(side?.manifest, 'spec', 'listeners').map((listener) => [
        textAt(listener, 'name') ?? '',
        textAt(listener, 'allowedRoutes', 'namespaces', 'from') ?? 'Same',
      ]),
    );
  const was = from(change.before);
  const wide = [...from(change.after)].filter(
    ([name, whom]) => whom === 'All' && was.has(name) && was.get(name) !== 'All',
  );
  if (wide.length === 0) return [];
  return [
    {
      rule: 'gateway-opened',
      severity: 'high',
      why: `every namespace may hang routes on ${listed(wide.map(([name]) => `'${name}'`))}: whoever has one takes a host, or a path of another's host`,
      lost: 'the certainty of who answers under the names of the site',
      instead: "choose namespaces by a label (from: Selector), or the gateway's own",
    },
  ];
}

function withdrawn(change: Change, { after }: Context): Risk[] {
  const grant = change.before?.manifest;
  const { namespace } = manifestOf(change).metadata;
  const still = JSON.stringify(change.after?.manifest['spec'] ?? null);
  const sources = objectsAt(grant, 'spec', 'from').filter(
    (source) => goes(change) || !still.includes(JSON.stringify(source)),
  );
  const users = [...after.side.values()].filter(({ manifest }) =>
    sources.some(
      (source) =>
        source['kind'] === manifest.kind &&
        source['namespace'] === manifest.metadata.namespace &&
        refersTo(manifest['spec'], namespace),
    ),
  );
  if (sources.length === 0) return [];
  return [
    {
      rule: 'grant-withdrawn',
      severity: users.length > 0 ? 'high' : 'medium',
      why: `${listed(users.map(called))} may no longer refer to what is in '${namespace ?? ''}'`,
      lost: users.length > 0 ? 'access through these routes' : 'nothing that the plan knows of',
      instead: 'change those who refer first',
    },
  ];
}

function refersTo(value: Json | undefined, namespace: string | undefined): boolean {
  if (Array.isArray(value)) {
    const list: readonly Json[] = value;
    return list.some((item) => refersTo(item, namespace));
  }
  if (!isObject(value)) return false;
  return (
    (at(value, 'name') !== undefined && at(value, 'namespace') === namespace) ||
    Object.values(value).some((inner) => refersTo(inner, namespace))
  );
}
