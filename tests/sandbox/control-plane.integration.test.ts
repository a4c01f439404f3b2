import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { parse } from 'yaml';
import { z } from 'zod';

import type { ApiClient } from '../../sandbox/control-plane/api';
import {
  controlPlaneStatus,
  startControlPlane,
  stopControlPlane,
} from '../../sandbox/control-plane/control-plane';
import { layoutOf } from '../../sandbox/control-plane/layout';
import { clear, connect, eventually, pidIn, testSpec } from './support/control-plane';

jest.setTimeout(180_000);

const PROCESSES = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok-controller',
  'simulator',
];
const spec = testSpec('a');
let api: ApiClient;

beforeAll(async () => {
  await startControlPlane(spec);
  api = connect(spec);
  await api.send('POST', '/api/v1/namespaces/default/configmaps', {
    metadata: { name: 'kept' },
    data: { a: 'b' },
  });
});

afterAll(async () => {
  await api.close();
  await clear(spec);
});

async function status(): Promise<Awaited<ReturnType<typeof controlPlaneStatus>>> {
  return controlPlaneStatus(spec.directory, spec.kubeconfig);
}

/** Kills a process and waits until it is gone. */
async function kill(name: string): Promise<void> {
  process.kill(pidIn(spec, name), 'SIGKILL');
  await eventually(`the end of ${name}`, async () =>
    (await status()).processes[name] === undefined ? true : undefined,
  );
}

/** Starts what does not run; everything must be as before: the data, the nodes, the processes. */
async function startAgain(): Promise<void> {
  await startControlPlane(spec);
  await api.close();
  api = connect(spec);
  expect(await api.send('GET', '/api/v1/namespaces/default/configmaps/kept')).toMatchObject({
    data: { a: 'b' },
  });
  expect(await status()).toMatchObject({ state: 'running', nodes: { ready: 2, total: 2 } });
}

const serverOf = z.object({
  clusters: z.array(z.object({ cluster: z.object({ server: z.string() }) })),
});

const podSchema = z.object({ status: z.object({ phase: z.string() }) });

function serverInKubeconfig(): string | undefined {
  return serverOf.parse(parse(readFileSync(spec.kubeconfig, 'utf8'))).clusters[0]?.cluster.server;
}

test('runs every process and has its nodes ready', async () => {
  const { state, processes, nodes, controlPlane } = await status();
  expect(Object.keys(processes).sort()).toEqual(PROCESSES);
  expect({ state, nodes, version: controlPlane?.kubernetesVersion }).toEqual({
    state: 'running',
    nodes: { ready: 2, total: 2 },
    version: '1.34.4',
  });
  expect(serverInKubeconfig()).toBe(controlPlane?.server);
});

test('listens on the loopback interface only', () => {
  const config = readFileSync(layoutOf(spec.directory).kwokConfig, 'utf8');
  expect(config).toContain('--bind-address=127.0.0.1');
  expect(config).not.toContain('0.0.0.0');
});

test('gives the nodes the size and labels of the environment, and follows when they change', async () => {
  const pool = spec.nodes[0];
  if (pool === undefined) throw new Error('the test has no nodes');
  const node = (): Promise<unknown> => api.send('GET', '/api/v1/nodes/worker-0');
  expect(await node()).toMatchObject({
    metadata: { labels: { rack: 'a1', 'kubernetes.io/hostname': 'worker-0' } },
    status: { capacity: { cpu: '4', memory: '16Gi', pods: '110' } },
  });

  await startControlPlane({
    ...spec,
    nodes: [{ ...pool, count: 3, cpu: 2.5, labels: { gpu: 'none' } }],
  });
  const changed = await node();
  expect(changed).toMatchObject({
    metadata: { labels: { gpu: 'none' } },
    status: { allocatable: { cpu: '2500m' } },
  });
  expect(changed).not.toHaveProperty(['metadata', 'labels', 'rack']);
  expect((await status()).nodes).toEqual({ ready: 3, total: 3 });

  await startControlPlane(spec);
  expect(await node()).toMatchObject({
    metadata: { labels: { rack: 'a1' } },
    status: { capacity: { cpu: '4' } },
  });
  expect((await status()).nodes).toEqual({ ready: 2, total: 2 });
});

test('starts nothing when everything runs', async () => {
  const before = await status();
  await startControlPlane(spec);
  expect((await status()).processes).toEqual(before.processes);
});

test.each(PROCESSES)('survives a kill of %s', async (name) => {
  await kill(name);
  expect((await status()).state).toBe('broken');
  await startAgain();
});

test('survives a kill of everything at once, as a crash of the machine does it', async () => {
  for (const name of PROCESSES) process.kill(pidIn(spec, name), 'SIGKILL');
  await startAgain();
});

test('takes no stranger for its own whose process id is the one it remembers', async () => {
  await kill('kube-scheduler');
  // After a reboot the number may be anybody's: here it is this very test's.
  writeFileSync(
    join(layoutOf(spec.directory).cluster, 'pids', 'kube-scheduler.pid'),
    String(process.pid),
  );
  expect((await status()).processes['kube-scheduler']).toBeUndefined();
  await startAgain();
  expect(pidIn(spec, 'kube-scheduler')).not.toBe(process.pid);
});

test('moves to other ports when somebody took its own while it was stopped', async () => {
  const before = new URL(serverInKubeconfig() ?? '');
  await stopControlPlane(spec.directory);
  expect(await status()).toMatchObject({ state: 'stopped' });
  const stranger = createServer();
  await new Promise<void>((resolve) => stranger.listen(Number(before.port), '127.0.0.1', resolve));
  try {
    await startAgain();
    const after = new URL(serverInKubeconfig() ?? '');
    expect(after.port).not.toBe(before.port);
  } finally {
    await new Promise((resolve) => stranger.close(resolve));
  }
});

test('runs pods after a restart as before', async () => {
  await stopControlPlane(spec.directory);
  await startAgain();
  const pod = {
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'example.org/c:1' }] },
  };
  await api.send('POST', '/api/v1/namespaces/default/pods', pod);
  await eventually('a running pod', async () => {
    const { status: now } = podSchema.parse(
      await api.send('GET', '/api/v1/namespaces/default/pods/p'),
    );
    return now.phase === 'Running' ? now : undefined;
  });
});

test('rejects an older Kubernetes than the one that wrote its data', async () => {
  const { state } = layoutOf(spec.directory);
  const before = readFileSync(state, 'utf8');
  writeFileSync(state, before.replace('"kubernetes": "1.34.4"', '"kubernetes": "1.36.3"'));
  try {
    await expect(startControlPlane({ ...spec, kubernetesVersion: '1.34.4' })).rejects.toThrow(
      "the control plane of 'a' holds data written by Kubernetes 1.36.3, which 1.34.4 may not understand; " +
        "'beamline cluster delete a' and start again",
    );
  } finally {
    writeFileSync(state, before);
  }
});

test('rejects a component that does not run, with the end of its log', async () => {
  const { kwokConfig } = layoutOf(spec.directory);
  const before = readFileSync(kwokConfig, 'utf8');
  await kill('kube-scheduler');
  writeFileSync(kwokConfig, before.replaceAll('--leader-elect=false', '--nonsense'));
  try {
    await expect(startControlPlane(spec)).rejects.toThrow(
      /^kube-scheduler of the embedded control plane does not start: it ended 6 times; its log '.*kube-scheduler\.log' ends with\n[^]*unknown flag: --nonsense$/,
    );
  } finally {
    writeFileSync(kwokConfig, before);
  }
  await startAgain();
});
