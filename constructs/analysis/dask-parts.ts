import type { Part } from '../kit/labels';
import { IMAGES } from '../versions';

const common = { name: 'dask-gateway', partOf: 'dask', instance: 'gateway' } as const;

/** What a Dask Gateway consists of. */
export const PARTS = {
  gateway: { ...common, component: 'gateway', version: IMAGES.daskGatewayServer.tag },
  controller: { ...common, component: 'controller', version: IMAGES.daskGatewayServer.tag },
  proxy: { ...common, component: 'proxy', version: IMAGES.traefik.tag },
  cluster: { ...common, component: 'cluster' },
} as const satisfies Readonly<Record<string, Part>>;

/** Ports of the server and of its proxy. */
export const DASK_PORTS = { api: 8000, web: 8080, tcp: 8786, ping: 9000, metrics: 9100 } as const;

/** Ports of a scheduler, as upstream has them. */
export const SCHEDULER_PORTS = { comm: 8786, dashboard: 8787, api: 8788 } as const;

/** ServiceAccount of schedulers and workers: it has no right and its token is in no pod. */
export const CLUSTER_ACCOUNT = 'dask-cluster';

/** Middleware in each tenant's namespace that cuts off `/clusters/<name>` before dashboards. */
export const MIDDLEWARE = 'dask-dashboards';

/** Labels of all pods of the clusters of a gateway, which is known by its namespace. */
export function clusterLabels(instance: string): Record<string, string> {
  return { 'gateway.dask.org/instance': instance };
}

/** Labels of the schedulers alone. */
export function schedulerLabels(instance: string): Record<string, string> {
  return { ...clusterLabels(instance), 'app.kubernetes.io/component': 'dask-scheduler' };
}
