import { dirname } from 'node:path';

import { embeddedKubeconfig } from '../environments/cluster';
import type { Environment } from '../environments/environment';
import type { ControlPlaneSpec } from '../sandbox/control-plane/layout';

/** The embedded control plane that an environment asks for. @throws Error when it has a cluster elsewhere. */
export function controlPlaneOf(environment: Environment): ControlPlaneSpec {
  const { cluster, name, target } = environment;
  if (cluster.kind !== 'embedded') {
    throw new Error(
      `environment '${name}' runs on ${cluster.server}, not on an embedded control plane; ` +
        `'beamline rehearse ${name}' tries it on one`,
    );
  }
  const kubeconfig = embeddedKubeconfig(name);
  return {
    name,
    kubernetesVersion: `1.${target.kubernetesMinor}`,
    nodes: cluster.nodes,
    directory: dirname(kubeconfig),
    kubeconfig,
    ...(target.flavour === 'okd' ? { okd: target.name.replace('okd ', '') } : {}),
  };
}
