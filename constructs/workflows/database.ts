import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { statefulSet } from '../kit/stateful-set';
import { imageRef, IMAGES } from '../versions';
import type { ReanaDatabase } from './reana-props';
import { fromSecret, type ReanaSite } from './reana-site';
import { reanaService, runAs } from './service';

const DATA = '/var/lib/postgresql/data';
/** The user of the Debian images of PostgreSQL. On OKD it is one of the namespace's range, which the image takes as well. */
export const POSTGRES_USER = 999;

/**
 * Ready is a server that takes the password of the Secret: one changed in the server alone shows here, with PostgreSQL's own words, and not in
 * programs that fail. Asked at the pod's address, as the image asks nobody on loopback for a password.
 */
const TAKES =
  'PGPASSWORD="$POSTGRES_PASSWORD" psql -h "$POD_IP" -U "$POSTGRES_USER" -d "$POSTGRES_DB" -Atqc "select 1"';

/** Adds PostgreSQL. The server reads user and password when it is first started, and never again. */
export function addDatabase(
  scope: Construct,
  site: ReanaSite,
  { size, class: storage }: Extract<ReanaDatabase, { kind: 'inside' }>,
  secret: ApiObject,
): ApiObject {
  const up = {
    exec: { command: ['pg_isready', '-U', 'reana', '-d', 'reana'] },
    timeoutSeconds: 5,
  };
  const takes = { exec: { command: ['/bin/sh', '-c', TAKES] }, timeoutSeconds: 5 };
  const made = statefulSet(scope, 'Database', {
    name: site.nameOf('db'),
    part: site.part('db'),
    replicas: 1,
    service: site.nameOf('db'),
    ...runAs(scope, site, 'db', POSTGRES_USER),
    graceSeconds: 120,
    config: [secret],
    claims: [{ name: 'data', size, className: storage.className }],
    containers: [
      {
        name: 'postgresql',
        image: imageRef(IMAGES.reanaDatabase),
        args: ['-c', 'max_connections=300'],
        env: [
          { name: 'PGDATA', value: `${DATA}/pgdata` },
          { name: 'POSTGRES_DB', value: 'reana' },
          fromSecret('POSTGRES_USER', { name: secret.name, key: 'user' }),
          fromSecret('POSTGRES_PASSWORD', { name: secret.name, key: 'password' }),
          { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        ],
        ports: { postgresql: 5432 },
        resources: { cpu: '200m', memory: '512Mi', memoryLimit: '2Gi' },
        probes: {
          startup: { ...up, periodSeconds: 10, failureThreshold: 60 },
          readiness: takes,
          liveness: { ...up, failureThreshold: 6 },
        },
        mounts: [{ name: 'data', mountPath: DATA }],
        scratch: { '/var/run/postgresql': '16Mi', '/tmp': '256Mi' },
      },
    ],
  });
  made.node.addDependency(storage.ready);
  reanaService(scope, site, 'db', { name: 'postgresql', port: 5432, targetPort: 5432 });
  return made;
}
