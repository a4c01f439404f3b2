import { join } from 'node:path';

import { z } from 'zod';

import { cvmfs } from '../cvmfs-facts';
import { facility, facilityTenant, htcondor } from '../facility-facts';
import { readFacts } from '../facts';
import { cidr, hostName, pinnedCluster, size } from '../schemas';

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
  cvmfs,
  internalNetworks: z.array(cidr, { error: 'must be a list of networks' }),
  identity: z.strictObject({
    title: z.string({ error: 'must be what people know the provider as' }),
    issuer: z.url({
      error: "must be the provider's address, for example 'https://sso.example.org'",
    }),
    client: z.string({ error: 'must be the id that the hub is registered by' }),
    groups: z.array(z.string(), { error: 'must be the groups that services may name' }),
    admins: z.array(z.string(), { error: 'must be the groups that run the services' }),
  }),
  facility,
  htcondor,
  edge: z.strictObject({
    contact: z.string({ error: 'must be the mail address of the team' }),
    since: z.iso.date({ error: "must be the first day in quotes, as '2026-11-22'" }),
    until: z.iso.date({ error: "must be the last day in quotes, as '2027-05-31'" }),
  }),
  capacity: z.strictObject({
    blockGiB: size('GiB that block devices may take'),
    sharedGiB: size('GiB that shared directories may take'),
  }),
  tenants: z.array(facilityTenant, { error: 'must be a list of tenants' }),
});

/** The facts of this site, as `site.yaml` has them. */
export const site = readFacts(schema, join(__dirname, 'site.yaml'));
