import type { Construct } from 'constructs';

import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { statefulSet } from '../kit/stateful-set';
import { imageRef, IMAGES } from '../versions';
import type { HarborRedis } from './harbor-backends';
import { harborService } from './harbor-pods';
import { fromSecret, type HarborSite } from './harbor-site';

const DATA = '/var/lib/redis';
const CONFIG = '/etc/harbor-redis';

/** Adds Redis from Harbor's own image, with a password. Jobs are kept in it, so every write goes to disk within a second. */
export function addRedis(
  scope: Construct,
  site: HarborSite,
  { size, class: storage }: Extract<HarborRedis, { kind: 'inside' }>,
): void {
  const name = site.nameOf('redis');
  const part = site.part('redis');
  const secret = kubeObject(scope, 'RedisSecret', 'Secret', {
    metadata: { name, labels: labelsOf(part) },
    stringData: {
      REDIS_PASSWORD: site.secrets.token('redis'),
      'redis.conf': redisConfig(site.secrets.token('redis')),
    },
  });
  const answers = { exec: { command: ['sh', '-c', 'test "$(redis-cli ping)" = PONG'] } };
  const made = statefulSet(scope, 'StatefulSet-redis', {
    name,
    part,
    replicas: 1,
    service: name,
    ...site.runAs(scope, 'redis'),
    config: [secret],
    claims: [{ name: 'data', size, className: storage.className }],
    containers: [
      {
        name: 'redis',
        image: imageRef(IMAGES.harborRedis),
        command: ['redis-server', `${CONFIG}/redis.conf`],
        // The probes log in with it.
        env: [fromSecret('REDISCLI_AUTH', { name, key: 'REDIS_PASSWORD' })],
        ports: { redis: 6379 },
        resources: site.resources('redis', { cpu: '50m', memory: '128Mi', memoryLimit: '512Mi' }),
        probes: {
          readiness: { ...answers, timeoutSeconds: 5 },
          liveness: { ...answers, timeoutSeconds: 5 },
        },
        mounts: [
          { name: 'data', mountPath: DATA },
          { name: 'config', mountPath: CONFIG, readOnly: true },
        ],
      },
    ],
    volumes: [
      {
        name: 'config',
        secret: { secretName: name, items: [{ key: 'redis.conf', path: 'redis.conf' }] },
      },
    ],
  });
  made.node.addDependency(storage.ready);
  harborService(scope, site, 'redis', { ports: { redis: 6379 }, measured: false });
}

function redisConfig(password: string): string {
  return [
    'port 6379',
    'tcp-keepalive 300',
    `dir ${DATA}`,
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory-policy noeviction',
    `requirepass ${password}`,
    '',
  ].join('\n');
}
