import type { UpstreamPin } from '../kit/upstream';
import type { ImagePins } from './pin';

/** The release of Harbor that chart 1.19.1 of its own project ships. */
const HARBOR = 'v2.15.1';

/** Images of the registry. */
export const REGISTRY_IMAGES = {
  harborCore: { repository: 'docker.io/goharbor/harbor-core', tag: HARBOR },
  harborPortal: { repository: 'docker.io/goharbor/harbor-portal', tag: HARBOR },
  harborJobservice: { repository: 'docker.io/goharbor/harbor-jobservice', tag: HARBOR },
  harborRegistry: { repository: 'docker.io/goharbor/registry-photon', tag: HARBOR },
  harborRegistryctl: { repository: 'docker.io/goharbor/harbor-registryctl', tag: HARBOR },
  harborTrivy: { repository: 'docker.io/goharbor/trivy-adapter-photon', tag: HARBOR },
  harborExporter: { repository: 'docker.io/goharbor/harbor-exporter', tag: HARBOR },
  harborDatabase: { repository: 'docker.io/goharbor/harbor-db', tag: HARBOR },
  harborRedis: { repository: 'docker.io/goharbor/redis-photon', tag: HARBOR },
} as const satisfies ImagePins;

/**
 * Third-party files of the registry. The API is that of v2.15.0: module proxies have no later one, and v2.15.1 changed none of the
 * paths and fields that we use.
 */
export const REGISTRY_FILES = {
  harborApi: {
    name: 'harbor-api',
    version: 'v2.15.0',
    url: 'https://raw.githubusercontent.com/goharbor/harbor/v2.15.0/api/v2.0/swagger.yaml',
    goModule: {
      path: 'github.com/goharbor/harbor',
      version: 'v2.15.0+incompatible',
      file: 'api/v2.0/swagger.yaml',
    },
    sha256: '0c5deed400ba534abcb29f76af61a2e1355d865fcf1157d54ce8ba9136ec89c1',
  },
} as const satisfies Readonly<Record<string, UpstreamPin>>;
