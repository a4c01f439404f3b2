import type { Part } from '../kit/labels';
import { IMAGES } from '../versions';

const common = { name: 'jupyterhub', partOf: 'notebooks' } as const;

/** What a JupyterHub consists of. */
export const PARTS = {
  hub: { ...common, instance: 'hub', component: 'hub', version: IMAGES.jupyterHub.tag },
  proxy: { ...common, instance: 'proxy', component: 'proxy', version: IMAGES.hubProxy.tag },
  session: { ...common, instance: 'session', component: 'singleuser-server' },
  puller: { ...common, instance: 'image-puller', component: 'image-puller' },
} as const satisfies Readonly<Record<string, Part>>;

/** The Secret of the hub, made once: what signs cookies, speaks to the proxy, encrypts, and reads metrics. */
export const HUB_SECRET = 'hub';
