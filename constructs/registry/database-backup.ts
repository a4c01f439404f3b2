import type { Construct } from 'constructs';

import { addDatabaseBackup, type DatabaseBackup } from '../kit/database-backup';
import { imageRef, IMAGES } from '../versions';
import { databaseVariables } from './harbor-connections';
import type { HarborSite } from './harbor-site';

/** Adds the dumps of Harbor's database, and their restore (docs/how-to/harbor.md). */
export function addBackup(scope: Construct, site: HarborSite, backup: DatabaseBackup): void {
  addDatabaseBackup(scope, {
    names: { backup: site.nameOf('backup'), restore: site.nameOf('restore') },
    part: site.part('backup'),
    account: site.runAs(scope, 'backup'),
    image: imageRef(IMAGES.harborDatabase),
    connection: databaseVariables(site, {
      host: 'PGHOST',
      port: 'PGPORT',
      database: 'PGDATABASE',
      username: 'PGUSER',
      password: 'PGPASSWORD',
      tls: 'PGSSLMODE',
    }),
    database: {
      title: 'registry',
      schemas: ['public'],
      users: 'core, jobservice and exporter',
    },
    backup,
  });
}
