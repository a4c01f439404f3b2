import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { EnvVar } from 'kubernetes-types/core/v1';

import { checksumOf } from '../kit/checksum';
import { job } from '../kit/jobs';
import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { authorityOf, directDatabaseVariables } from './database-access';
import { commonVariables, loginVariables } from './environment';
import { fromSecret, WORKSPACES, type ReanaSite } from './reana-site';
import { brokerVariables, keyVariable, type ReanaSecrets } from './secrets';
import { runAs } from './service';
import { ADMIN_CHECK, ADMIN_TOKEN, CONNECT, SETUP } from './setup-scripts';

/**
 * Adds the Job that makes or migrates the database, and the admin with its token. Its name follows from what it does, as the template of
 * a Job cannot change: a new release, address or token makes a new Job.
 */
export function addSetup(scope: Construct, site: ReanaSite, secrets: ReanaSecrets): ApiObject {
  const part = site.part('setup');
  const image = site.image('server');
  const scripts = kubeObject(scope, 'SetupScripts', 'ConfigMap', {
    metadata: { name: site.nameOf('setup'), labels: labelsOf(part) },
    data: {
      'setup.sh': SETUP,
      'admin_check.py': ADMIN_CHECK,
      'admin_token.py': ADMIN_TOKEN,
      'connect.py': CONNECT,
      // Not read by the scripts: what else makes a new Job.
      release: image,
      admin: site.props.admin.email,
    },
  });
  const config = [scripts, secrets.admin, secrets.key];
  const authority = authorityOf(site);
  return job(scope, 'Setup', {
    name: `${site.nameOf('setup')}-${checksumOf(config).slice(0, 8)}`,
    part,
    ...runAs(scope, site, 'setup'),
    restart: 'Never',
    deadlineSeconds: 1800,
    config,
    containers: [
      {
        name: 'setup',
        image,
        command: ['python3', '/etc/reana/connect.py', '/bin/sh', '/etc/reana/setup.sh'],
        env: setupVariables(site),
        resources: { cpu: '100m', memory: '256Mi', memoryLimit: '1Gi' },
        mounts: [
          WORKSPACES,
          { name: 'scripts', mountPath: '/etc/reana', readOnly: true },
          ...authority.mounts,
        ],
        scratch: { '/tmp': '64Mi' },
      },
    ],
    volumes: [
      site.sharedVolume,
      { name: 'scripts', configMap: { name: scripts.name } },
      ...authority.volumes,
    ],
  });
}

function setupVariables(site: ReanaSite): EnvVar[] {
  const name = site.nameOf('admin');
  return [
    ...commonVariables(site),
    ...directDatabaseVariables(site),
    keyVariable(site),
    ...brokerVariables(site),
    ...loginVariables(site),
    { name: 'REANA_ADMIN_EMAIL', value: site.props.admin.email },
    fromSecret('REANA_ADMIN_PASSWORD', { name, key: 'password' }),
    fromSecret('ADMIN_ACCESS_TOKEN', { name, key: 'ADMIN_ACCESS_TOKEN' }),
  ];
}
