import { at, objectsAt, textAt } from '../../plan/json';
import { objectsOf, type Json, type Plan, type PlannedObject } from '../../plan/model';
import { textsOf } from '../check/pods';
import { matchesAll, selects } from '../risk/selector';

/** Pods of the picture: who selects them, and which box they are. */
export interface Pods {
  readonly box: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether they are whatever the people of a namespace run. */
  readonly people: boolean;
}

/** What the parts of a picture look each other up in. */
export class World {
  public readonly services: readonly PlannedObject[];
  private readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;

  constructor(
    public readonly plan: Plan,
    public readonly pods: readonly Pods[],
  ) {
    const objects = objectsOf(plan);
    this.services = objects.filter(({ manifest }) => manifest.kind === 'Service');
    this.namespaces = new Map(
      objects
        .filter(({ manifest }) => manifest.kind === 'Namespace')
        .map(({ manifest: { metadata } }) => [metadata.name, textsOf(metadata['labels'])]),
    );
  }

  /** The boxes behind a Service. */
  behind({ manifest }: PlannedObject): string[] {
    const selector = at(manifest, 'spec', 'selector');
    return this.boxesOf(
      ({ namespace, labels }) =>
        namespace === manifest.metadata.namespace && matchesAll(selector, labels),
    );
  }

  /** The boxes of pods that a policy of a namespace selects. */
  selected(namespace: string, selector: Json | undefined): string[] {
    return this.boxesOf((pods) => pods.namespace === namespace && selects(selector, pods.labels));
  }

  /** The boxes that a policy names on its other side; a network is no box. */
  peers(namespace: string, peer: Json): string[] {
    const spaces = at(peer, 'namespaceSelector');
    const inside = at(peer, 'podSelector') ?? {};
    if (at(peer, 'ipBlock') !== undefined) return [];
    return this.boxesOf(
      (pods) =>
        (spaces === undefined
          ? pods.namespace === namespace
          : selects(spaces, this.labelsOf(pods.namespace))) && selects(inside, pods.labels),
    );
  }

  /** The objects of a kind. */
  all(...kinds: readonly string[]): PlannedObject[] {
    return objectsOf(this.plan).filter(({ manifest }) => kinds.includes(manifest.kind));
  }

  private labelsOf(namespace: string): Readonly<Record<string, string>> {
    return { 'kubernetes.io/metadata.name': namespace, ...this.namespaces.get(namespace) };
  }

  private boxesOf(holds: (pods: Pods) => boolean): string[] {
    return [...new Set(this.pods.filter(holds).map(({ box }) => box))];
  }
}

/** The ports of a Service, by number. */
export function portsOf({ manifest }: PlannedObject): number[] {
  return objectsAt(manifest, 'spec', 'ports').flatMap(({ port }) =>
    typeof port === 'number' ? [port] : [],
  );
}

/** Every text in a value, whatever it is in. */
export function textsIn(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((inner: Json | undefined) => textsIn(inner));
}

/** The namespace of an object, or none. */
export function namespaceOf({ manifest }: PlannedObject): string | undefined {
  return textAt(manifest, 'metadata', 'namespace');
}
