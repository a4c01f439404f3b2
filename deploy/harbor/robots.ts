import { objectsAt, textAt } from '../../plan/json';
import type { JsonObject } from '../../plan/model';
import type { HarborClient } from './client';
import { number, projectId, text, type KindOfThing } from './kind';

/** Accounts for programs, of one project each. Their tokens are ours: Harbor never says one that it was told. */
export const ROBOT: KindOfThing = {
  create: async (client, spec) => {
    const there = await robotOf(client, spec);
    if (there !== undefined) {
      const id = String(number(there, 'id'));
      await ROBOT.update(client, id, spec);
      return id;
    }
    const id = await client.create('/robots', { name: text(spec, 'name'), ...bodyOf(spec) });
    try {
      await client.patch(`/robots/${id}`, { secret: text(spec, 'token') });
    } catch (error) {
      // With a token that nobody knows it would be of no use, and in nobody's state.
      await client.remove(`/robots/${id}`);
      throw error;
    }
    return id;
  },
  read: async (client, id, spec) => {
    const found = await client.find(`/robots/${id}`);
    if (found === undefined) return undefined;
    const [permission] = objectsAt(found, 'permissions');
    const actions = objectsAt(permission, 'access')
      .filter((access) => textAt(access, 'resource') === 'repository')
      .map((access) => text(access, 'action'));
    return {
      ...spec,
      project: textAt(permission, 'namespace') ?? '',
      may: found['disable'] === true ? [] : actions.sort(),
      days: found['duration'],
    };
  },
  update: async (client, id, spec) => {
    const { name } = (await client.find(`/robots/${id}`)) ?? {};
    await client.put(`/robots/${id}`, { name, disable: false, ...bodyOf(spec) });
    await client.patch(`/robots/${id}`, { secret: text(spec, 'token') });
  },
  remove: (client, id) => client.remove(`/robots/${id}`),
};

function bodyOf(spec: JsonObject): JsonObject {
  const may = spec['may'];
  const actions = Array.isArray(may) ? may : [];
  const access = actions.map((action: unknown) => ({
    resource: 'repository',
    action: String(action),
  }));
  return {
    level: 'project',
    duration: number(spec, 'days'),
    permissions: [{ kind: 'project', namespace: text(spec, 'project'), access }],
  };
}

async function robotOf(client: HarborClient, spec: JsonObject): Promise<JsonObject | undefined> {
  const project = await projectId(client, text(spec, 'project'));
  const query = encodeURIComponent(`Level=project,ProjectID=${project}`);
  const ending = `${text(spec, 'project')}+${text(spec, 'name')}`;
  return (await client.list(`/robots?q=${query}`)).find((robot) =>
    text(robot, 'name').endsWith(ending),
  );
}
