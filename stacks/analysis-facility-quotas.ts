import type { DaskLimits } from '../constructs/analysis/dask-props';
import { hubShare } from '../constructs/notebooks/hub-problems';
import {
  namespacesOf,
  type AnalysisFacilityStackProps,
  type FacilityNotebooks,
  type FacilityTenant,
} from './analysis-facility-props';
import { notebookClaims } from './notebooks-stack';

/** Hub and proxy. */
const HUB_PODS = 2;
/** What the claim of a CVMFS share asks for, though it stores nothing. */
const SHARE_GIB = 1 / 1024;

/** Quotas that are smaller than what the parts need: pods over quota are never made, and somebody waits for them. */
export function quotaProblems(props: AnalysisFacilityStackProps): string[] {
  return [...notebookProblems(props), ...props.tenants.flatMap((one) => daskProblems(one, props))];
}

/** The hub, a home for everybody, and the sessions that are expected at one time. */
function notebookProblems(props: AnalysisFacilityStackProps): string[] {
  const { quota, homes, expect } = props.notebooks;
  const wrong = Object.entries(expect).filter(([, value]) => !Number.isInteger(value) || value < 1);
  if (wrong.length > 0) {
    return wrong.map(
      ([field, value]) =>
        `'notebooks.expect.${field}' must be a whole number from 1, got '${value}'`,
    );
  }
  const needed = notebooksNeed(props);
  const given = { ...quota, claims: notebookClaims({ quota, homes }) };
  const what = `${expect.sessions} sessions at one time and the homes of ${expect.people} people`;
  return (['cpu', 'memoryGiB', 'pods', 'storageGiB', 'claims'] as const)
    .filter((field) => given[field] < needed[field])
    .map(
      (field) =>
        `'notebooks.quota.${field}' ${given[field]} is less than the ${needed[field]} of the hub, ${what}; raise it, or expect fewer`,
    );
}

type Need = Readonly<Record<'cpu' | 'memoryGiB' | 'pods' | 'storageGiB' | 'claims', number>>;

function notebooksNeed(props: AnalysisFacilityStackProps): Need {
  const { profiles, expect, database } = props.notebooks;
  const share = hubShare(props.notebooks);
  const { notebooks: namespace = '' } = namespacesOf(props);
  const shares = props.cvmfs?.mountsIn(namespace).length ?? 0;
  const homes = homesOf(props.notebooks);
  const file =
    database.kind === 'sqlite'
      ? { claims: 1, sizeGiB: database.sizeGiB ?? 1 }
      : { claims: 0, sizeGiB: 0 };
  return {
    cpu: tidy(share.cpu + expect.sessions * least(profiles.map(({ cpu }) => cpu.least))),
    memoryGiB: tidy(
      share.memoryGiB + expect.sessions * least(profiles.map((one) => one.memoryGiB.most)),
    ),
    pods: HUB_PODS + expect.sessions,
    storageGiB: tidy(file.sizeGiB + homes.claims * homes.sizeGiB + shares * SHARE_GIB),
    claims: file.claims + homes.claims + shares,
  };
}

function homesOf({ homes, expect }: FacilityNotebooks): {
  readonly claims: number;
  readonly sizeGiB: number;
} {
  switch (homes.kind) {
    case 'claims':
      return { claims: expect.people, sizeGiB: homes.sizeGiB };
    case 'shared-claim':
      return { claims: 1, sizeGiB: homes.sizeGiB };
    case 'share':
      return { claims: 0, sizeGiB: 0 };
  }
}

/** One cluster at its limits has to fit the tenant's namespace, and each pod what one container may ask for. */
function daskProblems(
  { name, quota, limits, dask: own }: FacilityTenant,
  { dask }: AnalysisFacilityStackProps,
): string[] {
  if (dask === undefined) return [];
  const field = own === undefined ? "'dask.limits" : "'dask";
  const most: DaskLimits = own ?? dask.limits;
  const needs = [
    { limit: 'cpu', value: most.cpu, of: 'cpu', given: quota.cpu },
    { limit: 'memoryGiB', value: most.memoryGiB, of: 'memoryGiB', given: quota.memoryGiB },
    { limit: 'workers', value: most.workers + 1, of: 'pods', given: quota.pods },
  ];
  const largest = limits?.largestMemoryGiB ?? quota.memoryGiB;
  const takers = dask.profiles.filter(({ tenants }) => tenants?.includes(name) ?? true);
  return [
    ...needs
      .filter(({ value, given }) => value > given)
      .map(
        ({ limit, value, of, given }) =>
          `'quota.${of}' ${given} is less than the ${value} that one Dask cluster may have by ${field}.${limit}'; raise it, or lower the limit`,
      ),
    ...takers
      .filter(({ memoryGiB }) => memoryGiB.most > largest && memoryGiB.most <= quota.memoryGiB)
      .map(
        (profile) =>
          `'limits.largestMemoryGiB' ${largest} is less than a worker of Dask profile '${profile.name}' may grow to, ${profile.memoryGiB.most}; raise it, or keep the profile to other 'tenants'`,
      ),
  ].map((problem) => `tenant '${name}': ${problem}`);
}

function least(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.min(...values);
}

function tidy(value: number): number {
  return Math.round(value * 1000) / 1000;
}
