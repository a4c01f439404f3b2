import { join } from 'node:path';

import { z } from 'zod';

import { cvmfs } from '../cvmfs-facts';
import { facility, facilityTenant, htcondor } from '../facility-facts';
import { readFacts } from '../facts';
import { absolutePath, cidr, count, hostName, label, pinnedCluster, server } from '../schemas';

const search = z.strictObject({
  base: z.string({ error: 'must be the distinguished name below which is searched' }),
  filter: z.string({
    error: "must be a filter in parentheses, for example '(objectClass=person)'",
  }),
});

const schema = z.strictObject({
  cluster: pinnedCluster,
  filer: z.strictObject({
    server,
    path: absolutePath,
    owner: count('the user who owns the directory (its UID)', 1),
  }),
  disks: z.strictObject({ className: label }),
  ingress: z.strictObject({
    address: z.ipv4({ error: "must be an IPv4 address, for example '192.0.2.10'" }),
    replicas: count('pods', 1),
    internalNetworks: z.array(cidr, { error: 'must be a list of networks' }),
    monitoringNamespaces: z.array(z.string()),
  }),
  welcome: z.strictObject({ host: hostName }),
  identity: z.strictObject({
    title: z.string({ error: 'must be what people know the login as' }),
    host: hostName,
    directory: z.strictObject({
      url: z.string({
        error: "must be the directory's address, for example 'ldaps://ldap.example.org'",
      }),
      bindDn: z.string({ error: 'must be the distinguished name of the account that searches' }),
      users: search,
      groups: search,
    }),
    groups: z.array(z.string(), { error: 'must be the groups that services may name' }),
    admins: z.array(z.string(), { error: 'must be the groups that run the services' }),
    groupSync: z.string({ error: "must be five fields of cron in quotes, as '*/15 * * * *'" }),
  }),
  registry: z.strictObject({
    host: hostName,
    layersGiB: count('GiB for layers of images', 1),
    backup: z.strictObject({
      schedule: z.string({ error: "must be five fields of cron in quotes, as '30 1 * * *'" }),
      keepDays: count('days that a dump is kept', 1),
    }),
    tenantGiB: count('GiB for the images of one tenant', 1),
    caches: z.array(
      z.strictObject({
        name: label,
        url: z.url({ error: "must be a registry's address, for example 'https://quay.io'" }),
        quotaGiB: count('GiB for what it keeps', 1),
      }),
      { error: 'must be a list of registries' },
    ),
    dockerHub: z.strictObject({
      user: z.string({ error: 'must be the account of the site at Docker Hub' }),
      quotaGiB: count('GiB for what it keeps', 1),
    }),
    partner: z.strictObject({
      url: z.url({ error: "must be the address of the other site's Harbor" }),
      user: z.string({ error: 'must be the account of this site there' }),
    }),
  }),
  cvmfs,
  facility,
  htcondor,
  tenants: z.array(facilityTenant, { error: 'must be a list of tenants' }),
});

/** The facts of this site, as `site.yaml` has them. */
export const site = readFacts(schema, join(__dirname, 'site.yaml'));
