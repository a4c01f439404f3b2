import { z } from 'zod';

import { podsPerNode, type NodePool } from '../../environments/cluster';
import type { ApiClient } from './api';

/** Marks the nodes that are ours to change and delete. */
const POOL_LABEL = 'sandbox.beamline/pool';
/** Remembers which labels came from the environment, so that one that leaves it leaves the node. */
const LABELS_ANNOTATION = 'sandbox.beamline/labels';

const nodeList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        labels: z.record(z.string(), z.string()).default({}),
        annotations: z.record(z.string(), z.string()).default({}),
      }),
      status: z.object({
        capacity: z.record(z.string(), z.string()).default({}),
        allocatable: z.record(z.string(), z.string()).default({}),
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      }),
    }),
  ),
});

type LiveNode = z.infer<typeof nodeList>['items'][number];

/** A node as the environment wants it. */
interface WantedNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly capacity: Readonly<Record<string, string>>;
  readonly allocatable: Readonly<Record<string, string>>;
}

/** How many nodes are there and ready. */
export interface NodeCount {
  readonly ready: number;
  readonly total: number;
}

/** Makes the simulated nodes what the environment says: creates, relabels, resizes, removes. */
export async function reconcileNodes(
  api: ApiClient,
  pools: readonly NodePool[],
  okd: boolean,
): Promise<void> {
  const live = new Map((await listNodes(api)).map((node) => [node.metadata.name, node]));
  const wanted = wantedNodes(pools, okd);
  for (const node of wanted) {
    const found = live.get(node.name);
    if (found === undefined) await create(api, node);
    else if (!matches(found, node)) await update(api, found, node);
    live.delete(node.name);
  }
  for (const [name, node] of live) {
    if (POOL_LABEL in node.metadata.labels) await api.send('DELETE', `/api/v1/nodes/${name}`);
  }
}

/** How many of the nodes are ready. */
export async function countNodes(api: ApiClient): Promise<NodeCount> {
  const nodes = await listNodes(api);
  return { ready: nodes.filter(isReady).length, total: nodes.length };
}

async function listNodes(api: ApiClient): Promise<LiveNode[]> {
  return nodeList.parse(await api.send('GET', '/api/v1/nodes')).items;
}

function isReady({ status }: LiveNode): boolean {
  return status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True');
}

function wantedNodes(pools: readonly NodePool[], okd: boolean): WantedNode[] {
  return pools.flatMap((pool) =>
    Array.from({ length: pool.count }, (_, index) => {
      const name = `${pool.name}-${index}`;
      const labels = pool.labels ?? {};
      return {
        name,
        labels: {
          'kubernetes.io/arch': 'amd64',
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          ...labels,
          [POOL_LABEL]: pool.name,
        },
        annotations: { [LABELS_ANNOTATION]: Object.keys(labels).sort().join(',') },
        capacity: amounts(pool, okd, { cpu: 0, memoryGiB: 0 }),
        allocatable: amounts(pool, okd, pool.reserved ?? { cpu: 0, memoryGiB: 0 }),
      };
    }),
  );
}

function amounts(
  pool: NodePool,
  okd: boolean,
  reserved: NonNullable<NodePool['reserved']>,
): Record<string, string> {
  const devices = Object.entries(pool.devices ?? {});
  return {
    cpu: `${Math.round((pool.cpu - reserved.cpu) * 1000)}m`,
    memory: `${Math.round((pool.memoryGiB - reserved.memoryGiB) * 1024)}Mi`,
    'ephemeral-storage': '100Gi',
    pods: String(podsPerNode(pool, okd)),
    ...Object.fromEntries(devices.map(([name, count]) => [name, String(count)])),
  };
}

function matches({ metadata, status }: LiveNode, wanted: WantedNode): boolean {
  const dropped = droppedLabels(metadata.annotations, wanted);
  const same = (
    have: Readonly<Record<string, string>>,
    want: Readonly<Record<string, string>>,
  ): boolean => Object.entries(want).every(([key, value]) => have[key] === value);
  return (
    dropped.length === 0 &&
    same(metadata.labels, wanted.labels) &&
    same(metadata.annotations, wanted.annotations) &&
    same(status.capacity, canonical(wanted.capacity)) &&
    same(status.allocatable, canonical(wanted.allocatable))
  );
}

/** Quantities as the API server spells them: 4000m comes back as 4, 16384Mi as 16Gi. */
function canonical(capacity: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(capacity).map(([key, text]) => {
      const milli = /^(\d+)000m$/.exec(text)?.[1];
      const mebi = /^(\d+)Mi$/.exec(text)?.[1];
      if (milli !== undefined) return [key, milli];
      if (mebi !== undefined && Number(mebi) % 1024 === 0) return [key, `${Number(mebi) / 1024}Gi`];
      return [key, text];
    }),
  );
}

function droppedLabels(
  annotations: Readonly<Record<string, string>>,
  wanted: WantedNode,
): string[] {
  const before = (annotations[LABELS_ANNOTATION] ?? '').split(',').filter((key) => key !== '');
  return before.filter((key) => !(key in wanted.labels));
}

async function create(
  api: ApiClient,
  { name, labels, annotations, capacity, allocatable }: WantedNode,
): Promise<void> {
  await api.send('POST', '/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels, annotations },
    status: { capacity, allocatable },
  });
}

async function update(api: ApiClient, live: LiveNode, wanted: WantedNode): Promise<void> {
  const path = `/api/v1/nodes/${wanted.name}`;
  const dropped = droppedLabels(live.metadata.annotations, wanted).map((key): [string, null] => [
    key,
    null,
  ]);
  const metadata = {
    labels: { ...wanted.labels, ...Object.fromEntries(dropped) },
    annotations: wanted.annotations,
  };
  await api.send('PATCH', path, { metadata }, MERGE);
  const status = { capacity: wanted.capacity, allocatable: wanted.allocatable };
  await api.send('PATCH', `${path}/status`, { status }, MERGE);
}

const MERGE = 'application/merge-patch+json';
