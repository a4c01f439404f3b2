import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { deployment } from '../kit/workloads';
import { imageRef, IMAGES } from '../versions';
import { authorityOf, databaseAccess, POOLER_PORT } from './database-access';
import type { ReanaPooler } from './reana-props';
import { fromSecret, type ReanaSite } from './reana-site';
import { reanaService, runAs } from './service';

/** Adds PgBouncer, which everything but the setup and the dumps goes through. */
export function addPooler(
  scope: Construct,
  site: ReanaSite,
  pooler: ReanaPooler,
  secret: ApiObject | undefined,
): ApiObject {
  const { username, password } = databaseAccess(site);
  const part = site.part('pgbouncer');
  const config = kubeObject(scope, 'PoolerConfig', 'ConfigMap', {
    metadata: { name: site.nameOf('pgbouncer'), labels: labelsOf(part) },
    data: { 'pgbouncer.ini': poolerConfig(site, pooler), 'start.sh': START },
  });
  const authority = authorityOf(site);
  const listens = { tcpSocket: { port: 'postgresql' } };
  const made = deployment(scope, 'Pooler', {
    name: site.nameOf('pgbouncer'),
    part,
    replicas: 1,
    ...runAs(scope, site, 'pgbouncer', 1001), // the user of Bitnami's images
    config: [config, ...(secret === undefined ? [] : [secret])],
    containers: [
      {
        name: 'pgbouncer',
        image: imageRef(IMAGES.reanaPooler),
        command: ['/bin/sh', '/etc/reana/start.sh'],
        env: [fromSecret('REANA_DB_USERNAME', username), fromSecret('REANA_DB_PASSWORD', password)],
        ports: { postgresql: POOLER_PORT },
        resources: { cpu: '50m', memory: '64Mi', memoryLimit: '256Mi' },
        probes: { readiness: listens, liveness: { ...listens, periodSeconds: 30 } },
        mounts: [{ name: 'config', mountPath: '/etc/reana', readOnly: true }, ...authority.mounts],
        scratch: { '/tmp': '16Mi' },
      },
    ],
    volumes: [{ name: 'config', configMap: { name: config.name } }, ...authority.volumes],
  });
  reanaService(scope, site, 'pgbouncer', {
    name: 'postgresql',
    port: POOLER_PORT,
    targetPort: POOLER_PORT,
  });
  return made;
}

/**
 * `pgbouncer.ini`. A connection is another's after each transaction, as in upstream's chart: REANA prepares no statements and keeps nothing in a
 * session. It speaks TLS to a server that does.
 */
export function poolerConfig(site: ReanaSite, { clients, connections }: ReanaPooler): string {
  const { host, port, database, tls } = databaseAccess(site);
  const { file } = authorityOf(site);
  return [
    '[databases]',
    `${database} = host=${host} port=${port} dbname=${database}`,
    '[pgbouncer]',
    'listen_addr = *',
    `listen_port = ${POOLER_PORT}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    'auth_file = /tmp/userlist.txt',
    'pool_mode = transaction',
    `max_client_conn = ${clients}`,
    `max_db_connections = ${connections}`,
    `default_pool_size = ${connections}`,
    'ignore_startup_parameters = extra_float_digits',
    `server_tls_sslmode = ${tls}`,
    ...(file === undefined ? [] : [`server_tls_ca_file = ${file}`]),
    '',
  ].join('\n');
}

/** Writes down the one user, as the file that PgBouncer knows users by has no variables. A quote in it is doubled. */
const START = `set -eu
umask 077
quoted() { printf '%s' "$1" | sed 's/"/""/g'; }
printf '"%s" "%s"\\n' "$(quoted "$REANA_DB_USERNAME")" "$(quoted "$REANA_DB_PASSWORD")" > /tmp/userlist.txt
exec "\${PGBOUNCER:-/opt/bitnami/pgbouncer/bin/pgbouncer}" /etc/reana/pgbouncer.ini
`;
