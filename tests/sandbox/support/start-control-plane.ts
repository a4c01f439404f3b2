import { startControlPlane } from '../../../sandbox/control-plane/control-plane';

/** Starts a control plane and prints where it is. */
async function start(directory: string, kubeconfig: string): Promise<void> {
  const { server } = await startControlPlane({
    name: 'b',
    kubernetesVersion: '1.34',
    nodes: [{ name: 'worker', count: 1, cpu: 2, memoryGiB: 4 }],
    directory,
    kubeconfig,
  });
  process.stdout.write(`${server}\n`);
}

const [directory = '', kubeconfig = ''] = process.argv.slice(2);
void start(directory, kubeconfig);
