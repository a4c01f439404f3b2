import { at, isObject, objectsAt, textAt } from '../../../../plan/json';
import { objectsOf, type Json, type Plan, type PlannedObject } from '../../../../plan/model';
import { findingAbout, type CheckFinding } from '../../finding';
import type { Workload } from '../../pods';

/** The kernel's NFS client cannot map users, so the kubelet fails to start such a pod (`hep.md` 2.7). */
export function userNamespaces(plan: Plan, workloads: readonly Workload[]): CheckFinding[] {
  const volumes = new Volumes(plan);
  return workloads
    .filter(({ spec }) => spec['hostUsers'] === false)
    .flatMap(({ object, spec, namespace }) => {
      const own = objectsAt(object.manifest, 'spec', 'volumeClaimTemplates')
        .filter((claim) => volumes.isOfNfs(claim))
        .map((claim) => textAt(claim, 'metadata', 'name'));
      const named = objectsAt(spec, 'volumes')
        .filter((volume) => volumes.isNfs(volume, namespace))
        .map((volume) => textAt(volume, 'name'));
      return [...own, ...named].map((name = '') =>
        findingAbout(object, {
          rule: 'conflict/user-namespace-nfs',
          severity: 'error',
          reason: `its pods have a user namespace of their own (hostUsers: false) and volume '${name}' is NFS, which cannot be mounted in one`,
          fix: 'Take a CephFS volume, or leave hostUsers out.',
        }),
      );
    });
}

const isNfsName = (name: string | undefined): boolean => /(^|[./-])nfs/.test(name ?? '');

class Volumes {
  readonly #byId: ReadonlyMap<string, PlannedObject>;
  readonly #byDefault: string | undefined;

  constructor(plan: Plan) {
    const objects = objectsOf(plan);
    this.#byId = new Map(objects.map((object) => [object.id, object]));
    this.#byDefault = objects.find(
      ({ manifest }) => manifest.kind === 'StorageClass' && isDefault(manifest),
    )?.manifest.metadata.name;
  }

  /** Whether a volume of a pod is mounted by NFS. */
  isNfs(volume: Json, namespace: string): boolean {
    if (at(volume, 'nfs') !== undefined) return true;
    if (isNfsName(textAt(volume, 'csi', 'driver'))) return true;
    if (this.isOfNfs(at(volume, 'ephemeral', 'volumeClaimTemplate'))) return true;
    const name = textAt(volume, 'persistentVolumeClaim', 'claimName');
    if (name === undefined) return false;
    return this.isOfNfs(this.#byId.get(`${namespace}/persistentvolumeclaim/${name}`)?.manifest);
  }

  /** Whether a claim is of NFS: by the volume it names, or by its class. */
  isOfNfs(claim: Json | undefined): boolean {
    if (claim === undefined) return false;
    const volume = this.#byId.get(
      `_/persistentvolume/${textAt(claim, 'spec', 'volumeName') ?? ''}`,
    )?.manifest;
    if (at(volume, 'spec', 'nfs') !== undefined) return true;
    if (isNfsName(textAt(volume, 'spec', 'csi', 'driver'))) return true;
    const name = textAt(claim, 'spec', 'storageClassName') ?? this.#byDefault ?? '';
    const storageClass = this.#byId.get(`_/storageclass.storage.k8s.io/${name}`)?.manifest;
    return isNfsName(textAt(storageClass, 'provisioner'));
  }
}

function isDefault(manifest: Json): boolean {
  const annotations = at(manifest, 'metadata', 'annotations');
  return (
    isObject(annotations) &&
    Object.entries(annotations).some(
      ([key, value]) => key.endsWith('/is-default-class') && value === 'true',
    )
  );
}
