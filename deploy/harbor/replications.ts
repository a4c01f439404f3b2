import { objectsAt, textAt } from '../../plan/json';
import type { JsonObject } from '../../plan/model';
import type { HarborClient } from './client';
import { byName, number, registryId, text, type KindOfThing } from './kind';

const POLICIES = '/replication/policies';

/** What is copied to and from other registries. */
export const REPLICATION: KindOfThing = {
  create: async (client, spec) => {
    const there = await byName(client, POLICIES, text(spec, 'name'));
    if (there === undefined) return client.create(POLICIES, await bodyOf(client, spec));
    const id = String(number(there, 'id'));
    await REPLICATION.update(client, id, spec);
    return id;
  },
  read: async (client, id, spec) => {
    const found = await client.find(`${POLICIES}/${id}`);
    if (found === undefined) return undefined;
    const source = textAt(found, 'src_registry', 'name');
    const pulls =
      source !== undefined &&
      source !== '' &&
      found['src_registry'] !== null &&
      registryNumber(found, 'src_registry') !== 0;
    const filter = (type: string): string =>
      objectsAt(found, 'filters').flatMap((one) =>
        one['type'] === type ? [text(one, 'value')] : [],
      )[0] ?? '';
    const enabled = found['enabled'] === true;
    return {
      ...spec,
      name: found['name'],
      direction: pulls ? 'pull' : 'push',
      registry: (pulls ? source : textAt(found, 'dest_registry', 'name')) ?? '',
      repositories: filter('name'),
      tags: filter('tag'),
      to: found['dest_namespace'],
      when: enabled ? (WHEN[textAt(found, 'trigger', 'type') ?? ''] ?? 'unknown') : 'disabled',
      schedule: textAt(found, 'trigger', 'trigger_settings', 'cron') ?? '',
    };
  },
  update: async (client, id, spec) => client.put(`${POLICIES}/${id}`, await bodyOf(client, spec)),
  remove: (client, id) => client.remove(`${POLICIES}/${id}`),
};

/** Harbor's triggers in our words. */
const WHEN: Readonly<Record<string, string>> = {
  event_based: 'pushed',
  manual: 'by-hand',
  scheduled: 'scheduled',
};

async function bodyOf(client: HarborClient, spec: JsonObject): Promise<JsonObject> {
  const pulls = text(spec, 'direction') === 'pull';
  const other = { id: await registryId(client, text(spec, 'registry')) };
  const trigger = Object.keys(WHEN).find((type) => WHEN[type] === text(spec, 'when')) ?? 'manual';
  return {
    name: text(spec, 'name'),
    // The side that is not named is this Harbor itself.
    ...(pulls ? { src_registry: other } : { dest_registry: other }),
    dest_namespace: text(spec, 'to'),
    filters: [
      { type: 'name', value: text(spec, 'repositories') },
      { type: 'tag', value: text(spec, 'tags'), decoration: 'matches' },
    ],
    trigger: { type: trigger, trigger_settings: { cron: text(spec, 'schedule') } },
    replicate_deletion: false,
    override: true,
    enabled: true,
  };
}

function registryNumber(found: JsonObject, side: string): number {
  const registry = found[side];
  const id =
    typeof registry === 'object' && registry !== null && 'id' in registry ? registry['id'] : 0;
  return typeof id === 'number' ? id : 0;
}
