import { at, isObject, objectsAt, textAt } from '../../plan/json';
import type { Json, JsonObject, ObjectId } from '../../plan/model';
import { objectId } from '../../plan/object-id';
import { referencesOf } from '../../plan/references';
import type { ReviewedObject, Side } from '../change';
import { matchesAll, selects } from './selector';

/** Something that runs pods, with the pods it runs. */
export interface Workload {
  readonly object: ReviewedObject;
  readonly kind: string;
  readonly namespace: string;
  readonly labels: JsonObject;
  readonly pod: JsonObject;
  /** Pods that it wants; 1 where the manifest leaves it to the default or to an autoscaler. */
  readonly replicas: number;
}

/** All objects of one side with who uses what. */
export class World {
  readonly #byKind = new Map<string, ReviewedObject[]>();
  readonly #users = new Map<ObjectId, ReviewedObject[]>();
  readonly #behind = new Map<ReviewedObject, readonly Workload[]>();
  readonly #byId: ReadonlyMap<ObjectId, Workload>;
  #services: Map<ObjectId, ReviewedObject[]> | undefined;
  readonly workloads: readonly Workload[];

  constructor(readonly side: Side) {
    for (const object of side.values()) {
      push(this.#byKind, object.manifest.kind, object);
      for (const { to } of referencesOf(object.manifest)) push(this.#users, to, object);
    }
    this.workloads = [...side.values()].flatMap(workloadOf);
    this.#byId = new Map(this.workloads.map((workload) => [workload.object.id, workload]));
  }

  get(id: ObjectId): ReviewedObject | undefined {
    return this.side.get(id);
  }

  /** Every object of a kind, whatever its group. */
  all(kind: string): readonly ReviewedObject[] {
    return this.#byKind.get(kind) ?? [];
  }

  /** Objects that name another one: pods that mount it, bindings to it, claims of a class. */
  usersOf(id: ObjectId): readonly ReviewedObject[] {
    return this.#users.get(id) ?? [];
  }

  /** Workloads whose pods name an object. */
  podsUsing(id: ObjectId): readonly Workload[] {
    return this.usersOf(id).flatMap((user) => this.#byId.get(user.id) ?? []);
  }

  /** What is in a namespace. */
  contentOf(namespace: string): readonly ReviewedObject[] {
    return [...this.side.values()].filter(
      ({ manifest }) => manifest.metadata.namespace === namespace,
    );
  }

  /** Workloads that a selector of a namespace selects. */
  selectedBy(namespace: string | undefined, selector: Json | undefined): readonly Workload[] {
    return this.workloads.filter(
      (workload) => workload.namespace === namespace && selects(selector, workload.labels),
    );
  }

  /** Workloads behind a Service. */
  behind(service: ReviewedObject | undefined): readonly Workload[] {
    if (service === undefined) return [];
    const known = this.#behind.get(service);
    if (known !== undefined) return known;
    const selector = at(service.manifest, 'spec', 'selector');
    const found = this.workloads.filter(
      ({ namespace, labels }) =>
        namespace === service.manifest.metadata.namespace && matchesAll(selector, labels),
    );
    this.#behind.set(service, found);
    return found;
  }

  /** Services that lead to a workload. */
  servicesOf(workload: Workload): readonly ReviewedObject[] {
    const services = this.#services ?? new Map<ObjectId, ReviewedObject[]>();
    if (this.#services === undefined) {
      for (const service of this.all('Service'))
        for (const { object } of this.behind(service)) push(services, object.id, service);
      this.#services = services;
    }
    return services.get(workload.object.id) ?? [];
  }

  workload(id: ObjectId): Workload | undefined {
    return this.#byId.get(id);
  }

  /** A StorageClass of the plan by its name. */
  storageClass(name: string | undefined): ReviewedObject | undefined {
    if (name !== undefined)
      return this.get(objectId(undefined, 'storage.k8s.io', 'StorageClass', name));
    return this.all('StorageClass').find(isDefaultClass);
  }

  /** Claims and claim templates of a StorageClass, by what asks for them. */
  volumesOf(storageClass: ReviewedObject): readonly ReviewedObject[] {
    const { name } = storageClass.manifest.metadata;
    const isOfClass = (claim: JsonObject): boolean => {
      const wanted = textAt(claim, 'spec', 'storageClassName');
      return wanted === undefined ? isDefaultClass(storageClass) : wanted === name;
    };
    return [
      ...this.all('PersistentVolumeClaim').filter(({ manifest }) => isOfClass(manifest)),
      ...this.all('StatefulSet').filter(({ manifest }) =>
        objectsAt(manifest, 'spec', 'volumeClaimTemplates').some(isOfClass),
      ),
    ];
  }
}

/** Whether a StorageClass or an IngressClass is taken where none is named. */
export function isDefaultClass({ manifest }: ReviewedObject): boolean {
  const annotations = at(manifest, 'metadata', 'annotations');
  return (
    isObject(annotations) &&
    Object.entries(annotations).some(
      ([key, value]) => /\/is-default-class$/.test(key) && value === 'true',
    )
  );
}

/** The claims that a StatefulSet makes, for people: `data-db-0 to data-db-2 (10Gi each)`. */
export function claimsOf({ manifest }: ReviewedObject): string[] {
  const replicas = numberAt(manifest, 'spec', 'replicas') ?? 1;
  return objectsAt(manifest, 'spec', 'volumeClaimTemplates').map((claim) => {
    const name = `${textAt(claim, 'metadata', 'name') ?? ''}-${manifest.metadata.name}`;
    const size = textAt(claim, 'spec', 'resources', 'requests', 'storage') ?? 'unknown size';
    return replicas <= 1
      ? `${name}-0 (${size})`
      : `${name}-0 to ${name}-${replicas - 1} (${size} each)`;
  });
}

/** Names of the claims that a workload keeps data on: its own templates and the claims it mounts. */
export function dataOf({ object, pod }: Workload): string[] {
  const mounted = objectsAt(pod, 'volumes').flatMap(
    (volume) => textAt(volume, 'persistentVolumeClaim', 'claimName') ?? [],
  );
  return [...claimsOf(object), ...mounted];
}

/** The number at a path. */
export function numberAt(value: Json | undefined, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

function workloadOf(object: ReviewedObject): Workload[] {
  const { manifest } = object;
  const template =
    manifest.kind === 'Pod'
      ? manifest
      : (at(manifest, 'spec', 'jobTemplate', 'spec', 'template') ??
        at(manifest, 'spec', 'template'));
  const pod = at(template, 'spec');
  if (!isObject(pod) || pod['containers'] === undefined) return [];
  const labels = at(template, 'metadata', 'labels');
  return [
    {
      object,
      kind: manifest.kind,
      namespace: manifest.metadata.namespace ?? '',
      labels: isObject(labels) ? labels : {},
      pod,
      replicas: manifest.kind === 'CronJob' ? 0 : (numberAt(manifest, 'spec', 'replicas') ?? 1),
    },
  ];
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
