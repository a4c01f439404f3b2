import type { Construct } from 'constructs';
import type { EnvVar, Volume, VolumeMount } from 'kubernetes-types/core/v1';

import type { SecretRef } from '../contracts';
import type { DatabaseBackup } from '../kit/database-backup';
import type { Part } from '../kit/labels';
import { namespaceOf } from '../kit/objects';
import { imageRef } from '../versions';
import type { ReanaCvmfs, ReanaDask, ReanaGitLab, ReanaVoms } from './extra-props';
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
  | 'sessions'
  | 'dask-operator';

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
    return given(this.props.sessions);
  }

  get mail(): ReanaMail | undefined {
    return given(this.props.mail);
  }

  get cvmfs(): ReanaCvmfs | undefined {
    return given(this.props.cvmfs);
  }

  get gitlab(): ReanaGitLab | undefined {
    return given(this.props.gitlab);
  }

  get krb5Conf(): string | undefined {
    return given(this.props.kerberos)?.krb5Conf;
  }

  get voms(): ReanaVoms | undefined {
    const { voms } = this.props;
    return voms === undefined || voms === 'none' ? undefined : voms;
  }

  get dask(): ReanaDask | undefined {
    const { dask } = this.props;
    return dask === undefined || dask === 'none' ? undefined : dask;
  }

  get pooler(): ReanaPooler | undefined {
    return given(this.props.pooler);
  }

  get backup(): DatabaseBackup | undefined {
    const { database } = this.props;
    return database.kind === 'external' ? undefined : given(database.backup);
  }

  get registrationOpen(): boolean {
    const { registration } = this.props;
    return registration !== undefined && registration !== 'closed';
  }

  get sharedVolume(): Volume {
    return { name: 'workspaces', persistentVolumeClaim: { claimName: this.claimName } };
  }
}

/** What a prop says, unless it says that there is none. */
function given<T extends object>(value: T | 'none' | undefined): T | undefined {
  return value === 'none' ? undefined : value;
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
