import type { IIdentityProvider, PullRight } from '../contracts';
import type { SecretValue } from '../kit/secret-value';
import type { Harbor } from './harbor';

/** What is inside a Harbor. */
export interface HarborContentProps {
  readonly harbor: Harbor;
  /**
   * Other registries, by the name that Harbor knows them by.
   *
   * @default {}
   */
  readonly registries?: Readonly<Record<string, RemoteRegistry>>;
  /** Projects by name. */
  readonly projects: Readonly<Record<string, HarborProject>>;
  /**
   * What is copied to or from other registries, by name.
   *
   * @default {}
   */
  readonly replications?: Readonly<Record<string, Replication>>;
  /**
   * Who may pull from which project: `tenant.pulls`. Each gets a robot of its own, and Secrets `pull-<project>-<account>` in its namespaces.
   *
   * @default []
   */
  readonly pulls?: readonly PullRight[];
  /**
   * Who people are: members that are groups must be groups of it.
   *
   * @default - any group is taken
   */
  readonly identity?: IIdentityProvider;
}

/** Another registry. */
export interface RemoteRegistry {
  /** `docker-registry` is any that speaks the protocol: Quay, GitLab and most others. */
  readonly type: 'docker-hub' | 'docker-registry' | 'harbor' | 'github-ghcr' | 'google-gcr';
  /** `https://gitlab-registry.example.org`; Docker Hub's is `https://hub.docker.com`. */
  readonly url: string;
  /**
   * @default - as nobody
   */
  readonly login?: { readonly user: string; readonly password: SecretValue };
}

/** What a member may do; Harbor's own roles. */
export type HarborRole = 'admin' | 'maintainer' | 'developer' | 'guest' | 'limited-guest';

/** Somebody who may do something in a project. */
export interface HarborMember {
  /** A group as the identity provider names it (for LDAP its distinguished name), or a user by name. */
  readonly who: { readonly group: string } | { readonly user: string };
  readonly role: HarborRole;
}

/** A project: repositories with the same members and rules. */
export interface HarborProject {
  /**
   * Whether everybody may pull.
   *
   * @default false
   */
  readonly public?: boolean;
  /** Room for its images in GiB. */
  readonly quotaGiB: number | 'unlimited';
  /**
   * The registry that it is a cache of, by its name in `registries`. It cannot change later.
   *
   * @default - it keeps what is pushed
   */
  readonly cacheOf?: string;
  /**
   * Whether images are scanned when they are pushed.
   *
   * @default true
   */
  readonly scanOnPush?: boolean;
  /**
   * Least severity of a known vulnerability with which an image is not handed out.
   *
   * @default 'none'
   */
  readonly refuseFrom?: 'none' | 'low' | 'medium' | 'high' | 'critical';
  /** @default [] */
  readonly members?: readonly HarborMember[];
  /**
   * Robots by name.
   *
   * @default {}
   */
  readonly robots?: Readonly<Record<string, HarborRobot>>;
  /**
   * Which images are kept; the others are deleted at that time.
   *
   * @default - all
   */
  readonly retention?: Retention;
}

/** An account for programs. */
export interface HarborRobot {
  readonly may: readonly ('pull' | 'push')[];
  /** Namespaces of the plan in which its token is a Secret that pods pull with: `pull-<project>-<robot>`. */
  readonly pullSecretsIn: readonly string[];
  /**
   * Days until it ends, from when it was made.
   *
   * @default 'never'
   */
  readonly days?: number | 'never';
  /**
   * Raise it to give it a new token; pull Secrets follow in the same deployment.
   *
   * @default 0
   */
  readonly rotation?: number;
}

/** Which images of a project are kept. */
export interface Retention {
  /** When the others are deleted, as Harbor's cron of six fields writes it, in UTC: `0 0 2 * * *`. */
  readonly schedule: string;
  /** An image is kept when any of these says so. */
  readonly keep: readonly {
    readonly rule:
      | { readonly newest: number }
      | { readonly pushedWithinDays: number }
      | { readonly pulledWithinDays: number };
    /** Repositories of the project, with `**` for any text. */
    readonly repositories: string;
    /** Tags, with `**` for any text. */
    readonly tags: string;
  }[];
}

/** Images that are copied between this and another registry. */
export interface Replication {
  readonly direction: 'pull' | 'push';
  /** The other registry, by its name in `registries`. */
  readonly registry: string;
  /** Repositories, with `**` for any text: `cms/**`. */
  readonly repositories: string;
  /** Tags, with `**` for any text. */
  readonly tags: string;
  /** Project or folder that they go to. */
  readonly to: string;
  /** When: each time something is pushed here, at times (cron of six fields, UTC), or when somebody says so. */
  readonly when: 'pushed' | 'by-hand' | { readonly schedule: string };
}
