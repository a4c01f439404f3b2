import type { Environment } from '../environments/environment';
import { objectsOf, type Plan } from '../plan/model';
import type { KubeApi } from './kube-api';

/** Makes, for a rehearsal, what the environment's own cluster is said to have: the namespaces and classes that its plan leans on. */
export async function makeStandIns(
  api: KubeApi,
  environment: Environment,
  plan: Plan,
): Promise<void> {
  const made = new Set(objectsOf(plan).map(({ id }) => id));
  const used = objectsOf(plan).flatMap(({ manifest: { metadata } }) => metadata.namespace ?? []);
  for (const name of new Set(used)) {
    if (made.has(`_/namespace/${name}`)) continue;
    await apply(api, `/api/v1/namespaces/${name}`, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    });
  }
  for (const id of environment.provided) {
    const [, name] = /^_\/storageclass\.storage\.k8s\.io\/(.+)$/.exec(id) ?? [];
    if (name === undefined) continue;
    await apply(api, `/apis/storage.k8s.io/v1/storageclasses/${name}`, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'rehearsal.beamline/stand-in',
    });
  }
}

async function apply(api: KubeApi, path: string, object: object): Promise<void> {
  await api.send(
    'PATCH',
    `${path}?fieldManager=beamline-rehearsal&force=true`,
    'application/json',
    {
      type: 'application/apply-patch+yaml',
      text: JSON.stringify(object),
    },
  );
}
