import { stringify } from 'yaml';

import { REDIS_DATABASES } from './harbor-backends';
import { redisAddresses } from './harbor-connections';
import { METRICS_PORT, type HarborSite } from './harbor-site';
import { tlsFolder } from './internal-tls';

/** Where the registry keeps layers when it keeps them on a claim. */
export const STORAGE_FOLDER = '/storage';
export const PASSWORD_FILE = '/etc/registry/passwd';

/**
 * The configuration of `distribution`, in the version that Harbor builds (2.8.3 with a patch for Redis). Passwords and keys come as
 * variables: REGISTRY_HTTP_SECRET, REGISTRY_REDIS_PASSWORD, REGISTRY_STORAGE_S3_ACCESSKEY and -SECRETKEY.
 */
export function registryConfig(site: HarborSite): string {
  const { storage, logLevel } = site.props;
  const folder = tlsFolder('registry');
  return stringify({
    version: 0.1,
    log: {
      level: logLevel === 'warning' ? 'warn' : (logLevel ?? 'info'),
      fields: { service: 'registry' },
    },
    storage: {
      ...driver(site),
      cache: { layerinfo: 'redis' },
      maintenance: {
        uploadpurging: { enabled: true, age: '168h', interval: '24h', dryrun: false },
      },
      delete: { enabled: true },
      redirect: { disable: storage.kind === 'claim' || !storage.redirect },
    },
    redis: redisSettings(site),
    http: {
      addr: `:${site.registryPort}`,
      relativeurls: true,
      ...(site.tls
        ? {
            tls: {
              certificate: `${folder}/tls.crt`,
              key: `${folder}/tls.key`,
              minimumtls: 'tls1.2',
            },
          }
        : {}),
      debug: { addr: `:${METRICS_PORT}`, prometheus: { enabled: true, path: '/metrics' } },
    },
    auth: { htpasswd: { realm: 'harbor-registry-basic-realm', path: PASSWORD_FILE } },
    validation: { disabled: true },
    compatibility: { schema1: { enabled: false } },
  });
}

function driver({ props: { storage } }: HarborSite): object {
  switch (storage.kind) {
    case 'claim':
      return { filesystem: { rootdirectory: STORAGE_FOLDER } };
    case 's3': {
      const { endpoint, region, bucket } = storage.bucket;
      return {
        s3: {
          region: region ?? 'us-east-1',
          bucket,
          regionendpoint: endpoint,
          secure: endpoint.startsWith('https:'),
          v4auth: true,
          ...(storage.folder === '' ? {} : { rootdirectory: storage.folder }),
        },
      };
    }
  }
}

function redisSettings(site: HarborSite): object {
  const { redis } = site.props;
  const external = redis.kind === 'external' ? redis : undefined;
  return {
    addr: redisAddresses(site).join(','),
    ...(external?.sentinelSet === undefined ? {} : { sentinelMasterSet: external.sentinelSet }),
    db: REDIS_DATABASES.registry,
    readtimeout: '10s',
    writetimeout: '10s',
    dialtimeout: '10s',
    enableTLS: external?.tls ?? false,
    pool: { maxidle: 100, maxactive: 500, idletimeout: '60s' },
  };
}

/** The configuration of the registry's controller, which deletes what core tells it to. */
export function controllerConfig(site: HarborSite): string {
  const folder = tlsFolder('registry');
  return stringify({
    protocol: site.scheme,
    port: site.port,
    ...(site.tls ? { https_config: { cert: `${folder}/tls.crt`, key: `${folder}/tls.key` } } : {}),
    log_level: site.props.logLevel ?? 'info',
    registry_config: '/etc/registry/config.yml',
  });
}
