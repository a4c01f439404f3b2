import { join } from 'node:path';

import { z } from 'zod';

import { readFacts } from '../facts';
import { pinnedCluster, tenant } from '../schemas';

const schema = z.strictObject({
  cluster: pinnedCluster,
  heketi: z.strictObject({
    url: z.url({
      protocol: /^https?$/,
      error: "must be the address of heketi, for example 'http://heketi.example.org:8080'",
    }),
    user: z.string({ error: "must be the name of heketi's user, for example 'admin'" }).min(1),
  }),
  tenants: z.array(tenant, { error: 'must be a list of tenants' }),
});

/** The facts of this site, as `site.yaml` has them. */
export const site = readFacts(schema, join(__dirname, 'site.yaml'));
