import type { Construct } from 'constructs';

import { targetOf, type Target } from '../targets';
import type { TenantProps, TenantSpace } from './tenant-props';
import { roleProblems } from './tenant-role-problems';
import { trafficProblems } from './tenant-traffic-problems';

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const RESERVED = /^(default|kube-.*|openshift|openshift-.*)$/;
/** An extended resource: a domain and a name. */
const DEVICE = /^[a-z0-9.-]+\.[a-z]+\/[A-Za-z0-9._-]+$/;

/** Everything that is wrong with a tenant. */
export function tenantProblems(
  at: Construct,
  namespaces: readonly string[],
  props: TenantProps,
): string[] {
  const [first = '', ...more] = namespaces;
  return [
    ...nameProblems('its namespace', first),
    ...more.flatMap((name) => nameProblems("the name of one of 'more'", name)),
    ...(more.includes(first)
      ? [`'more' must not name '${first}', the namespace of the tenant itself`]
      : []),
    ...spaceProblems(targetOf(at), '', props),
    ...Object.entries(props.more ?? {}).flatMap(([name, space]) =>
      spaceProblems(targetOf(at), `more.${name}.`, space),
    ),
    ...roleProblems(props.roles ?? {}),
    ...(props.pulls ?? [])
      .filter((project) => !/^[a-z0-9]+([._-][a-z0-9]+)*$/.test(project))
      .map((project) => `'pulls' must name projects of the registry, got '${project}'`),
  ];
}

function nameProblems(what: string, name: string): string[] {
  return [
    ...(DNS_LABEL.test(name)
      ? []
      : [`${what} must be lower-case letters, digits and '-', at most 63, got '${name}'`]),
    ...(RESERVED.test(name) ? [`${what} must not be one of the cluster's own, got '${name}'`] : []),
  ];
}

function spaceProblems(target: Target, at: string, space: TenantSpace): string[] {
  return [
    ...quotaProblems(at, space),
    ...storageProblems(at, space),
    ...consentProblems(target, at, space),
    ...trafficProblems(target, `${at}traffic`, space.traffic ?? {}),
  ];
}

function quotaProblems(at: string, { quota, limits }: TenantSpace): string[] {
  const counts = {
    pods: quota.pods,
    claims: quota.claims ?? 20,
    ...(quota.loadBalancers === undefined ? {} : { loadBalancers: quota.loadBalancers }),
    ...quota.devices,
  };
  const amounts = { cpu: quota.cpu, memoryGiB: quota.memoryGiB, storageGiB: quota.storageGiB };
  const largest = limits?.largestMemoryGiB ?? quota.memoryGiB;
  return [
    ...Object.entries(counts).flatMap(([field, value]) =>
      Number.isInteger(value) && value >= 0
        ? []
        : [`'${at}quota.${field}' must be a whole number from 0, got '${value}'`],
    ),
    ...Object.entries(amounts).flatMap(([field, value]) =>
      value >= 0 ? [] : [`'${at}quota.${field}' must be 0 or more, got '${value}'`],
    ),
    ...Object.keys(quota.devices ?? {})
      .filter((name) => !DEVICE.test(name))
      .map(
        (name) =>
          `'${at}quota.devices' must name resources such as 'nvidia.com/gpu', got '${name}'`,
      ),
    ...(largest <= quota.memoryGiB
      ? []
      : [
          `'${at}limits.largestMemoryGiB' must fit the quota of ${quota.memoryGiB}, got '${largest}'`,
        ]),
  ];
}

function storageProblems(at: string, { storage = {}, quota }: TenantSpace): string[] {
  return Object.entries(storage).flatMap(([name, { storageGiB, claims }]) => [
    ...(Number.isInteger(claims) && claims >= 0
      ? []
      : [`'${at}storage.${name}.claims' must be a whole number from 0, got '${claims}'`]),
    ...(storageGiB >= 0 && storageGiB <= quota.storageGiB
      ? []
      : [
          `'${at}storage.${name}.storageGiB' must be from 0 to the ${quota.storageGiB} of the quota, got '${storageGiB}'`,
        ]),
  ]);
}

/** Pod Security and SCCs both judge a pod: an SCC that lets in what the level refuses is no help. */
function consentProblems(target: Target, at: string, { level, sccs = [] }: TenantSpace): string[] {
  const given = [
    ...(level === undefined ? [] : [['level', level.consent]]),
    ...sccs.map(({ serviceAccount, consent }) => [`sccs.${serviceAccount}`, consent]),
  ];
  const seen = sccs.map(({ serviceAccount }) => serviceAccount);
  return [
    ...given
      .filter(([, consent = '']) => consent.trim().length < 10)
      .map(
        ([field, consent]) =>
          `'${at}${field}.consent' must say who agreed and why, in a sentence, got '${consent}'`,
      ),
    ...(sccs.length === 0
      ? []
      : target.problemsOf(`'${at}sccs' of ServiceAccount '${seen.join("', '")}'`, 'scc')),
    ...seen
      .filter((name, index) => seen.indexOf(name) !== index || name === 'default')
      .map(
        (name) =>
          `'${at}sccs' must name ServiceAccounts of their own, each once, got '${name}' ${name === 'default' ? 'which every pod has that names none' : 'twice'}`,
      ),
    ...sccs
      .filter(({ scc }) => target.has('psa') && scc === 'anyuid' && level === undefined)
      .map(
        ({ serviceAccount }) =>
          `'${at}sccs.${serviceAccount}' may be root by 'anyuid', which Pod Security refuses at the level 'restricted'; give the namespace 'level' with 'baseline' and a consent, or use 'nonroot'`,
      ),
    ...sccs.flatMap(({ scc, serviceAccount }) =>
      typeof scc === 'object' && NODE_SCCS.includes(scc.named)
        ? [
            `'${at}sccs.${serviceAccount}' must not be '${scc.named}', which opens the node to a tenant; let the site run that workload in a namespace of its own`,
          ]
        : [],
    ),
  ];
}

const NODE_SCCS: readonly string[] = [
  'privileged',
  'hostaccess',
  'hostnetwork',
  'hostnetwork-v2',
  'hostmount-anyuid',
  'hostmount-anyuid-v2',
  'node-exporter',
];
