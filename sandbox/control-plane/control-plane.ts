import { existsSync, mkdirSync, rmSync } from 'node:fs';

import { gt } from 'semver';

import { explainDisk } from '../../upstream/cache';
import { withLock } from '../../upstream/lock';
import { silentReport, type Report } from '../../upstream/progress';
import { ensureKubernetes } from '../toolchain/ensure-kubernetes';
import { ensureTools } from '../toolchain/ensure-tools';
import { ApiClient } from './api';
import { readComponents } from './components';
import { converge } from './converge';
import { furnish } from './furnish';
import { writeKubeconfig } from './kubeconfig';
import { layOut } from './lay-out';
import {
  layoutKey,
  layoutOf,
  readState,
  specKey,
  writeState,
  type ControlPlaneSpec,
  type ControlPlaneState,
} from './layout';
import { countNodes, type NodeCount } from './nodes';
import { launch, pidOf, stop, type Background } from './processes';
import { simulatorOf } from './simulator-process';
import { killStrays } from './strays';

/** A running control plane. */
export interface ControlPlane {
  /** URL of its API server. */
  readonly server: string;
  readonly kubeconfig: string;
  /** Exact version of Kubernetes that runs. */
  readonly kubernetesVersion: string;
  /**
   * Why it is not the version that was asked for.
   *
   * @default - it is
   */
  readonly substitution?: string;
}

/** How a control plane is. */
export interface ControlPlaneStatus {
  /** `absent` before the first start, `stopped` when nothing runs, `broken` when only a part does. */
  readonly state: 'absent' | 'stopped' | 'broken' | 'running';
  /** Each process by name; undefined where it does not run. */
  readonly processes: Readonly<Record<string, number | undefined>>;
  /**
   * Nodes, when the API server answers.
   *
   * @default - it does not answer
   */
  readonly nodes?: NodeCount;
  /**
   * @default - it was never started
   */
  readonly controlPlane?: ControlPlane;
}

/**
 * Starts the embedded control plane of an environment, or what of it does not run, and waits until its
 * API server and its nodes are ready. Data is kept. Does next to nothing when everything runs already.
 */
export async function startControlPlane(
  spec: ControlPlaneSpec,
  report: Report = silentReport,
): Promise<ControlPlane> {
  const running = await alreadyRunning(spec);
  if (running !== undefined) return running;
  try {
    mkdirSync(spec.directory, { recursive: true });
  } catch (error) {
    throw explainDisk(error, spec.directory);
  }
  const doing = `starting the control plane of '${spec.name}'`;
  return withLock({ path: layoutOf(spec.directory).lock, doing, report }, async () => {
    return (await alreadyRunning(spec)) ?? start(spec, report);
  });
}

/** Stops every process of a control plane. Its data stays. */
export async function stopControlPlane(
  directory: string,
  report: Report = silentReport,
): Promise<void> {
  if (!existsSync(directory)) return;
  await withLock(
    { path: layoutOf(directory).lock, doing: 'stopping the control plane', report },
    () => stopAll(directory),
  );
}

/** Stops a control plane and deletes its data. */
export async function deleteControlPlane(
  directory: string,
  report: Report = silentReport,
): Promise<void> {
  await stopControlPlane(directory, report);
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}

/** Which processes run, and whether the API server and the nodes are ready. */
export async function controlPlaneStatus(
  directory: string,
  kubeconfig: string,
): Promise<ControlPlaneStatus> {
  const state = readState(directory);
  const backgrounds = backgroundsOf(directory);
  if (state === undefined || backgrounds.length === 0) return { state: 'absent', processes: {} };
  const pids = await Promise.all(
    backgrounds.map(async (one) => [one.name, await pidOf(one)] as const),
  );
  const dead = pids.filter(([, pid]) => pid === undefined).map(([name]) => name);
  const alive = pids.length - dead.length;
  // Without its store, the API server would keep the question until its own time is up.
  const silent = dead.includes('etcd') || dead.includes('kube-apiserver');
  const nodes = silent ? undefined : await nodesIfReady(directory);
  const whole = dead.length === 0 && nodes !== undefined && nodes.ready === nodes.total;
  return {
    state: alive === 0 ? 'stopped' : whole ? 'running' : 'broken',
    processes: Object.fromEntries(pids),
    ...(nodes === undefined ? {} : { nodes }),
    controlPlane: describe(state, kubeconfig),
  };
}

async function start(spec: ControlPlaneSpec, report: Report): Promise<ControlPlane> {
  const { directory } = spec;
  const kubernetes = await ensureKubernetes(spec.kubernetesVersion, report);
  const binaries = {
    ...kubernetes.binaries,
    ...(await ensureTools(['etcd', 'kwok', 'kwokctl'], { report })),
  };
  const layout = layoutOf(directory);
  const before = readState(directory);
  refuseDowngrade(spec, before, kubernetes.version);

  const task = report.begin(
    `starting the control plane of '${spec.name}' (Kubernetes ${kubernetes.version})`,
  );
  try {
    const key = layoutKey(directory, kubernetes.version, binaries);
    if (before?.layout !== key || readComponents(layout) === undefined) {
      await stopAll(directory);
      task.update('laying out');
      await layOut(directory, kubernetes.version, binaries);
    }
    const simulator = simulatorOf(directory);
    await converge(layout, [simulator], task);
    if ((await pidOf(simulator)) === undefined) launch(simulator);
    const server = await furnish(spec, task, report);
    writeKubeconfig(spec.kubeconfig, spec.name, server, layout);
    const { version, substitution } = kubernetes;
    const state = {
      spec: specKey(spec),
      layout: key,
      asked: spec.kubernetesVersion,
      kubernetes: version,
      server,
    };
    writeState(directory, { ...state, ...(substitution === undefined ? {} : { substitution }) });
    task.done(`the control plane of '${spec.name}' is ready at ${server}`);
  } catch (error) {
    task.failed(`the control plane of '${spec.name}' did not start`);
    throw error;
  }
  if (kubernetes.substitution !== undefined) report.note(`Kubernetes ${kubernetes.substitution}`);
  const state = readState(directory);
  if (state === undefined)
    throw new Error(`'${layout.state}' was written and cannot be read; run again`);
  return describe(state, spec.kubeconfig);
}

/** etcd's data is written in the newest version's form: an older API server may not understand it. */
function refuseDowngrade(
  spec: ControlPlaneSpec,
  before: ControlPlaneState | undefined,
  version: string,
): void {
  if (before === undefined || !gt(before.kubernetes, version)) return;
  throw new Error(
    `the control plane of '${spec.name}' holds data written by Kubernetes ${before.kubernetes}, which ${version} may not ` +
      `understand; 'beamline cluster delete ${spec.name}' and start again`,
  );
}

async function alreadyRunning(spec: ControlPlaneSpec): Promise<ControlPlane | undefined> {
  const state = readState(spec.directory);
  if (state?.spec !== specKey(spec) || !existsSync(spec.kubeconfig)) return undefined;
  const pids = await Promise.all(backgroundsOf(spec.directory).map((one) => pidOf(one)));
  if (pids.length === 0 || pids.includes(undefined)) return undefined;
  const nodes = await nodesIfReady(spec.directory);
  const wanted = spec.nodes.reduce((sum, pool) => sum + pool.count, 0);
  return nodes !== undefined && nodes.ready >= wanted
    ? describe(state, spec.kubeconfig)
    : undefined;
}

async function nodesIfReady(directory: string): Promise<NodeCount | undefined> {
  const api = ApiClient.for(layoutOf(directory));
  if (api === undefined) return undefined;
  try {
    return (await api.isReady()) ? await countNodes(api) : undefined;
  } catch {
    return undefined; // It went away between the two questions.
  } finally {
    await api.close();
  }
}

function describe(state: ControlPlaneState, kubeconfig: string): ControlPlane {
  const { server, kubernetes, substitution } = state;
  return {
    server,
    kubeconfig,
    kubernetesVersion: kubernetes,
    ...(substitution === undefined ? {} : { substitution }),
  };
}

/** Every process, the ones that others need last. */
function backgroundsOf(directory: string): Background[] {
  const components = readComponents(layoutOf(directory));
  return components === undefined ? [] : [simulatorOf(directory), ...components.toReversed()];
}

async function stopAll(directory: string): Promise<void> {
  for (const background of backgroundsOf(directory)) await stop(background);
  await killStrays(directory);
}
