import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { execa } from 'execa';
import { stringify } from 'yaml';

import { explainDisk } from '../../upstream/cache';
import { freePorts, readComponents, type Component } from './components';
import { KWOK_NAME, layoutOf, type Layout } from './layout';
import { hasDied } from './processes';

/** The programs that a control plane runs, by absolute path. */
export type Binaries = Readonly<
  Record<
    'etcd' | 'kwok' | 'kwokctl' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler',
    string
  >
>;

/**
 * Has kwokctl lay out a control plane: certificates, arguments, kubeconfig. Data that is already there
 * stays. kwokctl also starts the components; whatever it does not get to run is left to `converge`.
 */
export async function layOut(
  directory: string,
  kubernetes: string,
  binaries: Binaries,
): Promise<Component[]> {
  const layout = layoutOf(directory);
  const config = join(directory, 'kwokctl.yaml');
  try {
    mkdirSync(layout.kwokHome, { recursive: true });
    rmSync(layout.kwokConfig, { force: true });
    rmSync(join(layout.cluster, 'pids'), { recursive: true, force: true });
    writeFileSync(config, stringify(await kwokctlConfig(binaries)));
  } catch (error) {
    throw explainDisk(error, directory);
  }
  const create = execa(
    binaries.kwokctl,
    [
      'create',
      'cluster',
      '--name',
      KWOK_NAME,
      '--runtime',
      'binary',
      '--kubeconfig=',
      '-c',
      config,
      ...NO_LEASES,
    ],
    {
      env: { KWOK_WORKDIR: layout.kwokHome, KWOK_KUBE_VERSION: `v${kubernetes}` },
      reject: false,
      all: true,
      stdin: 'ignore',
    },
  );
  const ended = create.then((result) => result);
  // kwokctl waits two minutes for an API server whose port was taken: as soon as a component died, we take over.
  while (await Promise.race([ended.then(() => false), sleep(50, true)])) {
    if (await anyDied(layout)) create.kill('SIGKILL');
  }
  const components = readComponents(layout);
  if (components === undefined) {
    throw new Error(
      `kwokctl could not lay out a control plane in '${directory}': ${lastWords((await ended).all ?? '')}`,
    );
  }
  return components;
}

async function anyDied(layout: Layout): Promise<boolean> {
  const died = await Promise.all(
    (readComponents(layout) ?? []).map((component) => hasDied(component)),
  );
  return died.includes(true);
}

/** What we want otherwise than kwokctl does by itself. */
async function kwokctlConfig(binaries: Binaries): Promise<object> {
  const [etcdPeer, etcd, api, controllerManager, scheduler, kwok] = await freePorts(6);
  return {
    apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
    kind: 'KwokctlConfiguration',
    options: {
      bindAddress: '127.0.0.1', // etcd asks nobody for a password, so nothing may listen elsewhere.
      etcdPeerPort: etcdPeer,
      etcdPort: etcd,
      kubeApiserverPort: api,
      kubeControllerManagerPort: controllerManager,
      kubeSchedulerPort: scheduler,
      kwokControllerPort: kwok,
      ...NODE_HEARTBEAT,
      etcdBinary: binaries.etcd,
      kubeApiserverBinary: binaries['kube-apiserver'],
      kubeControllerManagerBinary: binaries['kube-controller-manager'],
      kubeSchedulerBinary: binaries['kube-scheduler'],
      kwokControllerBinary: binaries.kwok,
    },
    componentsPatches: [
      // The default has room for 254 Services. This one holds OKD's own range, 172.30.0.0/16, of which sites pin addresses.
      { name: 'kube-apiserver', extraArgs: [flag('service-cluster-ip-range', '172.16.0.0/12')] },
      // A single instance that was killed must not wait 15 s for its own lease to run out.
      {
        name: 'kube-controller-manager',
        extraArgs: [flag('leader-elect', 'false'), ...controllerSpeed()],
      },
      { name: 'kube-scheduler', extraArgs: [flag('leader-elect', 'false'), ...CLIENT_SPEED] },
    ],
  };
}

/**
 * A kwok that was killed leaves leases on its nodes, and the next one touches no pod of theirs until they
 * run out, which takes 200 s. There is only ever one, so it needs none.
 */
const NO_LEASES = ['--node-lease-duration-seconds=0', '--heartbeat-factor=1'];

/** Simulated nodes do not die by themselves: they report every ten minutes and are missed after an hour. */
const NODE_HEARTBEAT = {
  nodeStatusUpdateFrequencyMilliseconds: 600_000,
  kubeControllerManagerNodeMonitorPeriodMilliseconds: 60_000,
  kubeControllerManagerNodeMonitorGracePeriodMilliseconds: 3_600_000,
};

/** The defaults (20 and 50 requests a second) are made for a cluster that shares its API server with others. */
const CLIENT_SPEED = [flag('kube-api-qps', '500'), flag('kube-api-burst', '1000')];

/**
 * `BEAMLINE_CONTROLLERS=upstream` leaves Kubernetes' own limits to the controllers, so that rollouts take as long as on a real cluster:
 * the bench compares tools on both.
 */
function controllerSpeed(): readonly { readonly key: string; readonly value: string }[] {
  return process.env['BEAMLINE_CONTROLLERS'] === 'upstream' ? [] : CLIENT_SPEED;
}

function flag(key: string, value: string): { readonly key: string; readonly value: string } {
  return { key, value };
}

/** kwokctl logs JSON lines; the last one says what went wrong. */
function lastWords(output: string): string {
  return output.trim().split('\n').slice(-2).join(' ') || 'it said nothing';
}
