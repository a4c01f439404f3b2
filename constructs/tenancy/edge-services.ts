import type { EdgeKind, EdgeResources } from './edge-grant-props';

/** A service that remote teams run at sites, and what it needs of one. */
export interface EdgeService {
  /** Repositories of its images. */
  readonly repositories: readonly string[];
  /** TCP ports on which it is reached. */
  readonly ports: readonly number[];
  readonly kinds: readonly EdgeKind[];
  /** A beginning; what a site's traffic needs is the site's to say. */
  readonly resources: EdgeResources;
  /** Where the ports and images are from. */
  readonly source: string;
}

/** What a grant can begin from: `{ ...EDGE_SERVICES.frontierSquid, … }`. */
export const EDGE_SERVICES = {
  frontierSquid: {
    repositories: ['docker.io/opensciencegrid/frontier-squid'],
    ports: [3128],
    kinds: ['Deployment', 'Service', 'ConfigMap'],
    resources: { cpu: 2, memoryGiB: 4, pods: 4, storageGiB: 0 },
    source: 'https://github.com/opensciencegrid/images, frontier-squid',
  },
  hostedCe: {
    repositories: ['hub.opensciencegrid.org/osg-htc/hosted-ce'],
    ports: [9619],
    kinds: ['Deployment', 'Service', 'ConfigMap', 'Secret', 'PersistentVolumeClaim'],
    resources: { cpu: 2, memoryGiB: 4, pods: 2, storageGiB: 20 },
    source: 'https://github.com/osg-htc/helm-charts, osg-hosted-ce',
  },
} as const satisfies Readonly<Record<string, EdgeService>>;
