import type { IIdentityProvider } from '../contracts';
import type { IdentityProps } from './identity-props';

/** What a provider says of its people, from the site's declaration. */
export function peopleOf(
  props: IdentityProps,
): Pick<IIdentityProvider, 'groups' | 'admins' | 'selfRegistration'> {
  return {
    groups: props.groups,
    admins: { users: props.admins.users ?? [], groups: props.admins.groups ?? [] },
    selfRegistration: props.selfRegistration !== undefined,
  };
}

/** What is wrong with the people that a site names. */
export function peopleProblems({ admins, groups, selfRegistration }: IdentityProps): string[] {
  const known = groups;
  const named = admins.groups ?? [];
  return [
    ...(named.length === 0 && (admins.users ?? []).length === 0
      ? ["admins must name at least one user or group, or nobody can run the site's services"]
      : []),
    ...(known === undefined
      ? []
      : named
          .filter((group) => !known.includes(group))
          .map(
            (group) =>
              `admins.groups: '${group}' is none of the provider's groups (${known.join(', ')})`,
          )),
    ...(selfRegistration === undefined || selfRegistration.trim().length >= 10
      ? []
      : [
          `selfRegistration must say why accounts are open, in a sentence, got '${selfRegistration}'`,
        ]),
  ];
}
