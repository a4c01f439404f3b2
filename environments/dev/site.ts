import { join } from 'node:path';

import { z } from 'zod';

import { readFacts } from '../facts';
import { nodePool, tenant } from '../schemas';

const schema = z.strictObject({
  nodes: z.array(nodePool).min(1),
  tenants: z.array(tenant),
});

/** The facts of this site, as `site.yaml` has them. */
export const site = readFacts(schema, join(__dirname, 'site.yaml'));
