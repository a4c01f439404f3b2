import { randomBytes } from 'node:crypto';

import { CROSSING_PORT } from '../constructs/migration/crossing-jobs';
import { receiveManifests } from '../constructs/migration/manifests';
import type { CopyTask } from '../constructs/migration/scripts';
import { at, objectsAt, textAt } from '../plan/json';
import type { Manifest } from '../plan/model';
import { uidOf, type MigrationCluster, type Ref } from './cluster';
import { shortly, type Destination, type MigrationContext } from './context';
import { jobName, lineName, MIGRATION_LABEL } from './names';
import type { MigrationRecord } from './record';
import { createAll, endTask } from './tasks';
import { until } from './until';

/** Where the other end of a copy answers. */
export interface Line {
  readonly host: string;
  readonly port: number;
}

const SENT: readonly CopyTask[] = ['first-copy', 'last-copy', 'verify'];

const UNREACHED: Readonly<Record<Destination['through'], string>> = {
  LoadBalancer:
    'its Service got no address or its pod does not run; give --through NodePort where no load balancers are given out',
  NodePort: 'its pod does not run',
};

const ref = (apiVersion: string, kind: string, namespace: string, name: string): Ref => ({
  apiVersion,
  kind,
  namespace,
  name,
});

/** Lets the files of one claim in at the destination, and waits until it is known where. What is there already is used. */
export async function openLine(
  context: MigrationContext,
  destination: Destination,
  { namespace, claim, user }: MigrationRecord,
): Promise<Line> {
  const { cluster, target, through } = destination;
  const name = lineName(claim);
  await shareKey(context.cluster, cluster, namespace, name);
  const ended = await cluster.get(ref('batch/v1', 'Job', namespace, name));
  if (objectsAt(ended, 'status', 'conditions').some((one) => one['status'] === 'True'))
    await endTask(cluster, namespace, name, shortly(context));
  const props = { name, target: claim, key: name, through, user };
  await createAll(cluster, receiveManifests(target, namespace, props));
  return until(
    () => lineOf(destination, namespace, name),
    () =>
      `nothing of '${namespace}/${name}' in environment '${destination.environment}' can be reached: ${UNREACHED[through]}`,
    shortly(context),
  );
}

/** Takes away everything that let the files of a claim in, and the key with it. */
export async function closeLine(
  context: MigrationContext,
  { cluster }: Destination,
  record: MigrationRecord,
): Promise<void> {
  const { namespace, claim } = record;
  const name = lineName(claim);
  await endTask(cluster, namespace, name, shortly(context));
  for (const [apiVersion, kind] of [
    ['v1', 'Service'],
    ['networking.k8s.io/v1', 'NetworkPolicy'],
    ['v1', 'Secret'],
  ] as const)
    await cluster.remove(ref(apiVersion, kind, namespace, name), undefined);
  await context.cluster.remove(ref('v1', 'Secret', namespace, name), undefined);
}

/** Takes away what let tasks of a claim reach the other cluster. */
export async function endSending(
  { cluster }: MigrationContext,
  { namespace, claim }: MigrationRecord,
  but?: CopyTask,
): Promise<void> {
  for (const task of SENT)
    if (task !== but)
      await cluster.remove(
        ref('networking.k8s.io/v1', 'NetworkPolicy', namespace, jobName(claim, task)),
        undefined,
      );
}

/** Gives both ends the same key, which nobody else has and which lives as long as the copy. */
async function shareKey(
  source: MigrationCluster,
  destination: MigrationCluster,
  namespace: string,
  name: string,
): Promise<void> {
  const secret = (psk: string): Manifest => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'beamline-migrate', [MIGRATION_LABEL]: 'key' },
    },
    type: 'Opaque',
    data: { psk },
  });
  const fresh = Buffer.from(`beamline:${randomBytes(32).toString('hex')}\n`).toString('base64');
  await destination.create(secret(fresh));
  const where = ref('v1', 'Secret', namespace, name);
  const psk = textAt(await destination.get(where), 'data', 'psk') ?? '';
  const known = await source.get(where);
  if (known !== undefined && textAt(known, 'data', 'psk') !== psk)
    await source.remove(where, uidOf(known));
  await source.create(secret(psk));
}

async function lineOf(
  { cluster, through, at: stated }: Destination,
  namespace: string,
  name: string,
): Promise<Line | undefined> {
  const service = await cluster.get(ref('v1', 'Service', namespace, name));
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace }, `job-name=${name}`);
  const running = pods.find((pod) => textAt(pod, 'status', 'phase') === 'Running');
  if (running === undefined) return undefined;
  switch (through) {
    case 'LoadBalancer': {
      const [given] = objectsAt(service, 'status', 'loadBalancer', 'ingress');
      const host = stated ?? textAt(given, 'ip') ?? textAt(given, 'hostname');
      return host === undefined ? undefined : { host, port: CROSSING_PORT };
    }
    case 'NodePort': {
      const [port] = objectsAt(service, 'spec', 'ports').map((one) => at(one, 'nodePort'));
      const host = stated ?? textAt(running, 'status', 'hostIP');
      return host === undefined || typeof port !== 'number' ? undefined : { host, port };
    }
  }
}
