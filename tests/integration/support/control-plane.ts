import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  deleteControlPlane,
  startControlPlane,
} from '../../../sandbox/control-plane/control-plane';
import { plainReport } from '../../../upstream/progress';

/** Starts the one control plane that all integration tests share; prints the folder it is in. */
async function start(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'beamline-it-'));
  const spec = {
    name: 'integration',
    kubernetesVersion: '1.34',
    nodes: [{ name: 'worker', count: 3, cpu: 64, memoryGiB: 256 }],
    directory: join(directory, 'control-plane'),
    kubeconfig: join(directory, 'kubeconfig'),
  };
  await startControlPlane(
    spec,
    plainReport((line) => process.stderr.write(`${line}\n`)),
  );
  process.stdout.write(`${directory}\n`);
}

/** Stops it and clears what it left. */
async function stop(directory: string): Promise<void> {
  await deleteControlPlane(join(directory, 'control-plane'));
  rmSync(directory, { recursive: true, force: true });
}

const [verb, directory = ''] = process.argv.slice(2);
void (verb === 'stop' ? stop(directory) : start());
