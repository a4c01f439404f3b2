import type { EnvVar } from 'kubernetes-types/core/v1';

import type { OidcLogin } from '../contracts';
import { BACKEND_NAMES } from './reana-backends';
import { fromSecret, variables, type ReanaSite } from './reana-site';

const DAY_SECONDS = 24 * 60 * 60;

/** What every program of REANA is told. */
export function commonVariables(site: ReanaSite): EnvVar[] {
  return variables({
    REANA_COMPONENT_PREFIX: site.prefix,
    REANA_HOSTNAME: site.props.host,
    REANA_INFRASTRUCTURE_KUBERNETES_NAMESPACE: site.namespace,
    REANA_RUNTIME_KUBERNETES_NAMESPACE: site.runsNamespace,
    SHARED_VOLUME_PATH: '/var/reana',
  });
}

/** What server and workflow controller are told of quotas, workspaces and jobs. */
export function limitVariables({ props }: ReanaSite): EnvVar[] {
  const limits = props.limits ?? {};
  const { largestJobMemory, jobDays, userCpuHours, userDiskGiB } = limits;
  const seconds = (jobDays ?? 7) * DAY_SECONDS;
  return variables({
    REANA_DEFAULT_QUOTA_CPU_LIMIT: String((userCpuHours ?? 0) * 3_600_000),
    REANA_DEFAULT_QUOTA_DISK_LIMIT: String((userDiskGiB ?? 0) * 1024 ** 3),
    REANA_KUBERNETES_JOBS_MAX_USER_TIMEOUT_LIMIT: String(seconds * 2),
    REANA_KUBERNETES_JOBS_MEMORY_LIMIT: limits.jobMemory ?? '4Gi',
    REANA_KUBERNETES_JOBS_TIMEOUT_LIMIT: String(seconds),
    REANA_WORKFLOW_TERMINATION_QUOTA_UPDATE_POLICY: 'cpu,disk',
    WORKSPACE_PATHS: JSON.stringify(['/var/reana:/var/reana']),
    ...(largestJobMemory === undefined
      ? {}
      : { REANA_KUBERNETES_JOBS_MAX_USER_MEMORY_LIMIT: largestJobMemory }),
  });
}

/**
 * Settings of the server and its scheduler. Registration is closed in the server by Flask-Security's own switch, which Invenio takes from
 * `INVENIO_…`; the front door refuses it as well (`routes.ts`). Level 1 of readiness counts running workflows, 9 also asks for nodes.
 */
export function serverVariables(site: ReanaSite): EnvVar[] {
  const { props } = site;
  return variables({
    INVENIO_SECURITY_REGISTERABLE: site.registrationOpen ? 'True' : 'False',
    REANA_COMPUTE_BACKENDS: JSON.stringify(site.backends.map(({ kind }) => BACKEND_NAMES[kind])),
    REANA_INTERACTIVE_SESSION_MAX_INACTIVITY_PERIOD: String(
      site.sessions?.inactiveDays ?? 'forever',
    ),
    REANA_MAX_CONCURRENT_BATCH_WORKFLOWS: String(props.limits?.workflows ?? 30),
    REANA_RATELIMIT_AUTHENTICATED_USER: '20 per second',
    REANA_RATELIMIT_GUEST_USER: '20 per second',
    REANA_RATELIMIT_SLOW: '1/5 second',
    REANA_SCHEDULER_REQUEUE_COUNT: '200',
    REANA_SCHEDULER_REQUEUE_SLEEP: '15',
    REANA_USER_EMAIL_CONFIRMATION: String(site.mail !== undefined),
    REANA_WORKFLOW_SCHEDULING_POLICY: 'fifo',
    REANA_WORKFLOW_SCHEDULING_READINESS_CHECK_LEVEL: props.clusterReads === true ? '9' : '1',
    WORKSPACE_RETENTION_PERIOD: String(props.limits?.retentionDays ?? 'forever'),
  });
}

/** How mail is sent, or that none is. */
export function mailVariables({ mail, props }: ReanaSite): EnvVar[] {
  if (mail === undefined) return variables({ REANA_NOTIFICATIONS_ENABLED: 'false' });
  return [
    ...variables({
      REANA_EMAIL_RECEIVER: props.admin.email,
      REANA_EMAIL_SENDER: mail.sender,
      REANA_EMAIL_SMTP_PORT: String(mail.port),
      REANA_EMAIL_SMTP_SERVER: mail.server,
      REANA_EMAIL_SMTP_SSL: String(mail.encryption === 'tls'),
      REANA_EMAIL_SMTP_STARTTLS: String(mail.encryption === 'starttls'),
      REANA_NOTIFICATIONS_ENABLED: 'true',
    }),
    ...(mail.account === undefined
      ? []
      : [
          fromSecret('REANA_EMAIL_LOGIN', mail.account.username),
          fromSecret('REANA_EMAIL_PASSWORD', mail.account.password),
        ]),
  ];
}

/** The one provider of the login, under the only type that REANA knows. */
export function loginProvider(login: OidcLogin): object {
  return {
    name: 'keycloak',
    type: 'keycloak',
    config: {
      title: login.title,
      base_url: login.issuer,
      realm_url: login.issuer,
      auth_url: login.endpoints.authorize,
      token_url: login.endpoints.token,
      userinfo_url: login.endpoints.userinfo,
    },
  };
}

/** How people log in. The secret stands before the JSON: Kubernetes puts it where `$(…)` is written, so that no object holds it. */
export function loginVariables({ props: { login } }: ReanaSite): EnvVar[] {
  if (login === undefined) return [];
  const keycloak = { consumer_key: login.clientId, consumer_secret: '$(LOGIN_CLIENT_SECRET)' };
  return [
    fromSecret('LOGIN_CLIENT_SECRET', login.clientSecret),
    { name: 'LOGIN_PROVIDERS_CONFIGS', value: JSON.stringify([loginProvider(login)]) },
    { name: 'LOGIN_PROVIDERS_SECRETS', value: JSON.stringify({ keycloak }) },
  ];
}
