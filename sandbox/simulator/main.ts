import { existsSync, readFileSync } from 'node:fs';

import { KubeConfig } from '@kubernetes/client-node';

import { ApiClient } from '../control-plane/api';
import { layoutOf } from '../control-plane/layout';
import { simulateAddresses } from './addresses';
import { simulateProvisioners } from './claims';
import { simulateReadiness } from './readiness';

/**
 * The background process beside a control plane that plays whatever a cluster has and simulated nodes do
 * not: volume provisioners, load balancers, operators. Pods, jobs and nodes are KWOK's.
 */
function main(directory: string, pidFile: string): void {
  const layout = layoutOf(directory);
  const api = ApiClient.for(layout);
  if (api === undefined) throw new Error(`there is no control plane in '${directory}'`);
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromFile(layout.innerKubeconfig);

  const world = { api, kubeconfig };
  simulateProvisioners(world);
  simulateAddresses(world);
  simulateReadiness(world);
  setInterval(() => endUnlessWanted(pidFile), 30_000);
}

/** A control plane whose directory was removed, or that has another simulator by now, needs this one no more. */
function endUnlessWanted(pidFile: string): void {
  const wanted =
    existsSync(pidFile) && readFileSync(pidFile, 'utf8').trim() === String(process.pid);
  if (!wanted) process.exit(0);
}

const [directory, pidFile] = process.argv.slice(2);
if (directory === undefined || pidFile === undefined)
  throw new Error('usage: main.ts <directory> <pid file>');
main(directory, pidFile);
