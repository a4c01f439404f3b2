import { textAt } from '../../plan/json';
import type { JsonObject } from '../../plan/model';
import { byName, number, text, type KindOfThing } from './kind';

/** Other registries. */
export const REGISTRY: KindOfThing = {
  create: async (client, spec) => {
    const there = await byName(client, '/registries', text(spec, 'name'));
    if (there !== undefined) {
      const id = String(number(there, 'id'));
      await REGISTRY.update(client, id, spec);
      return id;
    }
    const { name, type, url } = spec;
    const user = text(spec, 'user');
    const login: JsonObject =
      user === ''
        ? {}
        : {
            credential: { type: 'basic', access_key: user, access_secret: text(spec, 'password') },
          };
    return client.create('/registries', { name, type, url, insecure: false, ...login });
  },
  read: async (client, id, spec) => {
    const found = await client.find(`/registries/${id}`);
    if (found === undefined) return undefined;
    const user = textAt(found, 'credential', 'access_key') ?? '';
    const { name, type, url } = found;
    // Harbor hides the password; of another user it is certainly another.
    return { name, type, url, user, password: user === text(spec, 'user') ? spec['password'] : '' };
  },
  update: (client, id, spec) =>
    client.put(`/registries/${id}`, {
      name: spec['name'],
      url: spec['url'],
      insecure: false,
      credential_type: 'basic',
      access_key: text(spec, 'user'),
      access_secret: text(spec, 'password'),
    }),
  remove: (client, id) => client.remove(`/registries/${id}`),
};
