import { z } from 'zod';

import { absolutePath, cidr, count, hostName } from './schemas';

const address = z.ipv4({ error: "must be an IPv4 address, for example '172.30.0.49'" });
const text = (what: string): z.ZodString => z.string({ error: `must be ${what}` }).min(1);

/** What a site says of its CVMFS: proxies, servers and repositories. */
export const cvmfs = z.strictObject({
  consent: text('the reason why the servers may be privileged'),
  image: z.strictObject({
    repository: text('registry and repository of the image that you built from images/'),
    tag: text('its exact version'),
    cvmfs: text("the version of the CVMFS client in it, for example '2.12.7'"),
  }),
  address,
  serviceNetwork: cidr,
  nodeNetworks: z.array(cidr, { error: 'must be the networks of the nodes' }),
  podNetworks: z.array(cidr, { error: 'must be the networks of the pods' }),
  replicas: z.strictObject({
    min: count('servers', 2),
    max: count('servers', 2),
    operations: z
      .strictObject({
        metric: text("the name under which the adapter serves the rate of servers' calls"),
        perReplica: count('calls per second of one server', 1),
        adapter: text('what serves custom.metrics.k8s.io in the cluster'),
      })
      .optional(),
  }),
  proxies: z
    .strictObject({
      program: z.enum(['squid', 'varnish'], { error: "must be 'squid' or 'varnish'" }).optional(),
    })
    .optional(),
  cacheGiB: count('GiB of cache of each server', 1),
  quotaMiB: count('MiB that a client keeps', 1000),
  stratumOnes: z
    .array(hostName, { error: 'must be the host names of Stratum-1 servers, nearest first' })
    .min(1, 'must name at least one server'),
  repositories: z
    .array(
      z.strictObject({
        name: hostName,
        keys: absolutePath,
        tag: z.string().optional(),
        readers: z.array(z.string(), { error: 'must be the namespaces that get it' }),
      }),
      { error: 'must be a list of repositories' },
    )
    .min(1, 'must list at least one repository'),
});
