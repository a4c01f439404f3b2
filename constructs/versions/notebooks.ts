import type { ImagePins } from './pin';

/** Images of the notebooks. Those of JupyterHub belong to release 4.4.0 of zero-to-jupyterhub, with JupyterHub 5.5.0 and KubeSpawner 7.0.0. */
export const NOTEBOOKS_IMAGES = {
  jupyterHub: { repository: 'quay.io/jupyterhub/k8s-hub', tag: '4.4.0' },
  hubProxy: { repository: 'quay.io/jupyterhub/configurable-http-proxy', tag: '5.2.0' },
  pause: { repository: 'registry.k8s.io/pause', tag: '3.10.1' },
} as const satisfies ImagePins;
