import type { Construct } from 'constructs';
import type { EnvVar } from 'kubernetes-types/core/v1';

import type { IStorageClass } from '../contracts';
import { cronJob } from './jobs';
import { labelsOf, type Part } from './labels';
import { kubeObject } from './objects';
import type { PodProps } from './pods';
import { dumpScript, restoreScript, type DumpedDatabase } from './postgres-dumps';

const FOLDER = '/backup';
const SIX_HOURS = 6 * 60 * 60;

/** A dump of the database on a claim of its own, again and again. */
export interface DatabaseBackup {
  /** When, as cron writes it, in UTC. */
  readonly schedule: string;
  /** Days after which a dump is deleted; the newest always stays. */
  readonly keepDays: number;
  readonly size: string;
  readonly class: IStorageClass;
}

/** Whose database is dumped, with what, and as whom. */
export interface DatabaseBackupProps {
  /** Names of the two CronJobs; the claim has the first. */
  readonly names: { readonly backup: string; readonly restore: string };
  readonly part: Part;
  readonly account: Pick<PodProps, 'serviceAccount' | 'user' | 'fixedUser' | 'volumeGroup'>;
  /** An image with `pg_dump` of the server's version, or a later one. */
  readonly image: string;
  /** PGHOST, PGUSER and so on. */
  readonly connection: readonly EnvVar[];
  readonly database: DumpedDatabase;
  readonly backup: DatabaseBackup;
}

/** Adds the dumps of a database, and a second CronJob that never runs by itself: a Job made of it restores the newest dump. */
export function addDatabaseBackup(scope: Construct, props: DatabaseBackupProps): void {
  const { names, part, database, backup } = props;
  const claim = kubeObject(scope, 'BackupClaim', 'PersistentVolumeClaim', {
    metadata: { name: names.backup, labels: labelsOf(part) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: backup.size } },
      storageClassName: backup.class.className,
    },
  });
  claim.node.addDependency(backup.class.ready);
  const common = {
    part,
    ...props.account,
    deadlineSeconds: SIX_HOURS,
    backoffLimit: 2,
    restart: 'Never',
    volumes: [{ name: 'dumps', persistentVolumeClaim: { claimName: names.backup } }],
  } as const;
  const task = (title: string, script: string) => ({
    name: title,
    image: props.image,
    command: ['/bin/sh', '-c', script],
    env: [
      { name: 'BACKUP_FOLDER', value: FOLDER },
      { name: 'KEEP_DAYS', value: String(backup.keepDays) },
      ...props.connection,
    ],
    resources: { cpu: '100m', memory: '128Mi', memoryLimit: '512Mi' },
    mounts: [{ name: 'dumps', mountPath: FOLDER }],
    scratch: { '/tmp': '64Mi' },
  });
  cronJob(scope, 'Backup', {
    ...common,
    name: names.backup,
    schedule: backup.schedule,
    containers: [task('dump', dumpScript(database))],
  });
  cronJob(scope, 'Restore', {
    ...common,
    name: names.restore,
    schedule: backup.schedule,
    suspend: true,
    backoffLimit: 0,
    containers: [task('restore', restoreScript(database))],
  });
}
