import { isList } from '../../../plan/json';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, goes, listed } from '../look';
import type { Risk, Rule } from '../risk';
import { powersOfRole, subjectsOf } from './powers';

/** Directory entries of users and their groups: who can log in, and who gains what others have. */
export const directory: Rule = (change, context) => {
  const { kind } = manifestOf(change);
  if (kind === 'Group' || kind === 'User' || kind === 'Identity') {
    const [was, will] = beforeAndAfter(change, 'users');
    const lost = (Array.isArray(was) ? was : []).filter(
      (user) => !Array.isArray(will) || !will.includes(user),
    );
    if (!goes(change) && lost.length === 0) return kind === 'Group' ? joined(change, context) : [];
    return [
      {
        rule: 'members-removed',
        severity: 'medium',
        why: goes(change)
          ? `${kind} '${manifestOf(change).metadata.name}' goes`
          : `${listed(lost.map(String))} leaves the group`,
        lost: 'their rights through it',
        instead: 'nothing, if it is meant',
      },
    ];
  }
  return [];
};

/** Members of a group have what is bound to it. */
function joined(change: Change, { after }: Context): Risk[] {
  const [was, will] = beforeAndAfter(change, 'users').map((users) =>
    isList(users) ? users.map(String) : [],
  );
  const fresh = (will ?? []).filter((user) => was?.includes(user) !== true);
  if (fresh.length === 0 || change.operation !== 'update') return [];
  const { name } = manifestOf(change).metadata;
  const bindings = [...after.all('ClusterRoleBinding'), ...after.all('RoleBinding')].filter(
    ({ manifest }) =>
      subjectsOf(manifest).some((subject) => subject.kind === 'Group' && subject.name === name),
  );
  const powers = bindings.flatMap(({ manifest }) =>
    manifest.kind === 'ClusterRoleBinding' ? powersOfRole(manifest, after) : [],
  );
  return [
    {
      rule: 'members-added',
      severity: powers.length > 0 ? 'high' : 'low',
      why: `${listed(fresh)} joins '${name}'${powers.length > 0 ? `, whose members may ${listed([...new Set(powers)])} in the whole cluster` : ''}`,
      lost: powers.length > 0 ? 'the limits of these people' : 'nothing',
      instead: powers.length > 0 ? 'make sure that whoever agreed is who may' : 'nothing',
    },
  ];
}
