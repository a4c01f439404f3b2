import type { Construct } from 'constructs';
import type { ApiObject } from 'cdk8s';

import { cronJob } from '../kit/jobs';
import { databaseVariables } from './database-access';
import { commonVariables, limitVariables, loginVariables, mailVariables } from './environment';
import {
  fromSecret,
  REANA_USER,
  WORKSPACES,
  type ReanaComponent,
  type ReanaSite,
} from './reana-site';
import { brokerVariables, keyVariable, type ReanaSecrets } from './secrets';
import { runAs } from './service';

/** One thing that is done again and again. */
interface Chore {
  readonly component: ReanaComponent;
  readonly schedule: string;
  readonly command: readonly string[];
  /** Whether it speaks to the API server. */
  readonly usesApi: boolean;
}

/** Adds what upstream does again and again, at upstream's hours. */
export function addCronJobs(scope: Construct, site: ReanaSite, secrets: ReanaSecrets): ApiObject[] {
  return chores(site).map(({ component, schedule, command, usesApi }) => {
    const account = usesApi
      ? {
          serviceAccount: site.nameOf('infrastructure'),
          usesApi,
          user: REANA_USER,
          volumeGroup: REANA_USER,
        }
      : runAs(scope, site, component);
    return cronJob(scope, `Chore-${component}`, {
      name: site.nameOf(component),
      part: site.part(component),
      schedule,
      ...account,
      restart: 'Never',
      backoffLimit: 1,
      deadlineSeconds: 6 * 60 * 60,
      config: [secrets.admin],
      containers: [
        {
          name: component,
          image: site.image('server'),
          command,
          env: [
            ...commonVariables(site),
            ...limitVariables(site),
            ...mailVariables(site),
            { name: 'REANA_PERIODIC_RESOURCE_QUOTA_UPDATE_POLICY', value: 'true' },
            ...databaseVariables(site),
            keyVariable(site),
            ...brokerVariables(site),
            ...loginVariables(site),
            fromSecret('REANA_ADMIN_ACCESS_TOKEN', {
              name: site.nameOf('admin'),
              key: 'ADMIN_ACCESS_TOKEN',
            }),
          ],
          resources: { cpu: '50m', memory: '256Mi', memoryLimit: '1Gi' },
          mounts: [WORKSPACES],
          scratch: { '/tmp': '64Mi' },
        },
      ],
      volumes: [site.sharedVolume],
    });
  });
}

function chores(site: ReanaSite): Chore[] {
  const { sessions, mail } = site;
  const admin = ['flask', 'reana-admin'];
  return [
    {
      component: 'retention',
      schedule: '0 2 * * *',
      command: [...admin, 'retention-rules-apply'],
      usesApi: false,
    },
    {
      component: 'quota',
      schedule: '0 3 * * *',
      command: ['reana-db', 'quota', 'resource-usage-update'],
      usesApi: false,
    },
    ...(mail === undefined
      ? []
      : [
          {
            component: 'status',
            schedule: '0 0 * * *',
            command: [...admin, 'status-report', '--email', site.props.admin.email],
            usesApi: true,
          } as const,
        ]),
    ...(sessions === undefined
      ? []
      : [
          {
            component: 'sessions',
            schedule: '30 3 * * *',
            command: [...admin, 'interactive-session-cleanup', '-d', String(sessions.inactiveDays)],
            usesApi: true,
          } as const,
        ]),
  ];
}
