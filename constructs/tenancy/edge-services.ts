import type { EdgeKind, EdgeResources } from './edge-grant-props';

/** A service that remote teams run at sites, and what it needs of one. */
export interface EdgeService {
  /** Repositories of its images. */
  readonly repositories: readonly string[];
  /** An image as its publisher tags it: by release series and repository; `beamline images lock` takes its digest. */
  readonly image: string;
  /** TCP ports on which it is reached. */
  readonly ports: readonly number[];
  readonly kinds: readonly EdgeKind[];
  /** A beginning; what a site's traffic needs is the site's to say. */
  readonly resources: EdgeResources;
  /**
   * Why its pods begin as root; a grant then needs `level`, with a consent.
   *
   * @default - nothing is known to need it
   */
  readonly root?: string;
  /** Where the ports and images are from. */
  readonly source: string;
}

const XCACHE = {
  ports: [1094],
  kinds: ['Deployment', 'Service', 'ConfigMap', 'Secret', 'PersistentVolumeClaim'],
  resources: { cpu: 4, memoryGiB: 16, pods: 2, storageGiB: 2048 },
  root: 'its supervisord gives the cache to the user xrootd (10940), renews the proxy by su and then starts the server as that user',
  source:
    'https://github.com/opensciencegrid/docker-xcache: Dockerfile, release-series-builds.yml, image-config.d',
} as const;

/** What a grant can begin from: `{ ...EDGE_SERVICES.frontierSquid, … }`. */
export const EDGE_SERVICES = {
  frontierSquid: {
    repositories: ['docker.io/opensciencegrid/frontier-squid'],
    image: 'docker.io/opensciencegrid/frontier-squid:24-release',
    ports: [3128],
    kinds: ['Deployment', 'Service', 'ConfigMap'],
    resources: { cpu: 2, memoryGiB: 4, pods: 4, storageGiB: 0 },
    source: 'https://github.com/opensciencegrid/images, frontier-squid',
  },
  hostedCe: {
    repositories: ['hub.opensciencegrid.org/osg-htc/hosted-ce'],
    image: 'hub.opensciencegrid.org/osg-htc/hosted-ce:24-release',
    ports: [9619],
    kinds: ['Deployment', 'Service', 'ConfigMap', 'Secret', 'PersistentVolumeClaim'],
    resources: { cpu: 2, memoryGiB: 4, pods: 2, storageGiB: 20 },
    source: 'https://github.com/osg-htc/helm-charts, osg-hosted-ce',
  },
  atlasXcache: {
    ...XCACHE,
    repositories: ['hub.opensciencegrid.org/osg-htc/atlas-xcache'],
    image: 'hub.opensciencegrid.org/osg-htc/atlas-xcache:25-release',
  },
  cmsXcache: {
    ...XCACHE,
    repositories: ['hub.opensciencegrid.org/osg-htc/cms-xcache'],
    image: 'hub.opensciencegrid.org/osg-htc/cms-xcache:25-release',
  },
} as const satisfies Readonly<Record<string, EdgeService>>;
