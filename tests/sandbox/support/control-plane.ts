import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { ApiClient } from '../../../sandbox/control-plane/api';
import { deleteControlPlane } from '../../../sandbox/control-plane/control-plane';
import { layoutOf, type ControlPlaneSpec } from '../../../sandbox/control-plane/layout';

/** A control plane of a test's own, in a directory of its own. */
export function testSpec(
  name: string,
  overrides: Partial<ControlPlaneSpec> = {},
): ControlPlaneSpec {
  const directory = mkdtempSync(join(tmpdir(), `beamline-${name}-`));
  return {
    name,
    kubernetesVersion: '1.34',
    nodes: [{ name: 'worker', count: 2, cpu: 4, memoryGiB: 16, labels: { rack: 'a1' } }],
    directory: join(directory, 'control-plane'),
    kubeconfig: join(directory, 'kubeconfig'),
    ...overrides,
  };
}

/** Stops it and removes everything. */
export async function clear(spec: ControlPlaneSpec): Promise<void> {
  await deleteControlPlane(spec.directory);
  rmSync(join(spec.directory, '..'), { recursive: true, force: true });
}

/** A connection to it. */
export function connect(spec: ControlPlaneSpec): ApiClient {
  const api = ApiClient.for(layoutOf(spec.directory));
  if (api === undefined) throw new Error(`there is no control plane in '${spec.directory}'`);
  return api;
}

/** Waits until a question to the API server has an answer that will do; the error shows the last one. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`${what} did not come about within a minute`);
    await sleep(50);
  }
}

/** The process id in a pid file. */
export function pidIn(spec: ControlPlaneSpec, process: string): number {
  return Number(
    readFileSync(join(layoutOf(spec.directory).cluster, 'pids', `${process}.pid`), 'utf8'),
  );
}
