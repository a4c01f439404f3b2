import { join } from 'node:path';

import { z } from 'zod';

import { readFacts } from '../facts';
import { hostName, pinnedCluster, tenant } from '../schemas';

const schema = z.strictObject({
  cluster: pinnedCluster,
  storageNodes: z
    .array(
      z.strictObject({
        name: hostName,
        devices: z
          .array(z.string(), { error: "must be a list of devices, for example ['sdb']" })
          .min(1, 'must list at least one device'),
      }),
      { error: 'must be a list of nodes with their devices' },
    )
    .min(6, 'must list at least six nodes: four pieces of data and two of coding, each on its own'),
  tenants: z.array(tenant, { error: 'must be a list of tenants' }),
});

/** The facts of this site, as `site.yaml` has them. */
export const site = readFacts(schema, join(__dirname, 'site.yaml'));
