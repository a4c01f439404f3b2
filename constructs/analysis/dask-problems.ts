import type { Construct } from 'constructs';

import { imageProblems, registryProblems } from '../kit/image-rules';
import { unknownGroups } from '../kit/known-groups';
import { spanProblems } from '../kit/span';
import { targetOf } from '../targets';
import { USUAL_SCHEDULER } from './dask-props';
import type { DaskGatewayProps, DaskLimits, DaskOption, DaskProfile } from './dask-props';
import { tenantProblems, type ScaleTenant } from './scale-tenant';

/** Everything that is wrong with a gateway's props. */
export function daskProblems(scope: Construct, props: DaskGatewayProps): string[] {
  const { tenants, profiles, registries, identity, idleMinutes = 60, replicas = 2 } = props;
  const scheduler = props.scheduler ?? USUAL_SCHEDULER;
  const target = targetOf(scope);
  return [
    ...target.problemsOf('Dask Gateway', 'crd-v1'),
    ...target.problemsOf('its proxy, Traefik 3,', 'endpoint-slice-v1'),
    ...tenantProblems(scope, tenants, identity),
    ...registryProblems(registries),
    ...(profiles.length > 0 ? [] : [`'profiles' must list at least one, got none`]),
    ...twice(profiles.map(({ name }) => name)).map(
      (name) => `'profiles' has two with the name '${name}'; rename one`,
    ),
    ...profiles.flatMap((profile) =>
      profileProblems(profile, props).map((problem) => `profile '${profile.name}': ${problem}`),
    ),
    ...spanProblems('scheduler.cpu', scheduler.cpu),
    ...spanProblems('scheduler.memoryGiB', scheduler.memoryGiB),
    ...optionProblems(props.options ?? []),
    ...limitProblems('limits', props.limits),
    ...Object.entries(props.groupLimits ?? {}).flatMap(([group, limits]) => [
      ...unknownGroups([group], identity).map((problem) => `'groupLimits': ${problem}`),
      ...limitProblems(`groupLimits.${group}`, limits),
    ]),
    ...Object.entries(props.userLimits ?? {}).flatMap(([user, limits]) =>
      limitProblems(`userLimits.${user}`, limits),
    ),
    ...(idleMinutes >= 5
      ? []
      : [
          `'idleMinutes' must be at least 5, or clusters end between two cells, got '${idleMinutes}'`,
        ]),
    ...(Number.isInteger(replicas) && replicas >= 1
      ? []
      : [`'replicas' must be a whole number from 1, got '${replicas}'`]),
  ];
}

function profileProblems(profile: DaskProfile, props: DaskGatewayProps): string[] {
  const { name, image, cpu, memoryGiB, threads, groups, home, scratchGiB = 10 } = profile;
  return [
    ...(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)
      ? []
      : [`'name' must be lower-case letters, digits and '-', at most 40, got '${name}'`]),
    ...imageProblems(image, props.registries),
    ...spanProblems('cpu', cpu),
    ...spanProblems('memoryGiB', memoryGiB),
    ...(threads === undefined || (Number.isInteger(threads) && threads >= 1)
      ? []
      : [`'threads' must be a whole number from 1, got '${threads}'`]),
    ...(home === undefined || home.startsWith('/')
      ? []
      : [`'home' must be an absolute path, got '${home}'`]),
    ...(scratchGiB > 0 ? [] : [`'scratchGiB' must be above 0, got '${scratchGiB}'`]),
    ...(groups?.length === 0
      ? [`'groups' is empty, so nobody could take it; leave it out for everybody`]
      : []),
    ...unknownGroups(groups ?? [], props.identity),
    ...workerProblems(profile),
    ...takers(profile, props.tenants).flatMap((tenant) => quotaProblems(profile, tenant, props)),
  ];
}

/** Upstream 2026.3.0 has back ends for Kubernetes, YARN, PBS and Slurm, one for each server. */
function workerProblems({ workers }: DaskProfile): string[] {
  if (workers === undefined || workers.kind === 'pods') return [];
  return workers.pool === undefined
    ? [`'workers' of HTCondor need a 'pool', got none; give the site's pool, or run them as pods`]
    : [
        `'workers' cannot be jobs of the pool at ${workers.pool.collector}: Dask Gateway has no back end for HTCondor; ` +
          `run them as pods, or let people start an HTCondorCluster of dask-jobqueue in their session`,
      ];
}

/** The tenants whose people may take a profile. Somebody may be of groups that share no tenant, and then it may be any. */
function takers({ groups }: DaskProfile, tenants: readonly ScaleTenant[]): readonly ScaleTenant[] {
  if (groups === undefined) return tenants;
  const shared = tenants.filter((tenant) => tenant.groups.some((group) => groups.includes(group)));
  return shared.length > 0 ? shared : tenants;
}

/** A pod over quota is never made, so a worker has to fit beside its scheduler. */
function quotaProblems(
  { cpu, memoryGiB }: DaskProfile,
  { namespace, quota }: ScaleTenant,
  { scheduler = USUAL_SCHEDULER }: DaskGatewayProps,
): string[] {
  const left = {
    cpu: quota.cpu - scheduler.cpu.least,
    memoryGiB: quota.memoryGiB - scheduler.memoryGiB.most,
  };
  return [
    ...(memoryGiB.most <= left.memoryGiB
      ? []
      : [
          `'memoryGiB.most' ${memoryGiB.most} is above the quota of tenant '${namespace}', whose ${quota.memoryGiB} GiB leave ${left.memoryGiB} beside a scheduler; lower it, or raise the quota`,
        ]),
    ...(cpu.least <= left.cpu
      ? []
      : [
          `'cpu.least' ${cpu.least} is above the quota of tenant '${namespace}', whose ${quota.cpu} cores leave ${left.cpu} beside a scheduler; lower it, or raise the quota`,
        ]),
  ];
}

/** Options that every gateway has. */
const OWN_OPTIONS = ['tenant', 'profile'];

function optionProblems(options: readonly DaskOption[]): string[] {
  const names = options.map(({ name }) => name);
  const variables = options.map(({ variable }) => variable);
  return [
    ...twice(names).map((name) => `'options' has two with the name '${name}'; rename one`),
    ...twice(variables).map(
      (variable) => `'options' sets the variable '${variable}' twice; take another for one`,
    ),
    ...names
      .filter((name) => OWN_OPTIONS.includes(name))
      .map((name) => `'options' has '${name}', which every gateway has by itself; rename it`),
    ...options.flatMap(({ name, variable, choices }) => [
      ...(/^[a-z][a-z0-9_]*$/.test(name)
        ? []
        : [`'options' must have names of Python variables, lower case, got '${name}'`]),
      ...(/^[A-Z][A-Z0-9_]*$/.test(variable) && !/^(DASK_|HOME$|PATH$|LD_|PYTHON)/.test(variable)
        ? []
        : [
            `option '${name}': 'variable' must be upper case and none of the system's or Dask's own, got '${variable}'`,
          ]),
      ...(choices.length > 0
        ? []
        : [`option '${name}': 'choices' must list at least one, got none`]),
    ]),
  ];
}

function limitProblems(field: string, limits: DaskLimits): string[] {
  return [
    ...(['clusters', 'workers'] as const)
      .filter((name) => !Number.isInteger(limits[name]) || limits[name] < 1)
      .map((name) => `'${field}.${name}' must be a whole number from 1, got '${limits[name]}'`),
    ...(['cpu', 'memoryGiB'] as const)
      .filter((name) => !(limits[name] > 0))
      .map((name) => `'${field}.${name}' must be above 0, got '${limits[name]}'`),
  ];
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
