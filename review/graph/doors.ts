import { reachOf } from '../../constructs/kit/reach';
import { at, isList, isObject, textAt } from '../../plan/json';
import type { Json, PlannedObject } from '../../plan/model';
import type { Arrow, Box } from './model';
import { namespaceOf, type World } from './world';

/** The boxes outside the cluster that come in. */
const OUTSIDE: Readonly<Record<'public' | 'internal' | 'unsaid', Omit<Box, 'group'>>> = {
  public: outside('everybody', 'the internet'),
  internal: outside('internal', "the site's own networks"),
  unsaid: outside('somebody', 'whoever can reach it'),
};

function outside(id: string, title: string): Omit<Box, 'group'> {
  return {
    id: `outside/${id}`,
    kind: 'outside',
    title,
    lines: [],
    reach: undefined,
    privileged: undefined,
  };
}

/** A box that comes from an object. */
export interface ObjectBox {
  readonly box: Omit<Box, 'group'>;
  readonly object: PlannedObject | undefined;
}

/** What lets the world in, where it leads, and from where people come. */
export function doorsOf(world: World): {
  readonly boxes: readonly ObjectBox[];
  readonly arrows: readonly Arrow[];
} {
  const boxes = new Map<string, ObjectBox>();
  const arrows: Arrow[] = [];
  for (const object of world.all(...DOORS)) {
    const behind = targetsOf(object, world);
    const exposed = object.manifest.kind === 'Service' && !isExposed(object);
    if (exposed || behind.length === 0) continue;
    const reach = reachOf(object.manifest);
    const from = OUTSIDE[reach ?? 'unsaid'];
    boxes.set(from.id, { box: from, object: undefined });
    boxes.set(object.id, { object, box: doorBox(object, reach) });
    arrows.push({ from: from.id, to: object.id, talk: 'enters' });
    for (const to of behind) arrows.push({ from: object.id, to, talk: 'enters' });
  }
  return { boxes: [...boxes.values()], arrows };
}

const DOORS = [
  'Route',
  'Ingress',
  'IngressRoute',
  'IngressRouteTCP',
  'IngressRouteUDP',
  'HTTPRoute',
  'Service',
];

function isExposed({ manifest }: PlannedObject): boolean {
  return ['LoadBalancer', 'NodePort'].includes(textAt(manifest, 'spec', 'type') ?? '');
}

function doorBox(object: PlannedObject, reach: Box['reach']): Omit<Box, 'group'> {
  const { manifest, id } = object;
  const hosts = hostsIn(manifest['spec']);
  const type = textAt(manifest, 'spec', 'type');
  const address = textAt(manifest, 'spec', 'loadBalancerIP');
  return {
    id,
    kind: 'door',
    title: hosts[0] ?? manifest.metadata.name,
    lines: [
      ...hosts.slice(1, 4),
      `${manifest.kind === 'Service' ? (type ?? '') : manifest.kind}${hosts.length === 0 ? '' : ` ${manifest.metadata.name}`}`,
      ...(address === undefined ? [] : [address]),
    ],
    reach,
    privileged: undefined,
  };
}

/** The boxes that a door leads to: those behind the Services of its namespace that it names, or its own. */
function targetsOf(object: PlannedObject, world: World): string[] {
  if (object.manifest.kind === 'Service') return world.behind(object);
  const named = new Set(namesIn(object.manifest['spec']));
  return world.services
    .filter(
      (service) =>
        namespaceOf(service) === namespaceOf(object) && named.has(service.manifest.metadata.name),
    )
    .flatMap((service) => world.behind(service));
}

function namesIn(value: Json | undefined): string[] {
  if (isList(value)) return value.flatMap(namesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' ? (/^(name|serviceName)$/.test(key) ? [inner] : []) : namesIn(inner),
  );
}

/** Host names, as Routes, Ingresses and the rules of Traefik spell them. */
function hostsIn(spec: Json | undefined): string[] {
  const own = textAt(spec, 'host');
  const rules = at(spec, 'rules');
  const routes = at(spec, 'routes');
  const hosts = [
    ...(own === undefined ? [] : [own]),
    ...(isList(rules) ? rules.flatMap((rule) => textAt(rule, 'host') ?? []) : []),
    ...(isList(routes)
      ? routes.flatMap((route) =>
          [...(textAt(route, 'match') ?? '').matchAll(/Host(?:SNI)?\(`([^`]+)`\)/g)].flatMap(
            ([, host]) => host ?? [],
          ),
        )
      : []),
  ];
  return [...new Set(hosts)];
}
