import { join } from 'node:path';

import { z } from 'zod';

import { readFacts } from '../facts';
import { label, pinnedCluster, size } from '../schemas';

const schema = z.strictObject({
  cluster: pinnedCluster,
  project: label,
  storage: z.strictObject({ className: label, sharedGiB: size('GiB of storage') }),
});

/** The facts of this site, as `site.yaml` has them. */
export const site = readFacts(schema, join(__dirname, 'site.yaml'));
