import type { PlannedObject } from '../plan/model';
import type { KubeApi } from './kube-api';
import { liveObjects } from './live';

/**
 * Refuses to deploy a project's part before the cluster's admin has applied the other: pods would wait, for ever, for what only he can grant.
 * Asks for what a project's admin can read, which is what is in the project.
 *
 * @throws Error naming what is missing, and the command that writes it down.
 */
export async function refuseMissingGrants(
  api: KubeApi,
  environment: string,
  granted: readonly PlannedObject[],
): Promise<void> {
  const readable = granted.filter(
    ({ manifest }) => manifest.metadata.namespace !== undefined && manifest.kind !== 'Namespace',
  );
  const live = await liveObjects(api, readable, 'metadata');
  const missing = readable.filter(({ id }) => !live.has(id));
  if (missing.length === 0) return;
  throw new Error(
    `the admin of the cluster has yet to apply ${missing.map(({ id }) => `'${id}'`).join(', ')}; ` +
      `'beamline render ${environment} --split' writes them to a file of their own`,
  );
}
