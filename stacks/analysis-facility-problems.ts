import { unknownGroups } from '../constructs/kit/known-groups';
import {
  groupsOf,
  namespacesOf,
  type AnalysisFacilityStackProps,
  type ForTenants,
} from './analysis-facility-props';
import { quotaProblems } from './analysis-facility-quotas';

/** Everything in which the parts of a facility do not fit together. What is wrong with a part alone, the part says. */
export function facilityProblems(props: AnalysisFacilityStackProps): string[] {
  return [
    ...namespaceProblems(props),
    ...hostProblems(props),
    ...tenantProblems(props),
    ...profileProblems(props),
    ...limitProblems(props),
    ...cvmfsProblems(props),
    ...networkProblems(props),
    ...quotaProblems(props),
  ];
}

function namespaceProblems(props: AnalysisFacilityStackProps): string[] {
  const parts = Object.entries(namespacesOf(props)).flatMap(([part, namespace]) =>
    namespace === undefined ? [] : [{ owner: `'${part}'`, namespace }],
  );
  const tenants = props.tenants.flatMap(({ name, more = {} }) =>
    [name, ...Object.keys(more)].map((namespace) => ({ owner: `tenant '${name}'`, namespace })),
  );
  return shared([...parts, ...tenants].map(({ owner, namespace: key }) => ({ owner, key }))).map(
    ({ key, owners }) =>
      `namespace '${key}' is of ${owners}; each needs one of its own, so rename one`,
  );
}

function hostProblems({ notebooks, dask, spark, glidein }: AnalysisFacilityStackProps): string[] {
  const hosts = {
    'notebooks.host': notebooks.host,
    'dask.host': dask?.host,
    'spark.history.host': spark?.history?.host,
    'glidein.host': glidein?.host,
  };
  const used = Object.entries(hosts).flatMap(([field, key]) =>
    key === undefined ? [] : [{ owner: `'${field}'`, key }],
  );
  return shared(used).map(
    ({ key, owners }) => `host '${key}' is of ${owners}; give each a host of its own`,
  );
}

function tenantProblems({
  tenants,
  identity,
  dask,
  htcondor,
}: AnalysisFacilityStackProps): string[] {
  return [
    ...(tenants.length > 0
      ? []
      : [`'tenants' must list at least one, got none; the people of a facility are its tenants'`]),
    ...tenants.flatMap((tenant) => {
      const groups = groupsOf(tenant);
      return [
        ...(groups.length > 0
          ? []
          : [
              `'admins' and 'editors' must name at least one group, got none: profiles and Dask go by groups; name the group of its people`,
            ]),
        ...unknownGroups(groups, identity),
        ...(tenant.dask !== undefined && dask === undefined
          ? [`'dask' sets limits, but the facility has no 'dask'; add it, or leave the limits out`]
          : []),
        ...(tenant.batch !== undefined && htcondor === undefined
          ? [`'batch' is a share of no pool; add 'htcondor' to the facility, or leave it out`]
          : []),
      ].map((problem) => `tenant '${tenant.name}': ${problem}`);
    }),
  ];
}

function profileProblems({ tenants, notebooks, dask }: AnalysisFacilityStackProps): string[] {
  const names = tenants.map(({ name }) => name);
  const unknown = (field: string, profiles: readonly ({ readonly name: string } & ForTenants)[]) =>
    profiles.flatMap((profile) => [
      ...(profile.tenants?.length === 0
        ? [
            `${field} profile '${profile.name}': 'tenants' is empty, so nobody could take it; leave it out for everybody`,
          ]
        : []),
      ...(profile.tenants ?? [])
        .filter((tenant) => !names.includes(tenant))
        .map(
          (tenant) =>
            `${field} profile '${profile.name}': '${tenant}' is no tenant, ${names.join(', ') || 'as there are none'}; name one of them`,
        ),
    ]);
  return [
    ...unknown("'notebooks'", notebooks.profiles),
    ...unknown("'dask'", dask?.profiles ?? []),
  ];
}

/** Limits go by group, so a group of two tenants can have one set of them. */
function limitProblems({ tenants }: AnalysisFacilityStackProps): string[] {
  const limited = tenants.filter(({ dask }) => dask !== undefined);
  const uses = limited.flatMap((tenant) =>
    groupsOf(tenant).map((key) => ({ owner: `tenant '${tenant.name}'`, key })),
  );
  return shared(uses).map(
    ({ key, owners }) =>
      `group '${key}' gets Dask limits from ${owners}, and a group can have one set; leave 'dask' out of one`,
  );
}

/** Repositories that sessions see and workers do not are found when jobs fail. */
function cvmfsProblems(props: AnalysisFacilityStackProps): string[] {
  const { cvmfs, tenants, dask, spark } = props;
  if (cvmfs === undefined) return [];
  const { notebooks, htcondor } = namespacesOf(props);
  const scaled = dask === undefined && spark === undefined ? [] : tenants;
  const readers = [
    { who: 'sessions', namespace: notebooks },
    { who: 'jobs of the pool', namespace: htcondor },
    ...scaled.map(({ name }) => ({ who: 'Dask and Spark', namespace: name })),
  ];
  return readers.flatMap(({ who, namespace }) =>
    namespace === undefined || cvmfs.mountsIn(namespace).length > 0
      ? []
      : [
          `'cvmfs' has no repository for namespace '${namespace}', so ${who} there would see none; add it to the 'readers' of a repository`,
        ],
  );
}

function networkProblems({ dataNetworks = [] }: AnalysisFacilityStackProps): string[] {
  return dataNetworks
    .filter((cidr) => !/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/.test(cidr) || cidr.endsWith('/0'))
    .map(
      (cidr) =>
        `'dataNetworks' must be networks such as '192.0.2.0/24', and not all addresses, got '${cidr}'`,
    );
}

interface Use {
  readonly key: string;
  readonly owner: string;
}

/** What has more than one owner, with all of them in one phrase. */
function shared(uses: readonly Use[]): { readonly key: string; readonly owners: string }[] {
  return [...new Set(uses.map(({ key }) => key))]
    .map((key) => uses.filter((use) => use.key === key))
    .filter(({ length }) => length > 1)
    .map((same) => ({
      key: same[0]?.key ?? '',
      owners: same.map(({ owner }) => owner).join(' and '),
    }));
}
