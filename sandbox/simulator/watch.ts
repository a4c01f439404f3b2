import { setTimeout as sleep } from 'node:timers/promises';

import { makeInformer, type KubeConfig, type KubernetesObject } from '@kubernetes/client-node';
import pLimit from 'p-limit';
import pRetry from 'p-retry';
import { z } from 'zod';

import { messageOf } from '../../upstream/errors';
import type { ApiClient } from '../control-plane/api';

/** What the simulator's parts share: a connection and a queue for what they write. */
export interface World {
  readonly api: ApiClient;
  readonly kubeconfig: KubeConfig;
}

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(z.record(z.string(), z.unknown())),
});

/** Watches one resource in all namespaces. */
export interface Watched {
  /** Everything there is now. */
  list(): readonly KubernetesObject[];
  stop(): Promise<void>;
}

/**
 * Tells of every object under an API path, now and whenever one appears or changes. Survives an API
 * server that goes away and comes back: the list is read anew.
 */
export function watch(
  world: World,
  path: string,
  changed: (object: KubernetesObject) => void,
): Watched {
  const read = async (): Promise<ListOfObjects> => {
    const { metadata, items } = listSchema.parse(await world.api.send('GET', path));
    return { apiVersion: '', kind: '', metadata, items };
  };
  const informer = makeInformer<KubernetesObject>(world.kubeconfig, path, read);
  let stopped = false;
  // One object that is not as expected must not end the process that all others need.
  const guarded = (object: KubernetesObject): void => {
    try {
      changed(object);
    } catch (error) {
      log(`${path} ${object.metadata?.namespace ?? ''}/${object.metadata?.name ?? ''}`, error);
    }
  };
  informer.on('add', guarded);
  informer.on('update', guarded);
  informer.on('error', () => {
    if (!stopped)
      void sleep(1_000, undefined, { ref: false }).then(() =>
        stopped ? undefined : informer.start(),
      );
  });
  void informer.start();
  return {
    list: () => informer.list(),
    stop: async () => {
      stopped = true;
      await informer.stop();
    },
  };
}

interface ListOfObjects {
  apiVersion: string;
  kind: string;
  metadata: { resourceVersion: string };
  items: KubernetesObject[];
}

/** Writes wait for one another a little: the API server has other things to do. */
const queue = pLimit(8);

/** Does something to the cluster in the background, and again for a while if it fails. */
export function later(what: string, work: () => Promise<void>): void {
  const attempt = queue(() => pRetry(work, { retries: 6, minTimeout: 100, maxTimeout: 5_000 }));
  attempt.catch((error: unknown) => log(what, error));
}

function log(what: string, error: unknown): void {
  process.stderr.write(`${new Date().toISOString()} ${what}: ${messageOf(error)}
`);
}

export const MERGE = 'application/merge-patch+json';
