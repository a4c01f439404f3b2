import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { EnvVar } from 'kubernetes-types/core/v1';

import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { generatedSecret, secretToken } from '../kit/secret-value';
import { fromSecret, type ReanaSite } from './reana-site';

/** The Secrets of a REANA, each value made once and kept. */
export interface ReanaSecrets {
  /** Encrypts tokens in the database, and sessions. It never changes: rows written with another key cannot be read. */
  readonly key: ApiObject;
  /** Undefined when the database is somebody else's. */
  readonly database: ApiObject | undefined;
  readonly cache: ApiObject;
  readonly broker: ApiObject;
  /** Password and access token of the admin. The CronJobs read the token. */
  readonly admin: ApiObject;
}

/** User as which programs speak to the broker. */
export const BROKER_USER = 'reana';

/** Adds the Secrets. */
export function addSecrets(scope: Construct, site: ReanaSite): ReanaSecrets {
  const secret = (id: string, what: string, stringData: Readonly<Record<string, string>>) =>
    kubeObject(scope, id, 'Secret', {
      metadata: { name: site.nameOf(what), labels: labelsOf(site.part('server')) },
      stringData: { ...stringData },
    });
  const generated = (what: string): string =>
    secretToken(generatedSecret(`${site.namespace}/${site.prefix}/${what}`));
  const broker = generated('broker');
  return {
    key: secret('Key', 'secrets', { REANA_SECRET_KEY: generated('key') }),
    database:
      site.props.database.kind === 'inside'
        ? secret('DatabaseSecret', 'db-secrets', { user: 'reana', password: generated('database') })
        : undefined,
    cache: secret('CacheSecret', 'cache-secrets', { password: generated('cache') }),
    broker: secret('BrokerSecret', 'message-broker-secrets', {
      user: BROKER_USER,
      password: broker,
      'rabbitmq.conf': brokerConfig(broker),
    }),
    admin: secret('AdminSecret', 'admin', {
      password: generated('admin-password'),
      ADMIN_ACCESS_TOKEN: generated('admin-token'),
    }),
  };
}

/** The broker reads user and password when its files are empty, and never again. */
function brokerConfig(password: string): string {
  return [
    'listeners.tcp.default = 5672',
    `default_user = ${BROKER_USER}`,
    `default_pass = ${password}`,
    'log.console = true',
    '',
  ].join('\n');
}

/** The key of encrypted columns. */
export function keyVariable(site: ReanaSite): EnvVar {
  return fromSecret('REANA_SECRET_KEY', { name: site.nameOf('secrets'), key: 'REANA_SECRET_KEY' });
}

/** How the broker is spoken to. */
export function brokerVariables(site: ReanaSite): EnvVar[] {
  const name = site.nameOf('message-broker-secrets');
  return [
    fromSecret('RABBIT_MQ_USER', { name, key: 'user' }),
    fromSecret('RABBIT_MQ_PASS', { name, key: 'password' }),
  ];
}
