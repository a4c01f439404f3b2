import type { JsonObject } from '../../plan/model';
import type { HarborClient } from './client';
import { number, text, type KindOfThing } from './kind';

/** Harbor's numbers for roles and for where a group is known (`src/common/const.go`). */
const ROLES: Readonly<Record<string, number>> = {
  admin: 1,
  developer: 2,
  guest: 3,
  maintainer: 4,
  'limited-guest': 5,
};
const LDAP_GROUP = 1;
const OIDC_GROUP = 3;

/** Members of projects. */
export const MEMBER: KindOfThing = {
  create: async (client, spec) => {
    const there = (await membersOf(client, spec)).find((member) => isSame(member, spec));
    if (there !== undefined) {
      const id = String(number(there, 'id'));
      await MEMBER.update(client, id, spec);
      return id;
    }
    return client.create(path(spec), { role_id: roleOf(spec), ...memberOf(spec) });
  },
  read: async (client, id, spec) => {
    const found = (await membersOf(client, spec)).find(
      (member) => String(number(member, 'id')) === id,
    );
    if (found === undefined) return undefined;
    const role = Object.keys(ROLES).find((name) => ROLES[name] === found['role_id']) ?? 'unknown';
    return { ...spec, role };
  },
  update: (client, id, spec) => client.put(`${path(spec)}/${id}`, { role_id: roleOf(spec) }),
  remove: (client, id, spec) => client.remove(`${path(spec)}/${id}`),
};

function path(spec: JsonObject): string {
  return `/projects/${text(spec, 'project')}/members`;
}

function roleOf(spec: JsonObject): number {
  const role = text(spec, 'role');
  const found = ROLES[role];
  if (found === undefined) throw new Error(`Harbor has no role '${role}'`);
  return found;
}

function memberOf(spec: JsonObject): JsonObject {
  const who = text(spec, 'who');
  if (text(spec, 'kind') === 'user') return { member_user: { username: who } };
  return {
    member_group:
      text(spec, 'people') === 'ldap'
        ? { group_type: LDAP_GROUP, ldap_group_dn: who }
        : { group_type: OIDC_GROUP, group_name: who },
  };
}

async function membersOf(client: HarborClient, spec: JsonObject): Promise<JsonObject[]> {
  return client.list(path(spec));
}

/** Harbor names a group of LDAP by the first part of its distinguished name. */
function isSame(member: JsonObject, spec: JsonObject): boolean {
  const who = text(spec, 'who');
  const [first = ''] = who.split(',');
  const short = first.slice(first.indexOf('=') + 1);
  const type = text(spec, 'kind') === 'user' ? 'u' : 'g';
  return member['entity_type'] === type && [who, short].includes(text(member, 'entity_name'));
}
