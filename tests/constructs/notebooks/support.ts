import { App } from 'cdk8s';
import { Construct, type IDependable } from 'constructs';

import type {
  AccessMode,
  IFileShare,
  IIdentityProvider,
  IIngress,
  IStorageClass,
} from '../../../constructs/contracts';
import type { JupyterHubProps } from '../../../constructs/notebooks/hub-props';
import type { NotebookProfile } from '../../../constructs/notebooks/profile';

const ready: IDependable = new Construct(new App(), 'there');

/** A front door that takes every route. */
export const ingress: IIngress = { route: () => undefined, serves: () => true };

/** People with two groups. */
export const identity: IIdentityProvider = {
  groups: ['cms', 'gpu'],
  admins: { users: ['anna'], groups: [] },
  selfRegistration: false,
  login: () => ({
    kind: 'oidc',
    title: 'Example SSO',
    issuer: 'https://sso.example.org',
    endpoints: {
      authorize: 'https://sso.example.org/authorize',
      token: 'https://sso.example.org/token',
      userinfo: 'https://sso.example.org/userinfo',
    },
    clientId: 'hub',
    clientSecret: { name: 'jupyterhub-login', key: 'client-secret' },
    scopes: ['openid', 'profile'],
    usernameClaim: 'preferred_username',
    groupsClaim: 'groups',
  }),
};

/** A class that somebody else made. */
export function storageClass(className: string, ...accessModes: AccessMode[]): IStorageClass {
  return { className, accessModes, ready };
}

/** An NFS share. */
export function share(claimName: string, readOnly: boolean): IFileShare {
  return { claimName, readOnly, userNamespaces: false, ready };
}

export const small: NotebookProfile = {
  name: 'small',
  title: 'Small',
  image: 'quay.io/jupyter/scipy-notebook:2025-03-14',
  cpu: { least: 0.5, most: 2 },
  memoryGiB: { least: 1, most: 4 },
  shares: [{ share: share('cvmfs-cms-cern-ch', true), mountPath: '/cvmfs/cms.cern.ch' }],
};

export const hub: JupyterHubProps = {
  host: 'hub.example.org',
  ingress,
  identity,
  profiles: [small, { ...small, name: 'gpu', title: 'GPU', groups: ['gpu'], customImage: true }],
  registries: ['quay.io/jupyter'],
  homes: { kind: 'claims', storageClass: storageClass('disk', 'ReadWriteOnce'), sizeGiB: 10 },
  database: { kind: 'sqlite', storageClass: storageClass('disk', 'ReadWriteOnce') },
};
