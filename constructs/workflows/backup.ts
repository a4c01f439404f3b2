import type { Construct } from 'constructs';

import { addDatabaseBackup, type DatabaseBackup } from '../kit/database-backup';
import { imageRef, IMAGES } from '../versions';
import { POSTGRES_USER } from './database';
import { postgresVariables } from './database-access';
import type { ReanaSite } from './reana-site';
import { runAs } from './service';

/** Adds the dumps of REANA's database, and their restore (docs/how-to/reana.md). */
export function addBackup(scope: Construct, site: ReanaSite, backup: DatabaseBackup): void {
  addDatabaseBackup(scope, {
    names: { backup: site.nameOf('backup'), restore: site.nameOf('restore') },
    part: site.part('backup'),
    account: runAs(scope, site, 'backup', POSTGRES_USER),
    image: imageRef(IMAGES.reanaDatabase),
    connection: postgresVariables(site),
    // REANA's own tables have a schema; Invenio's, with the accounts, are in the other.
    database: {
      title: 'reana',
      schemas: ['public', '__reana'],
      users: 'server and workflow controller, and pgbouncer where there is one,',
    },
    backup,
  });
}
