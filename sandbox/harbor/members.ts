import { isObject, textAt } from '../../plan/json';
import type { JsonObject } from '../../plan/model';
import { refused, type HarborAnswer } from './answer';

/** A request about the members of a project, or about one of them. */
export interface MembersRequest {
  readonly method: string;
  readonly id: string | undefined;
  readonly body: JsonObject;
}

/** Answers it, and changes the members. Harbor shows a group of LDAP by the first part of its distinguished name. */
export function answerMembers(
  members: Map<number, JsonObject>,
  nextId: () => number,
  { method, id, body }: MembersRequest,
): HarborAnswer {
  if (id === undefined && method === 'GET') return { status: 200, body: [...members.values()] };
  if (id === undefined) {
    const number = nextId();
    const { member_user: user, member_group: group } = body;
    const dn = textAt(group, 'ldap_group_dn')?.replace(/^[^=]+=([^,]+),.*$/, '$1');
    members.set(number, {
      id: number,
      entity_name: textAt(user, 'username') ?? dn ?? textAt(group, 'group_name') ?? '',
      entity_type: isObject(user) ? 'u' : 'g',
      role_id: body['role_id'],
    });
    return { status: 201, location: `/api/v2.0/projects/x/members/${number}` };
  }
  const member = members.get(Number(id));
  if (member === undefined) return refused(404, 'member not found');
  if (method === 'DELETE') members.delete(Number(id));
  else members.set(Number(id), { ...member, ...body });
  return { status: 200 };
}
