import { setTimeout as sleep } from 'node:timers/promises';

import type { Task } from '../../upstream/progress';
import { ApiClient } from './api';
import {
  freePorts,
  listens,
  readComponents,
  replacePorts,
  takenPorts,
  type Component,
} from './components';
import type { Layout } from './layout';
import { hasDied, launch, logFile, logTail, pidOf, stop, type Background } from './processes';

/** A component that dies more often than this while it is being started is broken. */
const MAX_LAUNCHES = 6;
const TIMEOUT_MS = 120_000;

/**
 * Starts every component that does not run, and again those that die, until all of them listen and the API server is ready.
 * A port that somebody else took is exchanged for a free one; `clients`, which know the old one, are stopped then.
 */
export async function converge(
  layout: Layout,
  clients: readonly Background[],
  task: Task,
): Promise<void> {
  const launches = new Map<string, number>();
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    await avoidTakenPorts(layout, clients, task);
    const components = readComponents(layout) ?? [];
    for (const component of components) {
      if ((await pidOf(component)) !== undefined) continue;
      const count = (launches.get(component.name) ?? 0) + 1;
      launches.set(component.name, count);
      if (count > MAX_LAUNCHES) throw broken(component, `it ended ${MAX_LAUNCHES} times`);
      task.update(`starting ${component.name}`);
      launch(component);
    }
    if (await becomesReady(layout, components)) return;
    if (Date.now() > deadline) {
      const slow = components.find(({ name }) => name === 'kube-apiserver') ?? components[0];
      throw slow === undefined
        ? new Error('there is no component to start')
        : broken(slow, 'it was not ready after 2 min');
    }
  }
}

/** Waits until every component listens and the API server is ready; gives up at once when a component ended, so that it is started again. */
async function becomesReady(layout: Layout, components: readonly Component[]): Promise<boolean> {
  const api = ApiClient.for(layout);
  if (api === undefined) throw new Error(`'${layout.innerKubeconfig}' cannot be read`);
  try {
    for (let round = 0; round < 200; round += 1) {
      const dead = await Promise.all(components.map((component) => hasDied(component)));
      if (dead.includes(true)) return false;
      if ((await everyoneListens(components)) && (await api.isReady())) return true;
      await sleep(50);
    }
    return false;
  } finally {
    await api.close();
  }
}

async function everyoneListens(components: readonly Component[]): Promise<boolean> {
  const answers = await Promise.all(components.flatMap(({ ports }) => ports).map(listens));
  return !answers.includes(false);
}

/** Only a component that does not run can have lost its port: a running one holds it. */
async function avoidTakenPorts(
  layout: Layout,
  clients: readonly Background[],
  task: Task,
): Promise<void> {
  const components = readComponents(layout) ?? [];
  const dead: Component[] = [];
  for (const component of components)
    if ((await pidOf(component)) === undefined) dead.push(component);
  const taken = await takenPorts(dead.flatMap(({ ports }) => ports));
  if (taken.length === 0) return;

  task.update(`port ${taken.join(', ')} is taken, choosing another`);
  // The others know the old address: they are started again with the new one.
  await Promise.all([...clients, ...components].map((one) => stop(one)));
  const free = await freePorts(taken.length);
  replacePorts(
    layout,
    new Map(taken.map((port, index): [number, number] => [port, free[index] ?? port])),
  );
}

function broken(component: Component, reason: string): Error {
  return new Error(
    `${component.name} of the embedded control plane does not start: ${reason}; ` +
      `its log '${logFile(component)}' ends with\n${logTail(component)}`,
  );
}
