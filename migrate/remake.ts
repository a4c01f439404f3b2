import { isList, isObject, objectsAt, parseJson, textAt } from '../plan/json';
import type { Json, JsonObject, Manifest } from '../plan/model';
import type { MigrationCluster, Ref } from './cluster';

/** An object as it can be made again, and who had set which of its fields. */
export interface Remains {
  readonly manifest: JsonObject;
  readonly managedFields: readonly JsonObject[];
}

/** What the cluster writes onto a bound claim: `pv.kubernetes.io/…`, `volume.kubernetes.io/…` and their beta forms. */
const BINDING = /^(pv\.kubernetes\.io|volume(\.beta)?\.kubernetes\.io)\//;
const WRITTEN = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'finalizers',
  'generation',
  'managedFields',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
];

/** What of a live object is needed to make it again. */
export function remainsOf(live: JsonObject): Remains {
  const { status: _status, metadata, ...rest } = live;
  const meta = isObject(metadata) ? metadata : {};
  const annotations = isObject(meta['annotations']) ? meta['annotations'] : {};
  const kept = Object.entries(annotations).filter(([key]) => !BINDING.test(key));
  return {
    manifest: {
      ...rest,
      metadata: {
        ...Object.fromEntries(Object.entries(meta).filter(([field]) => !WRITTEN.includes(field))),
        ...(kept.length === 0 ? { annotations: {} } : { annotations: Object.fromEntries(kept) }),
      },
    },
    managedFields: objectsAt(meta, 'managedFields').filter(
      (entry) =>
        entry['subresource'] === undefined && entry['manager'] !== 'kube-controller-manager',
    ),
  };
}

/** The claim that takes the place of another: same name, same labels, another class, and its volume named. */
export function claimOn(old: JsonObject, className: string, volume: string): Manifest {
  const spec = isObject(old['spec']) ? old['spec'] : {};
  const { dataSource: _data, dataSourceRef: _ref, selector: _selector, ...rest } = spec;
  const manifest = withClassInAnnotation(old, ['spec'], className);
  return asManifest({
    ...manifest,
    spec: { ...rest, storageClassName: className, volumeName: volume },
  });
}

/** A StatefulSet whose templates name another class where they named the old one. */
export function setWithClass(old: JsonObject, from: string, to: string): Manifest {
  const spec = isObject(old['spec']) ? old['spec'] : {};
  const templates = objectsAt(spec, 'volumeClaimTemplates').map((template): JsonObject => {
    const inner = isObject(template['spec']) ? template['spec'] : {};
    return inner['storageClassName'] === from
      ? { ...template, spec: { ...inner, storageClassName: to } }
      : template;
  });
  return asManifest({ ...old, spec: { ...spec, volumeClaimTemplates: templates } });
}

/**
 * Makes an object in place of one that is gone, with every field in the hands of whoever had set it before: what an
 * environment set stays the environment's, so that its next deployment can change and remove it.
 */
export async function remake(
  cluster: MigrationCluster,
  manifest: Manifest,
  managedFields: readonly JsonObject[],
): Promise<void> {
  const { apiVersion, kind, metadata } = manifest;
  const ref: Ref = { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
  await cluster.create(manifest);
  // Also for one that is there already: a run may have been killed between the two.
  if (managedFields.length > 0) await cluster.patch(ref, { metadata: { managedFields } });
}

/** What `kubectl apply` remembers names the class, too. */
function withClassInAnnotation(
  old: JsonObject,
  path: readonly string[],
  className: string,
): JsonObject {
  const key = 'kubectl.kubernetes.io/last-applied-configuration';
  const text = textAt(old, 'metadata', 'annotations', key);
  if (text === undefined || !isObject(old['metadata'])) return old;
  const annotations = isObject(old['metadata']['annotations'])
    ? old['metadata']['annotations']
    : {};
  const applied = replaced(parseJson(text), [...path, 'storageClassName'], className);
  return {
    ...old,
    metadata: {
      ...old['metadata'],
      annotations: { ...annotations, [key]: JSON.stringify(applied) },
    },
  };
}

function replaced(value: Json | undefined, path: readonly string[], by: Json): Json {
  const [field, ...rest] = path;
  if (field === undefined) return by;
  if (!isObject(value) || value[field] === undefined || isList(value)) return value ?? null;
  return { ...value, [field]: replaced(value[field], rest, by) };
}

function asManifest(object: JsonObject): Manifest {
  const { apiVersion, kind, metadata } = object;
  const name = textAt(object, 'metadata', 'name');
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || name === undefined)
    throw new Error('an object of a migration has no kind or name');
  return {
    ...object,
    apiVersion,
    kind,
    metadata: {
      ...(isObject(metadata) ? metadata : {}),
      name,
      namespace: textAt(object, 'metadata', 'namespace') ?? '',
    },
  };
}
