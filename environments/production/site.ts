import { join } from 'node:path';

import { z } from 'zod';

import { cvmfs } from '../cvmfs-facts';
import { readFacts } from '../facts';
import { absolutePath, cidr, count, hostName, pinnedCluster, server, tenant } from '../schemas';

const schema = z.strictObject({
  cluster: pinnedCluster,
  filer: z.strictObject({
    server,
    path: absolutePath,
    owner: count('the user who owns the directory (its UID)', 1),
  }),
  ingress: z.strictObject({
    address: z.ipv4({ error: "must be an IPv4 address, for example '192.0.2.10'" }),
    replicas: count('pods', 1),
    internalNetworks: z.array(cidr, { error: 'must be a list of networks' }),
    monitoringNamespaces: z.array(z.string()),
  }),
  welcome: z.strictObject({ host: hostName }),
  registry: z.strictObject({
    host: hostName,
    layersGiB: count('GiB for layers of images', 1),
    backup: z.strictObject({
      schedule: z.string({ error: "must be five fields of cron in quotes, as '30 1 * * *'" }),
      keepDays: count('days that a dump is kept', 1),
    }),
  }),
  cvmfs,
  tenants: z.array(tenant, { error: 'must be a list of tenants' }),
});

/** The facts of this site, as `site.yaml` has them. */
export const site = readFacts(schema, join(__dirname, 'site.yaml'));
