import { join } from 'node:path';

import { z } from 'zod';

import { readFacts } from '../facts';
import { label, pinnedCluster, size, tenant } from '../schemas';

const schema = z.strictObject({
  cluster: pinnedCluster,
  nfs: z.strictObject({ beneath: label, sizeGiB: size('GiB of storage') }),
  tenants: z.array(tenant, { error: 'must be a list of tenants' }),
});

/** The facts of this site, as `site.yaml` has them. */
export const site = readFacts(schema, join(__dirname, 'site.yaml'));
