import type { TenantRole, TenantRule } from './tenant-props';

const VERBS: readonly string[] = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
const READING: readonly string[] = ['get', 'list', 'watch'];

/** What holds a tenant, and what is as good as somebody else's rights: group, resource, whose it is. */
const HELD: readonly (readonly [group: string, resource: string, why: string])[] = [
  ['', 'resourcequotas', 'quota is what holds the tenant'],
  ['', 'limitranges', 'limits are what holds the tenant'],
  ['', 'namespaces', "the namespace is the site's"],
  ['', 'serviceaccounts/token', 'a token of an account is all its rights'],
  ['networking.k8s.io', 'networkpolicies', "traffic is the site's to open: 'traffic'"],
  ['k8s.ovn.org', 'egressfirewalls', "traffic is the site's to open: 'traffic'"],
];

/** What is wrong with roles of a tenant's own: rights over rights, over what holds it, or over everything. */
export function roleProblems(roles: Readonly<Record<string, TenantRole>>): string[] {
  return Object.entries(roles).flatMap(([name, { rules, to }]) => {
    const at = `roles.${name}`;
    return [
      ...(/^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$/.test(name)
        ? []
        : [`the name of a role must be lower-case letters, digits and '-', got '${name}'`]),
      ...(rules.length > 0 ? [] : [`'${at}.rules' must have a rule`]),
      ...((to.groups ?? []).length + (to.users ?? []).length > 0
        ? []
        : [`'${at}.to' must name a group or a user`]),
      ...rules.flatMap((rule) => ruleProblems(at, rule)),
    ];
  });
}

function ruleProblems(at: string, { group, resources, verbs, names }: TenantRule): string[] {
  const given: readonly string[] = verbs;
  const writes = given.some((verb) => !READING.includes(verb));
  return [
    ...given
      .filter((verb) => !VERBS.includes(verb))
      .map(
        (verb) =>
          `'${at}' must not have the verb '${verb}'; a tenant's role has ${VERBS.join(', ')}, and 'escalate', 'bind', 'impersonate' and 'use' are the site's`,
      ),
    ...(verbs.length > 0 && resources.length > 0
      ? []
      : [`'${at}' must name resources and verbs, got ${resources.length} and ${verbs.length}`]),
    ...([group, ...resources].some((text) => text.includes('*'))
      ? [`'${at}' must name its groups and resources, got '*'`]
      : []),
    ...(group === 'rbac.authorization.k8s.io' && writes
      ? [`'${at}' must not change rights; make its people 'admins' of the tenant`]
      : []),
    ...(group === 'security.openshift.io'
      ? [`'${at}' must not be about SCCs; say which by 'sccs', with a consent`]
      : []),
    ...HELD.filter(
      ([itsGroup, resource]) => writes && group === itsGroup && resources.includes(resource),
    ).map(([, resource, why]) => `'${at}' must not change ${resource}: ${why}`),
    ...(group === '' && resources.includes('secrets') && names === undefined
      ? [`'${at}' must name the Secrets it is about in 'names', or leave them to 'editors'`]
      : []),
  ];
}
