import { join } from 'node:path';

import { z } from 'zod';

import { readFacts } from '../facts';
import { pinnedCluster, tenant } from '../schemas';

const schema = z.strictObject({
  cluster: pinnedCluster,
  tenants: z.array(tenant, { error: 'must be a list of tenants' }),
});

/** The facts of this site, as `site.yaml` has them. */
export const site = readFacts(schema, join(__dirname, 'site.yaml'));
