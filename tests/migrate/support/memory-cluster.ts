import { KubeError, type KubeApi } from '../../../deploy/kube-api';
import { at, isObject, objectsAt, parseJson, textAt } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';
import { HOLDER } from '../../../migrate/names';

/** Thrown by every request of a client whose process was killed. */
export class Killed extends Error {}

/** When a client's process is killed: at its n-th change of the cluster, before or after the cluster has heard of it. */
export interface Death {
  readonly change: number;
  readonly heard: boolean;
}

const PLURALS: Readonly<Record<string, string>> = {
  StorageClass: 'storageclasses',
  NetworkPolicy: 'networkpolicies',
  CSIStorageCapacity: 'csistoragecapacities',
};
const OF_CLUSTER = new Set([
  'PersistentVolume',
  'StorageClass',
  'Node',
  'CSIStorageCapacity',
  'Namespace',
]);

/** A process that changes one cluster or several. */
export interface Life {
  changes: number;
  dead: boolean;
}

/**
 * As much of a cluster as a migration sees, in memory, so that a run can be cut off at every single request. What the controllers
 * do is done at once: volumes for claims, pods for workloads, tasks on the "files" of a volume, which are one text. The
 * workload writes whenever anything happens while it runs, and everything that it ever wrote is in `written`.
 */
export class MemoryCluster {
  readonly objects = new Map<string, JsonObject>();
  readonly files = new Map<string, string>();
  written = '';
  /** The cluster that tasks without a copy of their own send files to. */
  peer: MemoryCluster | undefined;
  #uid = 0;
  #version = 0;

  /** A client; `changes` counts what its process changed. */
  client(
    death?: Death,
    life: Life = { changes: 0, dead: false },
  ): Pick<KubeApi, 'send' | 'pathOf'> & { readonly changes: () => number } {
    const send: KubeApi['send'] = async (method, path, _accept, body) => {
      await Promise.resolve();
      if (life.dead) throw new Killed();
      if (method === 'GET') return this.#read(path);
      life.changes += 1;
      const dies = death?.change === life.changes;
      if (dies && !death.heard) {
        life.dead = true;
        throw new Killed();
      }
      const answer = this.#change(method, path, parseJson(body?.text ?? '{}'));
      if (!dies) return answer;
      life.dead = true;
      throw new Killed();
    };
    const pathOf: KubeApi['pathOf'] = (apiVersion, kind, namespace, name) =>
      Promise.resolve(pathFor(apiVersion, kind, namespace, name));
    return { send, pathOf, changes: () => life.changes };
  }

  /** Adds an object as its owner would. */
  add(object: JsonObject): void {
    const namespace = textAt(object, 'metadata', 'namespace');
    const path = pathFor(
      textAt(object, 'apiVersion') ?? '',
      textAt(object, 'kind') ?? '',
      namespace,
    );
    this.#change('POST', path, object);
  }

  find(kind: string, name: string): JsonObject | undefined {
    return this.all(kind).find((object) => textAt(object, 'metadata', 'name') === name);
  }

  all(kind: string): JsonObject[] {
    return [...this.objects.values()].filter((object) => object['kind'] === kind);
  }

  /** What is on the volume of a claim. */
  filesOf(claim: string): string | undefined {
    return this.files.get(
      textAt(this.find('PersistentVolumeClaim', claim), 'spec', 'volumeName') ?? '',
    );
  }

  /** Lets everybody know that a killed process is gone, as the operating system does. */
  bury(): void {
    for (const [path, object] of this.objects) {
      if (textAt(object, 'metadata', 'annotations', HOLDER) !== undefined)
        this.objects.set(path, merged(object, { metadata: { annotations: { [HOLDER]: '' } } }));
    }
  }

  #read(path: string): JsonObject {
    const [bare = '', query = ''] = path.split('?');
    const found = this.objects.get(bare);
    if (found !== undefined) return found;
    if (!/\/[a-z]+$/.test(bare) || !isCollection(bare))
      throw new KubeError(404, 'NotFound', `${bare} is not there`);
    const selector = new URLSearchParams(query).get('labelSelector');
    const [label = '', value = ''] = (selector ?? '').split('=');
    const items = [...this.objects]
      .filter(([key]) => key.startsWith(`${bare}/`) && !key.slice(bare.length + 1).includes('/'))
      .map(([, object]) => object)
      .filter(
        (object) => selector === null || textAt(object, 'metadata', 'labels', label) === value,
      );
    return { items };
  }

  #change(method: string, path: string, body: Json): JsonObject {
    const [bare = ''] = path.split('?');
    if (!isObject(body)) throw new Error('a body is an object');
    const result = this.#apply(method, bare, body);
    this.#control();
    return result;
  }

  #apply(method: string, path: string, body: JsonObject): JsonObject {
    if (method === 'POST') {
      const key = `${path}/${textAt(body, 'metadata', 'name') ?? ''}`;
      if (this.objects.has(key)) throw new KubeError(409, 'AlreadyExists', 'it is there');
      return this.#store(key, merged(body, { metadata: { uid: `uid-${(this.#uid += 1)}` } }));
    }
    const found = this.objects.get(path);
    if (found === undefined) throw new KubeError(404, 'NotFound', `${path} is not there`);
    const version = textAt(body, 'metadata', 'resourceVersion');
    if (version !== undefined && version !== textAt(found, 'metadata', 'resourceVersion'))
      throw new KubeError(409, 'Conflict', 'it has changed');
    if (method === 'PATCH') return this.#store(path, merged(found, body));
    if (method === 'PUT')
      return this.#store(
        path,
        merged(body, { metadata: { uid: textAt(found, 'metadata', 'uid') ?? '' } }),
      );
    const uid = textAt(body, 'preconditions', 'uid');
    if (uid !== undefined && uid !== textAt(found, 'metadata', 'uid'))
      throw new KubeError(409, 'Conflict', 'another');
    this.objects.delete(path);
    return {};
  }

  #store(path: string, object: JsonObject): JsonObject {
    this.#version += 1;
    const stored = merged(object, { metadata: { resourceVersion: String(this.#version) } });
    this.objects.set(path, stored);
    return stored;
  }

  #control(): void {
    this.#pods();
    for (const volume of this.all('PersistentVolume')) this.#release(volume);
    for (const claim of this.all('PersistentVolumeClaim')) this.#bind(claim);
    for (const service of this.all('Service'))
      if (at(service, 'status') === undefined)
        this.#store(
          keyOf(service),
          merged(service, { status: { loadBalancer: { ingress: [{ ip: '192.0.2.9' }] } } }),
        );
    for (const job of this.all('Job')) this.#run(job);
    for (const pod of this.all('Pod'))
      if (
        textAt(pod, 'metadata', 'labels', 'job-name') !== undefined &&
        this.find('Job', textAt(pod, 'metadata', 'labels', 'job-name') ?? '') === undefined
      )
        this.#drop(pod);
    this.#write();
  }

  #pods(): void {
    for (const set of [...this.all('Deployment'), ...this.all('StatefulSet')]) {
      const name = `${textAt(set, 'metadata', 'name') ?? ''}-0`;
      const wanted = Number(at(set, 'spec', 'replicas')) > 0;
      const pod = this.find('Pod', name);
      if (!wanted && pod !== undefined) this.#drop(pod);
      if (!wanted || pod !== undefined) continue;
      const owner = {
        apiVersion: 'apps/v1',
        kind: set['kind'],
        name: textAt(set, 'metadata', 'name'),
        controller: true,
      };
      this.#store(pathFor('v1', 'Pod', 'site', name), {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name,
          namespace: 'site',
          uid: `uid-${(this.#uid += 1)}`,
          ownerReferences: [owner],
        },
        spec: at(set, 'spec', 'template', 'spec') ?? {},
        status: { phase: 'Running' },
      });
    }
  }

  #release(volume: JsonObject): void {
    const name = textAt(volume, 'spec', 'claimRef', 'name') ?? '';
    const uid = textAt(volume, 'spec', 'claimRef', 'uid');
    const claim = this.find('PersistentVolumeClaim', name);
    if (uid === undefined || textAt(claim, 'metadata', 'uid') === uid) return;
    if (textAt(volume, 'spec', 'persistentVolumeReclaimPolicy') === 'Retain') {
      if (textAt(volume, 'status', 'phase') !== 'Released')
        this.#store(keyOf(volume), merged(volume, { status: { phase: 'Released' } }));
      return;
    }
    this.#drop(volume);
    this.files.delete(textAt(volume, 'metadata', 'name') ?? '');
  }

  #bind(claim: JsonObject): void {
    if (textAt(claim, 'status', 'phase') === 'Bound') return;
    const name = textAt(claim, 'metadata', 'name') ?? '';
    const uid = textAt(claim, 'metadata', 'uid') ?? '';
    const asked = textAt(claim, 'spec', 'volumeName');
    const volume = asked ?? `pv-of-${uid}`;
    if (asked === undefined) {
      this.files.set(volume, '');
      this.#store(pathFor('v1', 'PersistentVolume', undefined, volume), {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: volume },
        spec: {
          persistentVolumeReclaimPolicy: 'Delete',
          claimRef: { name, namespace: 'site', uid },
        },
      });
    } else {
      const found = this.find('PersistentVolume', asked);
      const other = textAt(found, 'spec', 'claimRef', 'uid');
      if (
        found === undefined ||
        (other !== undefined && other !== uid) ||
        textAt(found, 'spec', 'claimRef', 'name') !== name
      )
        return;
      this.#store(
        keyOf(found),
        merged(found, { spec: { claimRef: { uid } }, status: { phase: 'Bound' } }),
      );
    }
    this.#store(
      keyOf(claim),
      merged(claim, {
        spec: { volumeName: volume },
        status: { phase: 'Bound', capacity: { storage: '1Gi' } },
      }),
    );
  }

  #run(job: JsonObject): void {
    if (objectsAt(job, 'status', 'conditions').length > 0) return;
    const name = textAt(job, 'metadata', 'name') ?? '';
    const pod = at(job, 'spec', 'template', 'spec');
    const [task = ''] = objectsAt(pod, 'containers').map(
      (container) => textAt(container, 'name') ?? '',
    );
    if (task === 'receive') {
      this.#receive(name);
      return;
    }
    const claimOf = (mount: string): string | undefined =>
      textAt(
        objectsAt(pod, 'volumes').find((one) => one['name'] === mount),
        'persistentVolumeClaim',
        'claimName',
      );
    const from = claimOf('source') ?? '';
    const source = this.filesOf(from);
    if (source === undefined) throw new Error(`${task} reads a claim without files`);
    const own = claimOf('target');
    const isSent = own === undefined && task !== 'survey';
    const [side, to] = isSent ? [this.peer ?? this, from] : [this, own ?? from];
    if (isSent && side.find('Job', `beamline-line-${to}`) === undefined)
      throw new Error(`nobody takes in the files of '${to}'`);
    if (task.endsWith('copy')) side.#fill(to, source);
    const same = task !== 'verify' || side.filesOf(to) === source;
    const type = same ? 'Complete' : 'Failed';
    this.#store(keyOf(job), merged(job, { status: { conditions: [{ type, status: 'True' }] } }));
    const message = same
      ? `source.files=${source === '' ? 0 : 1}\nsource.bytes=${source.length}`
      : 'problem=1 differences';
    this.#store(pathFor('v1', 'Pod', 'site', `${name}-x`), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${name}-x`,
        namespace: 'site',
        labels: { 'job-name': name, 'app.kubernetes.io/part-of': 'migration' },
      },
      status: {
        phase: same ? 'Succeeded' : 'Failed',
        containerStatuses: [
          {
            state: {
              terminated: { exitCode: same ? 0 : 13, finishedAt: '2026-01-01T00:00:00Z', message },
            },
          },
        ],
      },
    });
  }

  #fill(claim: string, files: string): void {
    const volume = textAt(this.find('PersistentVolumeClaim', claim), 'spec', 'volumeName');
    this.files.set(volume ?? '', files);
  }

  #receive(job: string): void {
    const name = `${job}-x`;
    if (this.find('Pod', name) !== undefined) return;
    this.#store(pathFor('v1', 'Pod', 'site', name), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace: 'site',
        labels: { 'job-name': job, 'app.kubernetes.io/part-of': 'migration' },
      },
      status: { phase: 'Running' },
    });
  }

  /** A running pod writes to what it mounts. */
  #write(): void {
    const mark = String(this.#version % 10);
    for (const pod of this.all('Pod')) {
      for (const volume of objectsAt(pod, 'spec', 'volumes')) {
        const claim = this.find(
          'PersistentVolumeClaim',
          textAt(volume, 'persistentVolumeClaim', 'claimName') ?? '',
        );
        const on = textAt(claim, 'spec', 'volumeName') ?? '';
        const files = this.files.get(on);
        if (files === undefined || textAt(pod, 'metadata', 'name') !== 'web-0') continue;
        this.files.set(on, files + mark);
        this.written += mark;
      }
    }
  }

  #drop(object: JsonObject): void {
    this.objects.delete(keyOf(object));
  }
}

function keyOf(object: JsonObject): string {
  const namespace = textAt(object, 'metadata', 'namespace');
  return pathFor(
    textAt(object, 'apiVersion') ?? '',
    textAt(object, 'kind') ?? '',
    namespace,
    textAt(object, 'metadata', 'name'),
  );
}

function pathFor(
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  name?: string,
): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = OF_CLUSTER.has(kind) || namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${root}${scope}/${PLURALS[kind] ?? `${kind.toLowerCase()}s`}${name === undefined ? '' : `/${name}`}`;
}

function isCollection(path: string): boolean {
  return /^\/(api|apis\/[^/]+)\/v[^/]+(\/namespaces\/[^/]+)?\/[a-z]+$/.test(path);
}

/** A JSON merge patch. */
function merged(object: JsonObject, patch: JsonObject): JsonObject {
  const fields = Object.entries(patch).map(([field, value]): [string, Json | undefined] => {
    const old = object[field];
    return [field, isObject(value) ? merged(isObject(old) ? old : {}, value) : value];
  });
  const all = Object.entries({ ...object, ...Object.fromEntries(fields) });
  return Object.fromEntries(all.filter(([, value]) => value !== null && value !== undefined));
}
