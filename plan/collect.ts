import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

import { hintsOf, type ObjectHints } from '../constructs/kit/hints';
import { isClusterScoped } from '../constructs/kit/scope';
import { isManifest, isObject, textAt } from './json';
import { renderOf } from './manifest-of';
import type { Manifest, ObjectId } from './model';
import { groupOf, objectIdOf } from './object-id';

/** One object of the tree, read once. */
export interface Collected {
  readonly id: ObjectId;
  readonly group: string;
  readonly manifest: Manifest;
  readonly path: string;
  readonly hints: ObjectHints;
  readonly construct: IConstruct;
}

/** What one walk over the tree found. */
export interface Collection {
  readonly objects: readonly Collected[];
  /** The same by id. */
  readonly byId: ReadonlyMap<ObjectId, Collected>;
  /** Every construct of the tree, parents first. */
  readonly constructs: readonly IConstruct[];
  readonly problems: readonly string[];
}

/**
 * Walks the tree once. Not `app.synth()`: that pairs every object of a chart with every object of the charts
 * it depends on and walks all paths between them, which is exponential in a chain of charts.
 */
export function collect(root: IConstruct, labels: Readonly<Record<string, string>>): Collection {
  const constructs = root.node.findAll();
  const render = renderOf(root);
  const problems: string[] = [];
  const raw: { construct: ApiObject; manifest: Manifest }[] = [];
  for (const construct of constructs) {
    for (const problem of construct.node.validate())
      problems.push(`${construct.node.path}: ${problem}`);
    if (!ApiObject.isApiObject(construct)) continue;
    const manifest = render(construct);
    const problem = nameProblem(manifest, isNamed(construct));
    if (isManifest(manifest) && problem === undefined) raw.push({ construct, manifest });
    else problems.push(`${construct.node.path}: ${problem ?? 'not a Kubernetes object'}`);
  }

  const clusterScopedCustom = new Set<string>();
  for (const { manifest } of raw)
    if (
      manifest.kind === 'CustomResourceDefinition' &&
      textAt(manifest, 'spec', 'scope') === 'Cluster'
    )
      clusterScopedCustom.add(definedKind(manifest));
  const objects: Collected[] = [];
  const byId = new Map<ObjectId, Collected>();
  for (const { construct, manifest } of raw) {
    const group = groupOf(manifest.apiVersion);
    const clusterScoped =
      isClusterScoped(group, manifest.kind) || clusterScopedCustom.has(`${manifest.kind}.${group}`);
    const path = construct.node.path;
    if (!clusterScoped && manifest.metadata.namespace === undefined) {
      problems.push(
        `${path}: ${manifest.kind} '${manifest.metadata.name}' has no namespace; ` +
          `set metadata.namespace or give its ${Chart.name} a namespace`,
      );
    }
    const complete = withIdentity(manifest, clusterScoped, labels);
    const id = objectIdOf(complete);
    const other = byId.get(id);
    if (other !== undefined)
      problems.push(
        `${path}: '${id}' is already made by '${other.path}'; give one of them another name`,
      );
    const hints = hintsOf(construct);
    const object = { id, group, manifest: complete, path, hints, construct };
    byId.set(id, object);
    objects.push(object);
  }
  return { objects, byId, constructs, problems };
}

/**
 * Whether an object was given a name. cdk8s makes one from the path of the construct where there is none, and then moving
 * code would replace objects.
 */
function isNamed(construct: ApiObject): boolean {
  // Private in cdk8s, which has no other trace of what it was given.
  const given: unknown = Reflect.get(construct, 'props');
  if (!isObject(given)) return false;
  const { metadata } = given;
  return isObject(metadata) && typeof metadata['name'] === 'string';
}

/** What is wrong with the name or kind of an object, if anything. */
function nameProblem(manifest: unknown, named: boolean): string | undefined {
  if (!isObject(manifest)) return undefined;
  const kind = typeof manifest['kind'] === 'string' ? manifest['kind'] : '';
  const metadata = isObject(manifest['metadata']) ? manifest['metadata'] : {};
  if (typeof metadata['generateName'] === 'string') {
    return `${kind} has metadata.generateName, which makes another object at every deployment; set metadata.name`;
  }
  const { name } = metadata;
  if (!named || typeof name !== 'string' || name === '')
    return `${kind} has no metadata.name; every object needs an explicit one`;
  if (name.length > 253)
    return `${kind} '${name}' has a name of ${name.length} characters, 253 are allowed`;
  if (/.(List|Patch)$/.test(kind)) {
    return `kind '${kind}' of '${name}' ends in List or Patch, which the Pulumi provider takes for something else`;
  }
  return undefined;
}

/** `Kind.group` of what a CustomResourceDefinition defines. */
export function definedKind(definition: Manifest): string {
  const group = textAt(definition, 'spec', 'group') ?? '';
  return `${textAt(definition, 'spec', 'names', 'kind') ?? ''}.${group}`;
}

/** Drops what cdk8s writes where it does not belong, and marks the object as ours: in place, for it was rendered for this plan alone. */
function withIdentity(
  manifest: Manifest,
  clusterScoped: boolean,
  own: Readonly<Record<string, string>>,
): Manifest {
  const { metadata } = manifest;
  const { labels } = metadata;
  Object.assign(metadata, { labels: isObject(labels) ? { ...labels, ...own } : own });
  return clusterScoped && metadata.namespace !== undefined
    ? { ...manifest, metadata: withoutNamespace(metadata) }
    : manifest;
}

function withoutNamespace({
  namespace: _,
  ...metadata
}: Manifest['metadata']): Manifest['metadata'] {
  return metadata;
}
