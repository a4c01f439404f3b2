import { DependencyGroup } from 'constructs';

import type {
  AccessMode,
  IIngress,
  IStorageClass,
  OidcLogin,
  RouteRequest,
} from '../../../constructs/contracts';
import type { ReanaDask } from '../../../constructs/workflows/extra-props';
import type { CondorBackend, SlurmBackend } from '../../../constructs/workflows/reana-backends';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';

/** A front door that notes what it is asked for. */
export function listener(serves = true): {
  readonly ingress: IIngress;
  readonly requests: RouteRequest[];
} {
  const requests: RouteRequest[] = [];
  return {
    requests,
    ingress: { route: (request) => void requests.push(request), serves: () => serves },
  };
}

/** A class that somebody else made. */
export function storageClass(className: string, ...accessModes: AccessMode[]): IStorageClass {
  return { className, accessModes, ready: new DependencyGroup() };
}

export const disk = storageClass('disk', 'ReadWriteOnce');
export const shared = storageClass('shared', 'ReadWriteOnce', 'ReadWriteMany');

/** The least that a REANA needs, on Kubernetes. */
export const minimal: ReanaProps = {
  host: 'reana.example.org',
  ingress: listener().ingress,
  workspaces: { kind: 'claim', class: shared, size: '1Ti' },
  database: { kind: 'inside', class: disk, size: '20Gi' },
  messages: { class: disk, size: '5Gi' },
  admin: { email: 'reana-admin@example.org' },
};

/** What OKD takes beside. */
export const onOkd: ReanaProps = {
  ...minimal,
  rootInRuns: { consent: 'the job controller makes the user of jobs itself' },
};

/** The least that Dask takes. */
export const dask: ReanaDask = {
  consent: 'one group, who trust each other',
  definitions: 'cluster',
};
export const withDask: ReanaProps = { ...minimal, release: '0.95.0-alpha.5', dask };

export const login: OidcLogin = {
  kind: 'oidc',
  title: 'Site SSO',
  issuer: 'https://sso.example.org/realms/site',
  endpoints: {
    authorize: 'https://sso.example.org/auth',
    token: 'https://sso.example.org/token',
    userinfo: 'https://sso.example.org/userinfo',
  },
  clientId: 'reana',
  clientSecret: { name: 'reana-login', key: 'client-secret' },
  scopes: ['openid'],
  usernameClaim: 'preferred_username',
  groupsClaim: undefined,
};
export const sessions = { inactiveDays: 7, ingressAnnotations: {} };
export const mail = {
  sender: 'reana@example.org',
  server: 'mail.example.org',
  port: 587,
  encryption: 'starttls',
} as const;

export const backup = { schedule: '0 1 * * *', keepDays: 14, size: '20Gi', class: disk };
export const external = {
  kind: 'external',
  host: 'db.example.org',
  port: 5432,
  database: 'reana',
  username: { name: 'db', key: 'user' },
  password: { name: 'db', key: 'password' },
} as const satisfies ReanaProps['database'];
export const claimed = {
  claimName: 'reana-shared-persistent-volume',
  readOnly: false,
  userNamespaces: false,
  ready: new DependencyGroup(),
};
export const apart: ReanaProps = {
  ...minimal,
  workspaces: { kind: 'share', share: claimed },
  runs: { namespace: 'reana-runs', workspaces: claimed },
};
export const inside = { kind: 'inside', class: disk, size: '20Gi' } as const;
export const pooler = { clients: 1000, connections: 100 };

const jobController = 'registry.example.org/beamline/reana-job-controller:0.9.4-1';
const defaults = { cores: 1, memoryMiB: 2000, minutes: 60 };
export const slurm: SlurmBackend = {
  kind: 'slurm',
  host: 'login.example.org',
  hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5'],
  login: { kind: 'ssh-key', user: 'reana', key: { name: 'slurm', key: 'id_ed25519' } },
  partition: 'batch',
  workspacePath: '/exports/reana',
  defaults,
  jobController,
};
export const kerberosLogin = {
  kind: 'kerberos',
  realm: 'EXAMPLE.ORG',
  krb5Conf: '[libdefaults]\n  default_realm = EXAMPLE.ORG\n[realms]\n  EXAMPLE.ORG = {\n  }\n',
} as const;
/** A pool that gives a token to whoever asks. */
export const condor: CondorBackend = {
  kind: 'htcondor',
  pool: {
    collector: 'cm.example.org:9618',
    token: ({ name }) => ({ name, key: 'token' }),
  },
  identity: 'reana@pool.example.org',
  schedd: 'schedd.example.org',
  defaults,
  jobController,
};
