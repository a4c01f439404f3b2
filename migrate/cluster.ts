import { KubeError, type KubeApi } from '../deploy/kube-api';
import { objectsAt, textAt } from '../plan/json';
import type { JsonObject, Manifest } from '../plan/model';
import { FIELD_MANAGER } from './names';

/** Which object. */
export interface Ref {
  readonly apiVersion: string;
  readonly kind: string;
  /** @default - it is the cluster's */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** A collection of objects of one kind: of a namespace, or of the cluster. */
export type Collection = Omit<Ref, 'name'>;

const MANAGER = `fieldManager=${FIELD_MANAGER}`;
const JSON_TYPE = 'application/json';

/** What a migration asks of a cluster: single objects, read and written under its own name. */
export class MigrationCluster {
  constructor(private readonly api: Pick<KubeApi, 'send' | 'pathOf'>) {}

  /** What the server answers at a path. @throws KubeError when it refuses. */
  ask(path: string): Promise<JsonObject> {
    return this.api.send('GET', path, JSON_TYPE);
  }

  /** The object, or undefined where there is none or the server does not know the kind. */
  async get(ref: Ref): Promise<JsonObject | undefined> {
    const path = await this.api.pathOf(ref.apiVersion, ref.kind, ref.namespace, ref.name);
    if (path === undefined) return undefined;
    return unlessMissing(() => this.api.send('GET', path, JSON_TYPE));
  }

  /** The objects of a kind, with kind and version in each; none where the server does not know the kind. */
  async list({ apiVersion, kind, namespace }: Collection, selector = ''): Promise<JsonObject[]> {
    const path = await this.api.pathOf(apiVersion, kind, namespace);
    if (path === undefined) return [];
    const items: JsonObject[] = [];
    let next = '';
    do {
      const query = new URLSearchParams({ limit: '500' });
      if (selector !== '') query.set('labelSelector', selector);
      if (next !== '') query.set('continue', next);
      const page = await this.api.send('GET', `${path}?${query.toString()}`, JSON_TYPE);
      items.push(...objectsAt(page, 'items').map((item) => ({ ...item, apiVersion, kind })));
      next = textAt(page, 'metadata', 'continue') ?? '';
    } while (next !== '');
    return items;
  }

  /** Makes an object; undefined when there is one of that name already. */
  async create(manifest: Manifest): Promise<JsonObject | undefined> {
    const { apiVersion, kind, metadata } = manifest;
    const path = await this.#path({ apiVersion, kind, namespace: metadata.namespace });
    const body = { type: JSON_TYPE, text: JSON.stringify(manifest) };
    try {
      return await this.api.send('POST', `${path}?${MANAGER}`, JSON_TYPE, body);
    } catch (error) {
      if (error instanceof KubeError && error.status === 409) return undefined;
      throw error;
    }
  }

  /** Puts an object in place of what was read; undefined when somebody changed it since. */
  async replace(manifest: Manifest): Promise<JsonObject | undefined> {
    const { apiVersion, kind, metadata } = manifest;
    const ref = { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
    const path = await this.#path(ref);
    const body = { type: JSON_TYPE, text: JSON.stringify(manifest) };
    try {
      return await this.api.send('PUT', `${path}?${MANAGER}`, JSON_TYPE, body);
    } catch (error) {
      if (error instanceof KubeError && (error.status === 409 || error.status === 404))
        return undefined;
      throw error;
    }
  }

  /** Changes fields of an object; null takes one away. */
  async patch(ref: Ref, fields: object): Promise<JsonObject> {
    const body = { type: 'application/merge-patch+json', text: JSON.stringify(fields) };
    return this.api.send('PATCH', `${await this.#path(ref)}?${MANAGER}`, JSON_TYPE, body);
  }

  /**
   * Deletes the object with that UID, and leaves one that has taken its name alone. What it owns goes with it, or stays
   * where `orphans`. It may still be there for a while: `gone` waits.
   */
  async remove(ref: Ref, uid: string | undefined, orphans = false): Promise<void> {
    const path = await this.#path(ref);
    const options = {
      propagationPolicy: orphans ? 'Orphan' : 'Background',
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    };
    try {
      const body = { type: JSON_TYPE, text: JSON.stringify(options) };
      await this.api.send('DELETE', path, JSON_TYPE, body);
    } catch (error) {
      const fine = error instanceof KubeError && (error.status === 404 || error.status === 409);
      if (!fine) throw error;
    }
  }

  async #path(ref: Omit<Ref, 'name'> & { readonly name?: string }): Promise<string> {
    const path = await this.api.pathOf(ref.apiVersion, ref.kind, ref.namespace, ref.name);
    if (path !== undefined) return path;
    throw new Error(`the API server does not know ${ref.kind} of ${ref.apiVersion}`);
  }
}

async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
}

/** UID of an object as it was read. */
export function uidOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'uid') ?? '';
}

/** Name of an object as it was read. */
export function nameOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'name') ?? '';
}

export const claimRef = (namespace: string, name: string): Ref => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  namespace,
  name,
});

export const volumeRef = (name: string): Ref => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  name,
});
