import { at, isObject, objectsAt, textAt } from './json';
import type { Json, JsonObject, Manifest, ObjectId } from './model';
import { objectId } from './object-id';

/** Another object that a manifest names. */
export interface Reference {
  readonly to: ObjectId;
  /** Whether the manifest works without it. */
  readonly optional: boolean;
}

const CORE = '';
const STORAGE = 'storage.k8s.io';
const RBAC = 'rbac.authorization.k8s.io';

/** The objects that a manifest names and that must exist before it can work. */
export function referencesOf(manifest: Manifest): Reference[] {
  const { namespace } = manifest.metadata;
  const pod = podSpecOf(manifest);
  const found: Reference[] = pod === undefined ? [] : podReferences(pod, namespace);
  for (const claim of objectsAt(manifest, 'spec', 'volumeClaimTemplates')) {
    const storageClass = textAt(claim, 'spec', 'storageClassName');
    if (storageClass !== undefined && storageClass !== '')
      need(found, objectId(undefined, STORAGE, 'StorageClass', storageClass));
  }
  switch (manifest.kind) {
    case 'RoleBinding':
    case 'ClusterRoleBinding': {
      const kind = textAt(manifest, 'roleRef', 'kind') ?? '';
      const name = textAt(manifest, 'roleRef', 'name') ?? '';
      need(found, objectId(kind === 'Role' ? namespace : undefined, RBAC, kind, name));
      for (const subject of objectsAt(manifest, 'subjects')) {
        if (subject['kind'] !== 'ServiceAccount') continue;
        need(
          found,
          objectId(
            textAt(subject, 'namespace') ?? namespace,
            CORE,
            'ServiceAccount',
            textAt(subject, 'name') ?? '',
          ),
        );
      }
      break;
    }
    case 'PersistentVolumeClaim': {
      const storageClass = textAt(manifest, 'spec', 'storageClassName');
      if (storageClass !== undefined && storageClass !== '')
        need(found, objectId(undefined, STORAGE, 'StorageClass', storageClass));
      const volume = textAt(manifest, 'spec', 'volumeName');
      if (volume !== undefined)
        need(found, objectId(undefined, CORE, 'PersistentVolume', volume), true);
      break;
    }
    case 'Ingress': {
      const ingressClass = textAt(manifest, 'spec', 'ingressClassName');
      if (ingressClass !== undefined)
        need(found, objectId(undefined, 'networking.k8s.io', 'IngressClass', ingressClass));
      for (const tls of objectsAt(manifest, 'spec', 'tls')) {
        const secret = textAt(tls, 'secretName');
        // Optional: certificate controllers write it after the Ingress exists.
        if (secret !== undefined) need(found, objectId(namespace, CORE, 'Secret', secret), true);
      }
      break;
    }
    case 'HorizontalPodAutoscaler': {
      const target = at(manifest, 'spec', 'scaleTargetRef');
      const kind = textAt(target, 'kind') ?? '';
      const group = (textAt(target, 'apiVersion') ?? '').split('/').at(-2) ?? CORE;
      need(found, objectId(namespace, group, kind, textAt(target, 'name') ?? ''));
      break;
    }
  }
  return found;
}

function need(found: Reference[], to: ObjectId, optional = false): void {
  found.push({ to, optional });
}

/** The pod template's spec, wherever the kind keeps it. */
function podSpecOf(manifest: Manifest): JsonObject | undefined {
  const { kind, spec } = manifest;
  if (!isObject(spec)) return undefined;
  const pod =
    kind === 'Pod'
      ? spec
      : (at(spec, 'template', 'spec') ?? at(spec, 'jobTemplate', 'spec', 'template', 'spec'));
  return isObject(pod) && pod['containers'] !== undefined ? pod : undefined;
}

function podReferences(pod: JsonObject, namespace: string | undefined): Reference[] {
  const found: Found = { namespace, references: [] };
  core(found, 'ServiceAccount', textAt(pod, 'serviceAccountName'), pod);
  for (const secret of objectsAt(pod, 'imagePullSecrets'))
    core(found, 'Secret', textAt(secret, 'name'), secret);
  const priorityClass = textAt(pod, 'priorityClassName');
  if (priorityClass !== undefined) {
    need(
      found.references,
      objectId(undefined, 'scheduling.k8s.io', 'PriorityClass', priorityClass),
    );
  }
  const runtimeClass = textAt(pod, 'runtimeClassName');
  if (runtimeClass !== undefined) {
    need(found.references, objectId(undefined, 'node.k8s.io', 'RuntimeClass', runtimeClass));
  }
  for (const volume of objectsAt(pod, 'volumes')) {
    core(found, 'Secret', textAt(volume, 'secret', 'secretName'), at(volume, 'secret'));
    core(found, 'ConfigMap', textAt(volume, 'configMap', 'name'), at(volume, 'configMap'));
    core(
      found,
      'PersistentVolumeClaim',
      textAt(volume, 'persistentVolumeClaim', 'claimName'),
      volume,
    );
    for (const source of objectsAt(volume, 'projected', 'sources')) {
      core(found, 'Secret', textAt(source, 'secret', 'name'), at(source, 'secret'));
      core(found, 'ConfigMap', textAt(source, 'configMap', 'name'), at(source, 'configMap'));
    }
  }
  for (const container of [...objectsAt(pod, 'initContainers'), ...objectsAt(pod, 'containers')]) {
    for (const from of objectsAt(container, 'envFrom')) {
      core(found, 'Secret', textAt(from, 'secretRef', 'name'), at(from, 'secretRef'));
      core(found, 'ConfigMap', textAt(from, 'configMapRef', 'name'), at(from, 'configMapRef'));
    }
    for (const variable of objectsAt(container, 'env')) {
      const from = at(variable, 'valueFrom');
      core(found, 'Secret', textAt(from, 'secretKeyRef', 'name'), at(from, 'secretKeyRef'));
      core(
        found,
        'ConfigMap',
        textAt(from, 'configMapKeyRef', 'name'),
        at(from, 'configMapKeyRef'),
      );
    }
  }
  return found.references;
}

/** What a pod names so far, and where its own objects are. */
interface Found {
  readonly namespace: string | undefined;
  readonly references: Reference[];
}

/** Adds an object of the pod's own namespace, if it is named at all. `from` says whether the pod starts without it. */
function core(
  { namespace, references }: Found,
  kind: string,
  name: string | undefined,
  from: Json | undefined,
): void {
  if (name === undefined || name === '') return;
  need(references, objectId(namespace, CORE, kind, name), at(from, 'optional') === true);
}
