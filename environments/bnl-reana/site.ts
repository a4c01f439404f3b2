import { join } from 'node:path';

import { z } from 'zod';

import { readFacts } from '../facts';
import { cidr, hostName, label, pinnedCluster, size } from '../schemas';

const schema = z.strictObject({
  cluster: pinnedCluster,
  nfs: z.strictObject({ beneath: label, sizeGiB: size('GiB of storage') }),
  reana: z.strictObject({
    host: hostName,
    admin: z.strictObject({ email: z.email({ error: 'must be an address' }) }),
    sharedGiB: size('GiB of storage'),
    ingress: z.strictObject({
      annotation: label,
      namespace: label,
      internalNetworks: z.array(cidr, { error: 'must be a list of networks' }),
    }),
  }),
});

/** The facts of this site, as `site.yaml` has them. */
export const site = readFacts(schema, join(__dirname, 'site.yaml'));
