import { z } from 'zod';

import { cidr, count, hostName, label, listOf, size, tenant, text } from './schemas';

const limits = z.strictObject({
  clusters: count('clusters of one person', 1),
  workers: count('workers of one cluster', 1),
  cpu: size('CPU cores of one cluster'),
  memoryGiB: size('GiB of memory of one cluster'),
});

const profile = {
  name: label,
  image: text(
    "an image with an exact tag, for example 'quay.io/jupyter/scipy-notebook:2025-03-14'",
  ),
  cpu: span('CPU cores'),
  memoryGiB: span('GiB of memory'),
  tenants: listOf(label, 'tenants').optional(),
};

/** What a site says of its analysis facility: sizes, images, limits, and who may what. */
export const facility = z.strictObject({
  registries: listOf(text('a registry and a path'), 'where images may come from'),
  dataNetworks: listOf(cidr, 'networks'),
  notebooks: z.strictObject({
    host: hostName,
    quota: tenant.shape.quota,
    homeGiB: size('GiB of one home'),
    expect: z.strictObject({
      people: count('people with a home', 1),
      sessions: count('sessions at one time', 1),
    }),
    sessions: z.strictObject({
      perUser: count('sessions of one person', 1),
      idleMinutes: count('minutes', 1),
      longestHours: count('hours', 1),
    }),
    profiles: listOf(
      z.strictObject({
        ...profile,
        title: text('what people read'),
        customImage: z.boolean({ error: 'must be true or false' }).optional(),
      }),
      'profiles',
    ),
  }),
  dask: z.strictObject({ profiles: listOf(z.strictObject(profile), 'profiles'), limits }),
});

/** The same of a facility without Dask. */
export const facilityWithoutDask = facility.omit({ dask: true });

/** The batch pool of a facility: its name, its queue and its execute pods. */
export const htcondor = z.strictObject({
  domain: hostName,
  keyRotation: count('which key', 1),
  spoolGiB: size('GiB for the queue and the files of its jobs'),
  pods: count('execute pods', 1),
  cores: count('CPU cores of an execute pod', 1),
  memoryGiB: size('GiB of memory of an execute pod'),
  scratchGiB: size('GiB of disk of an execute pod'),
});

/** A tenant of a facility: beside what a tenant is, its limits of Dask and its share of the pool. */
export const facilityTenant = tenant.extend({
  dask: limits.optional(),
  batch: z
    .strictObject({
      percent: size('percent of the pool').max(100, 'must be at most 100'),
      users: listOf(text('the name of a person, as in tokens'), 'people'),
    })
    .optional(),
});

function span(
  what: string,
): z.ZodObject<{ least: z.ZodNumber; most: z.ZodNumber }, z.core.$strict> {
  return z.strictObject({ least: size(what), most: size(what) });
}
