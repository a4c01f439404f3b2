import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { deployment } from '../kit/workloads';
import { imageRef, IMAGES } from '../versions';
import { fromSecret, type ReanaSite } from './reana-site';
import { reanaService, runAs } from './service';

/** Adds Redis with the sessions of the browser. It keeps nothing: when it starts anew, people log in again. */
export function addCache(scope: Construct, site: ReanaSite, secret: ApiObject): ApiObject {
  const alive = { tcpSocket: { port: 'redis' } };
  const made = deployment(scope, 'Cache', {
    name: site.nameOf('cache'),
    part: site.part('cache'),
    replicas: 1,
    ...runAs(scope, site, 'cache', 999),
    config: [secret],
    containers: [
      {
        name: 'redis',
        image: imageRef(IMAGES.reanaCache),
        command: ['redis-server'],
        args: ['--requirepass', '$(REANA_CACHE_PASSWORD)', '--save', '', '--dir', '/tmp'],
        env: [fromSecret('REANA_CACHE_PASSWORD', { name: secret.name, key: 'password' })],
        ports: { redis: 6379 },
        resources: { cpu: '20m', memory: '64Mi', memoryLimit: '256Mi' },
        probes: { readiness: alive, liveness: alive },
        scratch: { '/tmp': '64Mi' },
      },
    ],
  });
  reanaService(scope, site, 'cache', { name: 'redis', port: 6379, targetPort: 6379 });
  return made;
}
