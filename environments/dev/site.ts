import { join } from 'node:path';

import { z } from 'zod';

import { facility, facilityTenant } from '../facility-facts';
import { readFacts } from '../facts';
import { absolutePath, cidr, count, hostName, nodePool, server, text } from '../schemas';

const schema = z.strictObject({
  nodes: z.array(nodePool).min(1, 'must list at least one pool of nodes'),
  filer: z.strictObject({ server, path: absolutePath }),
  ingress: z.strictObject({
    replicas: count('pods', 1),
    internalNetworks: z.array(cidr, { error: 'must be a list of networks' }),
  }),
  welcome: z.strictObject({ host: hostName }),
  identity: z.strictObject({
    title: text('what people know the directory as'),
    url: text("the directory's address, for example 'ldaps://ldap.example.org'"),
    base: text('the distinguished name below which people and groups are'),
    groups: z.array(z.string(), { error: 'must be the groups that services may name' }),
    admins: z.array(z.string(), { error: 'must be the groups that run the services' }),
  }),
  facility,
  tenants: z.array(facilityTenant, { error: 'must be a list of tenants' }),
});

/** The facts of this site, as `site.yaml` has them. */
export const site = readFacts(schema, join(__dirname, 'site.yaml'));
