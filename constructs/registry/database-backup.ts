import type { Construct } from 'constructs';

import { cronJob } from '../kit/jobs';
import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { imageRef, IMAGES } from '../versions';
import { BACKUP, RESTORE } from './backup-scripts';
import type { DatabaseBackup } from './harbor-backends';
import { databaseVariables } from './harbor-connections';
import type { HarborSite } from './harbor-site';

const FOLDER = '/backup';
const SIX_HOURS = 6 * 60 * 60;

/**
 * Adds the dumps of the database, and a second CronJob that never runs by itself: a Job made of it restores the newest dump
 * (docs/harbor.md).
 */
export function addBackup(scope: Construct, site: HarborSite, backup: DatabaseBackup): void {
  const name = site.nameOf('backup');
  const part = site.part('backup');
  const claim = kubeObject(scope, 'BackupClaim', 'PersistentVolumeClaim', {
    metadata: { name, labels: labelsOf(part) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: backup.size } },
      storageClassName: backup.class.className,
    },
  });
  claim.node.addDependency(backup.class.ready);
  const common = {
    part,
    ...site.runAs(scope, 'backup'),
    deadlineSeconds: SIX_HOURS,
    backoffLimit: 2,
    restart: 'Never',
    volumes: [{ name: 'dumps', persistentVolumeClaim: { claimName: name } }],
  } as const;
  const task = (title: string, script: string) => ({
    name: title,
    image: imageRef(IMAGES.harborDatabase),
    command: ['/bin/sh', '-c', script],
    env: [
      { name: 'BACKUP_FOLDER', value: FOLDER },
      { name: 'KEEP_DAYS', value: String(backup.keepDays) },
      ...databaseVariables(site, {
        host: 'PGHOST',
        port: 'PGPORT',
        database: 'PGDATABASE',
        username: 'PGUSER',
        password: 'PGPASSWORD',
        tls: 'PGSSLMODE',
      }),
    ],
    resources: { cpu: '100m', memory: '128Mi', memoryLimit: '512Mi' },
    mounts: [{ name: 'dumps', mountPath: FOLDER }],
    scratch: { '/tmp': '64Mi' },
  });
  cronJob(scope, 'Backup', {
    ...common,
    name,
    schedule: backup.schedule,
    containers: [task('dump', BACKUP)],
  });
  cronJob(scope, 'Restore', {
    ...common,
    name: site.nameOf('restore'),
    schedule: backup.schedule,
    suspend: true,
    backoffLimit: 0,
    containers: [task('restore', RESTORE)],
  });
}
