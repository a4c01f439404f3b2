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

  const clusterScopedCustom = new Set(raw.flatMap(({ manifest }) => clusterScopedKind(manifest)));
  const objects: Collected[] = [];
  const owners = new Map<ObjectId, string>();
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
    const other = owners.get(id);
    if (other !== undefined)
      problems.push(
        `${path}: '${id}' is already made by '${other}'; give one of them another name`,
      );
    owners.set(id, path);
    objects.push({ id, group, manifest: complete, path, hints: hintsOf(construct), construct });
  }
  return { objects, constructs, problems };
}

/**
 * Whether an object was given a name. cdk8s makes one from the path of the construct where there is none, and then moving
 * code would replace objects.
 */
function isNamed(construct: ApiObject): boolean {
  // Private in cdk8s, which has no other trace of what it was given.
  const given: unknown = Reflect.get(construct, 'props');
  return isObject(given) && textAt(given, 'metadata', 'name') !== undefined;
}

/** What is wrong with the name or kind of an object, if anything. */
function nameProblem(manifest: unknown, named: boolean): string | undefined {
  if (!isObject(manifest)) return undefined;
  const kind = textAt(manifest, 'kind') ?? '';
  if (textAt(manifest, 'metadata', 'generateName') !== undefined) {
    return `${kind} has metadata.generateName, which makes another object at every deployment; set metadata.name`;
  }
  const name = textAt(manifest, 'metadata', 'name');
  if (!named || name === undefined || name === '')
    return `${kind} has no metadata.name; every object needs an explicit one`;
  if (name.length > 253)
    return `${kind} '${name}' has a name of ${name.length} characters, 253 are allowed`;
  if (/.(List|Patch)$/.test(kind)) {
    return `kind '${kind}' of '${name}' ends in List or Patch, which the Pulumi provider takes for something else`;
  }
  return undefined;
}

/** `Kind.group` of a cluster-scoped CustomResourceDefinition. */
function clusterScopedKind(manifest: Manifest): string[] {
  if (manifest.kind !== 'CustomResourceDefinition') return [];
  if (textAt(manifest, 'spec', 'scope') !== 'Cluster') return [];
  const group = textAt(manifest, 'spec', 'group') ?? '';
  return [`${textAt(manifest, 'spec', 'names', 'kind') ?? ''}.${group}`];
}

/** Drops what cdk8s writes where it does not belong, and marks the object as ours. */
function withIdentity(
  manifest: Manifest,
  clusterScoped: boolean,
  own: Readonly<Record<string, string>>,
): Manifest {
  const { name, namespace, labels } = manifest.metadata;
  const metadata: Manifest['metadata'] = {
    ...manifest.metadata,
    name,
    labels: isObject(labels) ? { ...labels, ...own } : own,
  };
  return {
    ...manifest,
    metadata: clusterScoped && namespace !== undefined ? withoutNamespace(metadata) : metadata,
  };
}

function withoutNamespace({
  namespace: _,
  ...metadata
}: Manifest['metadata']): Manifest['metadata'] {
  return metadata;
}
