import type { IIdentityProvider } from '../contracts';

/** Groups that the identity provider does not have; nothing if it cannot list them. */
export function unknownGroups(
  groups: readonly string[],
  { groups: known }: IIdentityProvider,
): string[] {
  if (known === undefined) return [];
  return groups
    .filter((group) => !known.includes(group))
    .map(
      (group) =>
        `group '${group}' is not one of the identity provider's, ${known.join(', ')}; name one of them, or add it to the provider's 'groups'`,
    );
}
