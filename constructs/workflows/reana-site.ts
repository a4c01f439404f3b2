import type { Construct } from 'constructs';
import type { EnvVar, Volume, VolumeMount } from 'kubernetes-types/core/v1';

import type { SecretRef } from '../contracts';
import type { DatabaseBackup } from '../kit/database-backup';
import type { Part } from '../kit/labels';
import { namespaceOf } from '../kit/objects';
import { imageRef } from '../versions';
import type { ReanaCvmfs, ReanaGitLab } from './extra-props';
import type { ReanaBackend } from './reana-backends';
import type { ReanaMail, ReanaPooler, ReanaProps, ReanaSessions } from './reana-props';
import { RELEASES, type ReanaProgram, type ReanaRelease } from './releases';

/** The programs that REANA is made of. */
export type ReanaComponent =
  | 'server'
  | 'workflow-controller'
  | 'ui'
  | 'db'
  | 'pgbouncer'
  | 'backup'
  | 'cache'
  | 'message-broker'
  | 'setup'
  | 'retention'
  | 'quota'
  | 'status'
  | 'sessions';

/** UID of REANA's programs and of its jobs on Kubernetes (`WORKFLOW_RUNTIME_USER_UID` of upstream). */
export const REANA_USER = 1000;

/** What all programs of one REANA have in common: names, addresses, files. */
export class ReanaSite {
  readonly prefix: string;
  readonly namespace: string;

  constructor(
    scope: Construct,
    readonly props: ReanaProps,
  ) {
    this.prefix = props.prefix ?? 'reana';
    this.namespace = namespaceOf(scope);
  }

  /** `reana-server`. */
  nameOf(what: string): string {
    return `${this.prefix}-${what}`;
  }

  part(component: ReanaComponent): Part {
    return {
      name: 'reana',
      instance: this.prefix,
      component,
      partOf: 'reana',
      version: RELEASES[this.release].server.tag,
    };
  }

  /** Namespace of runs, jobs and notebooks. */
  get runsNamespace(): string {
    return this.props.runs?.namespace ?? this.namespace;
  }

  /** How policies of the one namespace name the other; undefined where both are the same. */
  get apart(): { readonly runs: string; readonly programs: string } | undefined {
    const { runs } = this.props;
    return runs === undefined ? undefined : { runs: runs.namespace, programs: this.namespace };
  }

  get release(): ReanaRelease {
    return this.props.release ?? '0.9.4';
  }

  /** Image of a program, by exact tag. */
  image(program: ReanaProgram): string {
    return imageRef(RELEASES[this.release][program]);
  }

  /** Name of the claim that programs and runs mount. */
  get claimName(): string {
    return this.nameOf('shared-persistent-volume');
  }

  get backends(): readonly ReanaBackend[] {
    return this.props.backends ?? [{ kind: 'kubernetes' }];
  }

  get sessions(): ReanaSessions | undefined {
    const { sessions } = this.props;
    return sessions === undefined || sessions === 'none' ? undefined : sessions;
  }

  get mail(): ReanaMail | undefined {
    const { mail } = this.props;
    return mail === undefined || mail === 'none' ? undefined : mail;
  }

  get cvmfs(): ReanaCvmfs | undefined {
    const { cvmfs } = this.props;
    return cvmfs === undefined || cvmfs === 'none' ? undefined : cvmfs;
  }

  get gitlab(): ReanaGitLab | undefined {
    const { gitlab } = this.props;
    return gitlab === undefined || gitlab === 'none' ? undefined : gitlab;
  }

  get krb5Conf(): string | undefined {
    const { kerberos } = this.props;
    return kerberos === undefined || kerberos === 'none' ? undefined : kerberos.krb5Conf;
  }

  get pooler(): ReanaPooler | undefined {
    const { pooler } = this.props;
    return pooler === undefined || pooler === 'none' ? undefined : pooler;
  }

  get backup(): DatabaseBackup | undefined {
    const { database } = this.props;
    return database.kind === 'external' || database.backup === 'none' ? undefined : database.backup;
  }

  get registrationOpen(): boolean {
    const { registration } = this.props;
    return registration !== undefined && registration !== 'closed';
  }

  get sharedVolume(): Volume {
    return { name: 'workspaces', persistentVolumeClaim: { claimName: this.claimName } };
  }
}

/** Where every program of REANA mounts the workspaces. */
export const WORKSPACES: VolumeMount = { name: 'workspaces', mountPath: '/var/reana' };

/** A variable whose value is in a Secret. */
export function fromSecret(name: string, { name: secret, key }: SecretRef): EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/** Variables from plain values, sorted by name, so that the order of writing does not show. */
export function variables(values: Readonly<Record<string, string>>): EnvVar[] {
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value }));
}
