import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { deployment } from '../kit/workloads';
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
        image: site.image('cache'),
        command: ['redis-server'],
        args: [...usersOf(site), '--save', '', '--dir', '/tmp'],
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

/** User as which the server of the alpha speaks to Redis. That of 0.9.4 knows a password only, and the Redis of its chart no users. */
export const CACHE_USER = 'reana';

/** Redis takes each rule of a user as an argument of its own. */
function usersOf({ release }: ReanaSite): string[] {
  switch (release) {
    case '0.9.4':
      return ['--requirepass', '$(REANA_CACHE_PASSWORD)'];
    case '0.95.0-alpha.5': {
      const rights = ['~*', '&*', '+@all'];
      const named = ['--user', CACHE_USER, 'on', '>$(REANA_CACHE_PASSWORD)', ...rights];
      return ['--user', 'default', 'off', ...named];
    }
  }
}
