import type { IIngress } from '../../../../constructs/contracts';
import type { HubDatabase, Sessions } from '../../../../constructs/notebooks/hub-props';
import type { NotebookProfile } from '../../../../constructs/notebooks/profile';
import type { TargetName } from '../../../../constructs/targets';
import type { TenantProps } from '../../../../constructs/tenancy/tenant-props';
import { IdentityStack } from '../../../../stacks/identity-stack';
import { NotebooksStack } from '../../../../stacks/notebooks-stack';
import type { Directory } from '../../../support/directory';
import { laboratory } from '../../../support/laboratory';
import { appFor, Synthesized } from '../../../support/synth';
import { share, storageClass } from '../support';

export const HOSTS = { hub: 'hub.example.org', login: 'login.example.org' } as const;
export const SHARE = 'cvmfs-cms-cern-ch';

/** Who lives where in one test run. */
export interface Names {
  readonly notebooks: string;
  readonly identity: string;
  readonly disk: string;
}

/** What a test may want otherwise than the usual site. */
export interface SiteOptions {
  /** @default 'okd 4.21' */
  readonly target?: TargetName;
  /** @default - SQLite on a claim */
  readonly database?: HubDatabase;
  /** @default the three of `PROFILES` */
  readonly profiles?: readonly NotebookProfile[];
  /** @default 40 cores, 100 GiB, 20 pods, 200 GiB of homes */
  readonly quota?: TenantProps['quota'];
  /** @default { idleMinutes: 60, longestHours: 24 } */
  readonly sessions?: Sessions;
}

const guest: NotebookProfile = {
  name: 'guest',
  title: 'Guest: to look around',
  image: 'quay.io/jupyter/base-notebook:2025-03-14',
  cpu: { least: 0.1, most: 1 },
  memoryGiB: { least: 0.5, most: 1 },
};

/** One for everybody, one for a group, and one for another group. */
export const PROFILES: readonly NotebookProfile[] = [
  guest,
  {
    ...guest,
    name: 'analysis',
    title: 'Analysis: 4 cores and CVMFS',
    image: 'quay.io/jupyter/scipy-notebook:2025-03-14',
    cpu: { least: 0.5, most: 4 },
    memoryGiB: { least: 1, most: 8 },
    shares: [{ share: share(SHARE, true), mountPath: '/cvmfs/cms.cern.ch' }],
    environment: { CMSSW_VERSION: '15_0_0' },
    groups: ['analysis'],
  },
  {
    ...guest,
    name: 'gpu',
    title: 'GPU: one slice',
    gpu: { kind: 'slices', slice: '1g.5gb', count: 1 },
    groups: ['site-admins'],
    customImage: true,
  },
];

/** A hub with a directory behind Dex, as the two stacks render it. */
export function renderedSite(
  names: Names,
  directory: Pick<Directory, 'url' | 'ca'>,
  options: SiteOptions = {},
): { readonly identity: Synthesized; readonly notebooks: Synthesized } {
  const app = appFor(options.target ?? 'okd 4.21');
  const ingress: IIngress = { route: () => undefined, serves: () => true };
  const identity = new IdentityStack(app, 'Identity', {
    namespace: names.identity,
    ingress,
    people: { kind: 'dex', host: HOSTS.login, directory: laboratory(directory) },
  });
  // More than one session for each person takes homes that several nodes can mount.
  const modes = (options.sessions?.perUser ?? 1) > 1 ? (['ReadWriteMany'] as const) : [];
  const disk = storageClass(names.disk, 'ReadWriteOnce', ...modes);
  const notebooks = new NotebooksStack(app, 'Notebooks', {
    namespace: names.notebooks,
    quota: options.quota ?? { cpu: 40, memoryGiB: 100, pods: 20, storageGiB: 200 },
    host: HOSTS.hub,
    ingress,
    identity: identity.identity,
    profiles: options.profiles ?? PROFILES,
    registries: ['quay.io/jupyter'],
    gpus: { perNode: 1, memoryGB: 40, slices: { '1g.5gb': 7 } },
    homes: { kind: 'claims', storageClass: disk, sizeGiB: 10 },
    database: options.database ?? { kind: 'sqlite', storageClass: disk },
    sessions: options.sessions ?? { idleMinutes: 60, longestHours: 24 },
    announcement: 'Maintenance on Tuesday',
    monitoring: { by: 'prometheus-operator', labels: {}, dashboards: { by: 'sidecar' } },
  });
  return { identity: new Synthesized(identity), notebooks: new Synthesized(notebooks) };
}
