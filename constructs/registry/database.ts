import type { Construct } from 'constructs';

import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { statefulSet } from '../kit/stateful-set';
import { imageRef, IMAGES } from '../versions';
import type { HarborDatabase } from './harbor-backends';
import { harborService } from './harbor-pods';
import { fromSecret, type HarborSite } from './harbor-site';

const DATA = '/var/lib/postgresql/data';
const PGDATA = `${DATA}/pgdata`;

/** A claim may have been given group rights when it was mounted; PostgreSQL refuses a data directory that others can write to. */
const OWN_RIGHTS = 'if [ -d "$PGDATA" ]; then chmod -R u=rwX,go= "$PGDATA"; fi';

/** Adds PostgreSQL 15 from Harbor's own image, which also upgrades the data of an older Harbor. */
export function addDatabase(
  scope: Construct,
  site: HarborSite,
  { size, class: storage }: Extract<HarborDatabase, { kind: 'inside' }>,
): void {
  const name = site.nameOf('database');
  const part = site.part('database');
  const password = kubeObject(scope, 'DatabasePassword', 'Secret', {
    metadata: { name, labels: labelsOf(part) },
    stringData: { POSTGRES_PASSWORD: site.secrets.token('database') },
  });
  const image = imageRef(IMAGES.harborDatabase);
  const data = { name: 'data', mountPath: DATA };
  const env = { name: 'PGDATA', value: PGDATA };
  const healthy = { exec: { command: ['/docker-healthcheck.sh'] }, timeoutSeconds: 5 };
  const made = statefulSet(scope, 'StatefulSet-database', {
    name,
    part,
    replicas: 1,
    service: name,
    ...site.runAs(scope, 'database'),
    graceSeconds: 120,
    config: [password],
    claims: [{ name: 'data', size, className: storage.className }],
    initContainers: [
      {
        name: 'own-rights',
        image,
        command: ['/bin/sh', '-c', OWN_RIGHTS],
        env: [env],
        resources: { cpu: '50m', memory: '64Mi' },
        mounts: [data],
      },
    ],
    containers: [
      {
        name: 'postgresql',
        image,
        env: [env, fromSecret('POSTGRES_PASSWORD', { name, key: 'POSTGRES_PASSWORD' })],
        ports: { postgresql: 5432 },
        resources: site.resources('database', { cpu: '200m', memory: '512Mi', memoryLimit: '2Gi' }),
        probes: {
          // An upgrade of the data to a newer PostgreSQL is not to be cut short.
          startup: { ...healthy, periodSeconds: 10, failureThreshold: 180 },
          readiness: healthy,
          liveness: { ...healthy, failureThreshold: 6 },
        },
        mounts: [data, { name: 'shared-memory', mountPath: '/dev/shm' }],
        scratch: { '/run/postgresql': '16Mi', '/tmp': '256Mi' },
      },
    ],
    volumes: [{ name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: '512Mi' } }],
  });
  made.node.addDependency(storage.ready);
  harborService(scope, site, 'database', { ports: { postgresql: 5432 }, measured: false });
}
