import { ApiObject } from 'cdk8s';
import { Dependable, type IConstruct } from 'constructs';

import { definedKind, type Collected, type Collection } from './collect';
import type { Edge } from './order';
import { objectId } from './object-id';
import { referencesOf } from './references';

/** The barriers of a plan with the edges that lead to and from them. */
export interface ConstructEdges {
  readonly barriers: readonly string[];
  readonly edges: readonly Edge[];
}

/**
 * Edges from `a.node.addDependency(b)`: everything in `a` waits for one barrier, which waits for everything
 * in `b`. So the number of edges grows with the objects, not with their product.
 */
export function constructEdges(
  constructs: readonly IConstruct[],
  objects: readonly Collected[],
): ConstructEdges {
  const waiting = constructs.filter((construct) => construct.node.dependencies.length > 0);
  if (waiting.length === 0) return { barriers: [], edges: [] };
  const idOf = new Map(objects.map((object) => [object.construct, object.id]));
  const within = (root: IConstruct): string[] =>
    root.node.findAll().flatMap((construct) => idOf.get(construct) ?? []);
  const barriers = new Map<IConstruct, { id: string; members: readonly string[] }>();
  const barrierOf = (target: IConstruct): { id: string; members: readonly string[] } => {
    const known = barriers.get(target);
    if (known !== undefined) return known;
    const made = { id: `barrier/${target.node.path}`, members: within(target) };
    barriers.set(target, made);
    return made;
  };

  const edges: Edge[] = [];
  const used = new Set<string>();
  for (const source of waiting) {
    for (const target of rootsOf(source)) {
      const single = ApiObject.isApiObject(target) ? idOf.get(target) : undefined;
      const goal = single === undefined ? barrierOf(target) : { id: single, members: [single] };
      if (goal.members.length === 0) continue;
      const inside = new Set(goal.members);
      for (const from of within(source))
        if (!inside.has(from)) edges.push({ from, to: goal.id, soft: false });
      if (single !== undefined || used.has(goal.id)) continue;
      used.add(goal.id);
      for (const to of goal.members) edges.push({ from: goal.id, to, soft: false });
    }
  }
  return { barriers: [...used], edges };
}

/** The constructs that a construct was told to wait for. */
function rootsOf(source: IConstruct): IConstruct[] {
  const roots = source.node.dependencies.flatMap(
    (dependency) => Dependable.of(dependency).dependencyRoots,
  );
  return [...new Set(roots)].filter((root) => root !== source);
}

/** Objects that every cluster has, or that its controllers write, and that no plan makes. */
const ALWAYS_THERE: readonly RegExp[] = [
  /^[^/]+\/serviceaccount\/(default|builder|deployer)$/,
  /^[^/]+\/configmap\/(kube-root-ca\.crt|openshift-service-ca\.crt)$/,
  /^_\/priorityclass\.scheduling\.k8s\.io\/(system-cluster-critical|system-node-critical|openshift-user-critical)$/,
  /^_\/clusterrole\.rbac\.authorization\.k8s\.io\/(admin|edit|view|cluster-admin|system:.*)$/,
];

/** What is written by a controller once another object of the plan is ready: the keys of a bucket, under the claim's name. */
function writersOf(objects: readonly Collected[]): ReadonlyMap<string, string> {
  return new Map(
    objects
      .filter(({ manifest }) => manifest.kind === 'ObjectBucketClaim')
      .flatMap(({ id, manifest: { metadata } }) =>
        ['Secret', 'ConfigMap'].map((kind) => [
          objectId(metadata.namespace, '', kind, metadata.name),
          id,
        ]),
      ),
  );
}

/** Edges that the manifests themselves imply, and the references that lead nowhere. */
export function manifestEdges(
  { objects, byId }: Pick<Collection, 'objects' | 'byId'>,
  provided: ReadonlySet<string>,
): { readonly edges: Edge[]; readonly problems: string[] } {
  const definitions = new Map<string, string>();
  for (const { id, manifest } of objects) {
    if (manifest.kind === 'CustomResourceDefinition') definitions.set(definedKind(manifest), id);
  }
  const writers = writersOf(objects);

  const edges: Edge[] = [];
  const problems: string[] = [];
  const homes = new Map<string, string>();
  const homeOf = (namespace: string): string => {
    const home = homes.get(namespace) ?? objectId(undefined, '', 'Namespace', namespace);
    homes.set(namespace, home);
    return home;
  };
  for (const { id, group, manifest, path, hints } of objects) {
    const { namespace } = manifest.metadata;
    if (namespace !== undefined) edges.push({ from: id, to: homeOf(namespace), soft: false });
    const definition = definitions.get(`${manifest.kind}.${group}`);
    if (definition !== undefined) edges.push({ from: id, to: definition, soft: false });
    for (const { to, optional } of referencesOf(manifest)) {
      const writer = writers.get(to);
      if (byId.has(to)) edges.push({ from: id, to, soft: true });
      else if (writer !== undefined) edges.push({ from: id, to: writer, soft: true });
      else if (
        !optional &&
        !provided.has(to) &&
        !(hints.external ?? []).includes(to) &&
        !ALWAYS_THERE.some((there) => there.test(to))
      ) {
        problems.push(
          `${path}: '${id}' names '${to}', which nothing in the plan makes; ` +
            `make it, correct the name, or list it under 'provided' in the environment if the cluster has it`,
        );
      }
    }
  }
  return { edges, problems };
}
