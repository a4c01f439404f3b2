import type { ExpectedPods } from '../kit/expected-pods';
import { cpu, gibibytes } from '../kit/quantity';
import type { JupyterHubProps } from './hub-props';
import { gpuResource, type NotebookProfile } from './profile';
import { claimOf, SESSION_LABELS } from './session-pods';

/** What one session of a profile will ask the cluster for: as `profileOverride` tells KubeSpawner, which makes the pods. */
export function sessionsOf({ homes }: JupyterHubProps, profile: NotebookProfile): ExpectedPods {
  const { cpu: cores, memoryGiB, gpu, shares = [] } = profile;
  const devices = gpu === undefined ? {} : gpuResource(gpu);
  return {
    name: profile.name,
    what: 'sessions',
    by: 'kubespawner',
    count: 'as-asked',
    labels: SESSION_LABELS,
    requests: { cpu: cpu(cores.least), memory: gibibytes(memoryGiB.least), ...devices },
    limits: { cpu: cpu(cores.most), memory: gibibytes(memoryGiB.most), ...devices },
    nodes: profile.nodes ?? {},
    mounts: [
      ...(homes.kind === 'claims' ? [] : [claimOf(homes)]),
      ...shares.map(({ share }) => share.claimName),
    ],
    ...(homes.kind === 'claims'
      ? { claim: { className: homes.storageClass.className, size: gibibytes(homes.sizeGiB) } }
      : {}),
  };
}
