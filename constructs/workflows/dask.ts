import type { EnvVar } from 'kubernetes-types/core/v1';
import type { Construct } from 'constructs';

import { find } from '../kit/findings';
import { mebibytes } from '../kit/quantity';
import type { Target } from '../targets';
import type { DaskChoice, ReanaDask } from './extra-props';
import { variables, type ReanaSite } from './reana-site';

/** Label of every pod of a Dask cluster, with the workflow as value: the operator takes it over from the cluster that REANA makes. */
export const DASK_PODS = 'reana-run-dask-workflow-uuid';

/** Ports of a scheduler, as REANA's template has them. */
export const DASK_PORTS = { scheduler: 8786, dashboard: 8787 } as const;

interface DaskLimits {
  readonly clusterMiB: number;
  readonly workers: DaskChoice;
  readonly workerMiB: DaskChoice;
  readonly workerThreads: DaskChoice;
}

/** What is left out is as in upstream's chart. */
function limitsOf(dask: ReanaDask): DaskLimits {
  return {
    clusterMiB: dask.clusterMiB ?? 16 * 1024,
    workers: dask.workers ?? { usual: 2, most: 20 },
    workerMiB: dask.workerMiB ?? { usual: 2 * 1024, most: 8 * 1024 },
    workerThreads: dask.workerThreads ?? { usual: 4, most: 8 },
  };
}

/**
 * What server and workflow controller are told of Dask. Where nothing is said they take it to be there, so that it is off is said as well. Traefik is
 * for the pages of schedulers alone, and these are not published: they ask nobody who he is.
 */
export function daskVariables(site: ReanaSite): EnvVar[] {
  if (site.release === '0.9.4') return [];
  const { dask } = site;
  if (dask === undefined) return variables({ DASK_ENABLED: 'false' });
  const { clusterMiB, workers, workerMiB, workerThreads } = limitsOf(dask);
  return variables({
    DASK_AUTOSCALER_ENABLED: String(dask.autoscaled ?? true),
    DASK_ENABLED: 'true',
    REANA_DASK_CLUSTER_DEFAULT_NUMBER_OF_WORKERS: String(workers.usual),
    REANA_DASK_CLUSTER_DEFAULT_SINGLE_WORKER_MEMORY: mebibytes(workerMiB.usual),
    REANA_DASK_CLUSTER_DEFAULT_SINGLE_WORKER_THREADS: String(workerThreads.usual),
    REANA_DASK_CLUSTER_MAX_MEMORY_LIMIT: mebibytes(clusterMiB),
    REANA_DASK_CLUSTER_MAX_NUMBER_OF_WORKERS: String(workers.most),
    REANA_DASK_CLUSTER_MAX_SINGLE_WORKER_MEMORY: mebibytes(workerMiB.most),
    REANA_DASK_CLUSTER_MAX_SINGLE_WORKER_THREADS: String(workerThreads.most),
    TRAEFIK_ENABLED: 'false',
    TRAEFIK_EXTERNAL: 'false',
  });
}

/** Says to reviewers what users can do to each other. */
export function findDask(scope: Construct, { dask, props }: ReanaSite): void {
  if (dask === undefined) return;
  find(scope, {
    rule: 'reana/dask-between-users',
    severity: 'warning',
    reason: `runs of the REANA '${props.host}' may reach each other's Dask clusters, which ask nobody who he is: ${dask.consent}`,
    fix: `leave 'dask' out, or have one REANA for each group of people who trust each other`,
  });
}

/** What is wrong with it, one message each. */
export function daskProblems(target: Target, { dask, release }: ReanaSite): string[] {
  if (dask === undefined) return [];
  const limits = limitsOf(dask);
  const { clusterMiB, workers, workerMiB } = limits;
  return [
    ...(release === '0.9.4'
      ? [
          "'dask' must be left out with release '0.9.4', which has nothing of it; take release '0.95.0-alpha.5', or a DaskGatewayStack beside REANA",
        ]
      : []),
    ...target.problemsOf("'dask'", 'crd-v1'),
    ...(dask.consent.trim() === ''
      ? ["'dask.consent' must say why users may reach each other's clusters of Dask, got ''"]
      : []),
    ...whole('dask.clusterMiB', clusterMiB),
    ...(['workers', 'workerMiB', 'workerThreads'] as const).flatMap((field) =>
      choiceProblems(`dask.${field}`, limits[field]),
    ),
    ...(workers.usual * workerMiB.usual > clusterMiB
      ? [
          `'dask.clusterMiB' must hold what a workflow has that asks for nothing: ${workers.usual} workers of ${workerMiB.usual} MiB, got ${clusterMiB}`,
        ]
      : []),
  ];
}

function choiceProblems(prop: string, { usual, most }: DaskChoice): string[] {
  return [
    ...whole(`${prop}.usual`, usual),
    ...whole(`${prop}.most`, most),
    ...(usual > most
      ? [`'${prop}.usual' must be at most '${prop}.most' (${most}), got ${usual}`]
      : []),
  ];
}

function whole(prop: string, value: number): string[] {
  return Number.isInteger(value) && value >= 1
    ? []
    : [`'${prop}' must be a whole number from 1, got '${value}'`];
}
