import type { NetworkPolicyPeer } from 'kubernetes-types/networking/v1';

import type {
  IFileShare,
  IIdentityProvider,
  IIngress,
  IStorageClass,
  SecretRef,
} from '../contracts';
import type { Monitoring } from '../kit/monitoring';
import type { GpuLayout, NotebookProfile } from './profile';

/** A class for homes. Those of `constructs/storage` say whether pods with user namespaces can mount them. */
export type HomeClass = IStorageClass & {
  /** @default - not known */
  readonly userNamespaces?: boolean;
};

/** Where people's files are. They stay when a session ends, and when the hub goes. */
export type Homes =
  /** A claim for each person, made at the first session. */
  | { readonly kind: 'claims'; readonly storageClass: HomeClass; readonly sizeGiB: number }
  /** One claim for all, a folder for each person. Its class needs ReadWriteMany. */
  | { readonly kind: 'shared-claim'; readonly storageClass: HomeClass; readonly sizeGiB: number }
  /** A share that is there already, a folder for each person below `folder`. */
  | {
      readonly kind: 'share';
      readonly share: IFileShare;
      /** @default 'home' */
      readonly folder?: string;
    };

/** Where the hub keeps who has which session. */
export type HubDatabase =
  /** A file on a claim of its own. */
  | {
      readonly kind: 'sqlite';
      readonly storageClass: IStorageClass;
      /** @default 1 */
      readonly sizeGiB?: number;
    }
  /** A PostgreSQL that somebody else runs. */
  | {
      readonly kind: 'postgresql';
      readonly host: string;
      /** @default 5432 */
      readonly port?: number;
      readonly database: string;
      readonly user: string;
      readonly password: SecretRef;
      /**
       * How the connection is encrypted, as libpq names it. With `authorities`, certificates in PEM, the server's own is checked against them and
       * must be for `host` (`verify-full`).
       *
       * @default 'require' - encrypted, whoever answers
       */
      readonly tls?: 'disable' | 'require' | { readonly authorities: string };
    };

/** How many sessions people have, and when they end. */
export interface Sessions {
  /**
   * Sessions of one person at a time.
   *
   * @default 1
   */
  readonly perUser?: number;
  /**
   * Minutes without any activity after which a session is stopped.
   *
   * @default 60
   */
  readonly idleMinutes?: number;
  /**
   * Hours after which a session is stopped, busy or not.
   *
   * @default - no limit
   */
  readonly longestHours?: number;
}

/** A JupyterHub of one namespace. */
export interface JupyterHubProps {
  /** Host name that browsers open. */
  readonly host: string;
  readonly ingress: IIngress;
  /** @default 'internal' */
  readonly reach?: 'public' | 'internal';
  readonly identity: IIdentityProvider;
  /**
   * Groups that may log in.
   *
   * @default - everybody whom the provider knows
   */
  readonly groups?: readonly string[];
  /** At least one. */
  readonly profiles: readonly NotebookProfile[];
  /** Where images may come from, as registry and path: `['quay.io/jupyter']`. Holds for profiles and for images that people name. */
  readonly registries: readonly string[];
  readonly homes: Homes;
  readonly database: HubDatabase;
  /**
   * Cores that are set aside for the hub: what it gets on a node where everybody takes theirs. It is one process, and somebody who comes in costs
   * it 0.2 s of CPU; where a course of hundreds begins at once, set one aside.
   *
   * @default 0.5
   */
  readonly hubCores?: number;
  /** @default {} */
  readonly sessions?: Sessions;
  /**
   * What the namespace may use, as its `ResourceQuota` says. Profiles are held against it.
   *
   * @default - nobody counts
   */
  readonly quota?: { readonly cpu: number; readonly memoryGiB: number };
  /**
   * GPUs of the nodes.
   *
   * @default - none, and no profile may ask for one
   */
  readonly gpus?: GpuLayout;
  /**
   * Whether sessions run in user namespaces (`hostUsers: false`). Homes and shares must then not be NFS.
   *
   * @default false
   */
  readonly userNamespaces?: boolean;
  /**
   * What sessions may reach beside the hub, on any port.
   *
   * @default - the internet, and no private network
   */
  readonly outgoing?: readonly NetworkPolicyPeer[];
  /**
   * Whether every node pulls the images of the profiles beforehand.
   *
   * @default false
   */
  readonly prePull?: boolean;
  /**
   * A text at the top of every page of the hub.
   *
   * @default - none
   */
  readonly announcement?: string;
  /** @default 'none' */
  readonly monitoring?: Monitoring;
  /**
   * Namespaces whose pods collect metrics.
   *
   * @default [] - nobody
   */
  readonly monitoringNamespaces?: readonly string[];
  /**
   * Further traitlets by class and name: `{ KubeSpawner: { start_timeout: 600 } }`. Those that the fields above or the safety of sessions
   * decide are refused.
   *
   * @default {}
   */
  readonly traitlets?: Traitlets;
}

/** Settings of JupyterHub's own configuration system, by class and name. */
export type Traitlets = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
