import { at, textAt } from '../../plan/json';
import type { JsonObject } from '../../plan/model';
import type { HarborClient } from './client';
import { BY_NAME, number, projectId, registryId, text, type KindOfThing } from './kind';

const GIB = 1024 ** 3;

/** Projects with their quotas. */
export const PROJECT: KindOfThing = {
  create: async (client, spec) => {
    const name = text(spec, 'name');
    const there = await client.find(`/projects/${name}`, BY_NAME);
    if (there !== undefined) {
      const id = String(number(there, 'project_id'));
      await PROJECT.update(client, id, spec);
      return id;
    }
    const cacheOf = text(spec, 'cacheOf');
    await client.create('/projects', {
      project_name: name,
      metadata: metadataOf(spec),
      storage_limit: bytesOf(spec),
      ...(cacheOf === '' ? {} : { registry_id: await registryId(client, cacheOf) }),
    });
    return String(await projectId(client, name));
  },
  read: async (client, id, spec) => {
    const found = await client.find(`/projects/${id}`);
    if (found === undefined) return undefined;
    const upstream = number(found, 'registry_id');
    const registry = upstream === 0 ? undefined : await client.find(`/registries/${upstream}`);
    const quota = await quotaOf(client, id);
    const severity = textAt(found, 'metadata', 'severity') ?? 'none';
    const refuses = textAt(found, 'metadata', 'prevent_vul') === 'true';
    return {
      ...spec,
      name: found['name'],
      public: textAt(found, 'metadata', 'public') === 'true',
      quotaGiB: quota === undefined ? -1 : inGiB(quota.bytes),
      cacheOf: registry?.['name'] ?? '',
      scanOnPush: textAt(found, 'metadata', 'auto_scan') === 'true',
      refuseFrom: refuses ? severity : 'none',
    };
  },
  update: async (client, id, spec) => {
    await client.put(`/projects/${id}`, { metadata: metadataOf(spec) });
    const quota = await quotaOf(client, id);
    if (quota !== undefined && quota.bytes !== bytesOf(spec)) {
      await client.put(`/quotas/${quota.id}`, { hard: { storage: bytesOf(spec) } });
    }
  },
  remove: (client, id) => client.remove(`/projects/${id}`),
};

/** Harbor keeps these as texts. */
function metadataOf(spec: JsonObject): JsonObject {
  const refuseFrom = text(spec, 'refuseFrom');
  return {
    public: String(spec['public'] === true),
    auto_scan: String(spec['scanOnPush'] === true),
    prevent_vul: String(refuseFrom !== 'none'),
    severity: refuseFrom === 'none' ? 'low' : refuseFrom,
  };
}

function bytesOf(spec: JsonObject): number {
  const gib = number(spec, 'quotaGiB');
  return gib < 0 ? -1 : gib * GIB;
}

function inGiB(bytes: number): number {
  return bytes < 0 ? -1 : bytes / GIB;
}

async function quotaOf(
  client: HarborClient,
  project: string,
): Promise<{ readonly id: number; readonly bytes: number } | undefined> {
  const [quota] = await client.list(`/quotas?reference=project&reference_id=${project}`);
  const bytes = at(quota, 'hard', 'storage');
  return quota === undefined || typeof bytes !== 'number'
    ? undefined
    : { id: number(quota, 'id'), bytes };
}
