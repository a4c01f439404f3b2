import { join } from 'node:path';

import { z } from 'zod';

import { readFacts } from '../facts';
import { absolutePath, cidr, count, hostName, nodePool, server, tenant } from '../schemas';

const schema = z.strictObject({
  nodes: z.array(nodePool).min(1, 'must list at least one pool of nodes'),
  filer: z.strictObject({ server, path: absolutePath }),
  ingress: z.strictObject({
    replicas: count('pods', 1),
    internalNetworks: z.array(cidr, { error: 'must be a list of networks' }),
  }),
  welcome: z.strictObject({ host: hostName }),
  tenants: z.array(tenant, { error: 'must be a list of tenants' }),
});

/** The facts of this site, as `site.yaml` has them. */
export const site = readFacts(schema, join(__dirname, 'site.yaml'));
