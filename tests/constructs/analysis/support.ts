import { App } from 'cdk8s';
import { Construct, type IDependable } from 'constructs';

import type { DaskGatewayProps, DaskProfile } from '../../../constructs/analysis/dask-props';
import type { ScaleTenant } from '../../../constructs/analysis/scale-tenant';
import type {
  HubServiceRequest,
  ICondorPool,
  IFileShare,
  IIdentityProvider,
  IIngress,
  INotebookHub,
} from '../../../constructs/contracts';

const ready: IDependable = new Construct(new App(), 'there');

/** People with three groups. */
export const identity: IIdentityProvider = {
  groups: ['cms', 'atlas', 'experts'],
  admins: { users: ['anna'], groups: [] },
  selfRegistration: false,
  login: () => {
    throw new Error('nobody logs in here');
  },
};

/** A hub that keeps what it is asked for. */
export class AskedHub implements INotebookHub {
  readonly requests: HubServiceRequest[] = [];

  service(request: HubServiceRequest): ReturnType<INotebookHub['service']> {
    this.requests.push(request);
    return {
      apiUrl: 'http://hub.notebooks:8081/hub/api',
      sessions: { podSelector: { matchLabels: { component: 'session' } } },
    };
  }
}

/** A front door that takes every route. */
export const ingress: IIngress = { route: () => undefined, serves: () => true };

/** A read-only share over NFS. */
export const cvmfs: IFileShare = {
  claimName: 'cvmfs-cms-cern-ch',
  readOnly: true,
  userNamespaces: false,
  ready,
};

/** A pool of HTCondor. */
export const pool: ICondorPool = {
  collector: 'condor.batch:9618',
  token: () => ({ name: 'token', key: 'token' }),
};

export const cms: ScaleTenant = {
  namespace: 'cms',
  groups: ['cms'],
  quota: { cpu: 64, memoryGiB: 256 },
  shares: [{ share: cvmfs, mountPath: '/cvmfs/cms.cern.ch' }],
  provided: true,
};

export const atlas: ScaleTenant = {
  namespace: 'atlas',
  groups: ['atlas'],
  quota: { cpu: 16, memoryGiB: 32 },
  provided: true,
};

export const small: DaskProfile = {
  name: 'small',
  image: 'ghcr.io/dask/dask-gateway:2026.3.0',
  cpu: { least: 1, most: 2 },
  memoryGiB: { least: 2, most: 4 },
};

export const large: DaskProfile = {
  ...small,
  name: 'large',
  cpu: { least: 4, most: 4 },
  memoryGiB: { least: 8, most: 16 },
  groups: ['experts'],
};

/** A gateway for two tenants. */
export function gatewayFor(hub: INotebookHub = new AskedHub()): DaskGatewayProps {
  return {
    tenants: [cms, atlas],
    profiles: [small, large],
    registries: ['ghcr.io/dask'],
    identity,
    hub,
    limits: { clusters: 1, workers: 4, cpu: 32, memoryGiB: 64 },
    groupLimits: { experts: { clusters: 3, workers: 20, cpu: 64, memoryGiB: 200 } },
    options: [
      { name: 'release', label: 'CMSSW', variable: 'CMSSW_VERSION', choices: ['14_0_0', '15_0_0'] },
    ],
  };
}
