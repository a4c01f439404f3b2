import type { LdapIdentityProps } from './identity-props';

/**
 * Annotation of the objects that hold how a directory is searched, with everything but the password as JSON. `beamline identity` reads it
 * off the plan and asks the directory whom the filters fit.
 */
export const DIRECTORY = 'beamline/directory';

/** The annotation for a directory. */
export function directoryFacts(directory: LdapIdentityProps): Record<string, string> {
  const { url, bind, users, groupSearch, ca, admins } = directory;
  const facts = { url, bindDn: bind?.dn, users, groupSearch, ca, adminGroups: admins.groups ?? [] };
  return { [DIRECTORY]: JSON.stringify(facts) };
}
