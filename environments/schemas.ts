import { z } from 'zod';

/**
 * Pieces for the schema of a site's facts. Messages are written for whoever edits `site.yaml`: they say what the
 * field is and show an example.
 */

/** A lower-case name, as namespaces and node pools have. */
export const label = matching(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "must be lower-case letters, digits and '-', at most 63 characters, for example 'analysis'",
);

/** A host name with at least one dot. */
export const hostName = matching(
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "must be a full host name in lower case, for example 'www.example.org'",
);

/** A host name or IPv4 address, without scheme, port or path. */
export const server = matching(
  /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
  "must be a host name or an IPv4 address and nothing else, for example 'nfs1.example.org'",
);

/** An absolute path. */
export const absolutePath = matching(
  /^\/[^\s]*$/,
  "must be a path that begins with '/', for example '/export/home'",
);

/** A network as address and prefix length. */
export const cidr = z.cidrv4({
  error: "must be an IPv4 network in CIDR notation, for example '192.0.2.0/24'",
});

/** Nodes of one size. */
export const nodePool = z
  .strictObject({
    name: label,
    count: count('nodes', 1),
    cpu: size('CPU cores'),
    memoryGiB: size('GiB of memory'),
    labels: z.record(z.string(), z.string({ error: 'must be text; put it in quotes' })).optional(),
    pods: count('pods that a node takes', 1).optional(),
    devices: z.record(z.string(), count('devices of a node', 1)).optional(),
    reserved: z
      .strictObject({
        cpu: amount('CPU cores kept from pods'),
        memoryGiB: amount('GiB of memory kept from pods'),
      })
      .optional(),
  })
  .superRefine((pool, context) => {
    const { reserved, devices = {} } = pool;
    for (const name of Object.keys(devices).filter((key) => !key.includes('/'))) {
      context.addIssue({
        code: 'custom',
        path: ['devices'],
        message: "must be named as pods ask for them: 'nvidia.com/gpu'",
        input: name,
      });
    }
    if (reserved === undefined) return;
    for (const field of ['cpu', 'memoryGiB'] as const) {
      if (reserved[field] < pool[field]) continue;
      context.addIssue({
        code: 'custom',
        path: ['reserved', field],
        message: `must be less than the pool's '${field}', which is ${pool[field]}`,
        input: reserved[field],
      });
    }
  });

/** The one cluster that an environment may ever be deployed to, and the nodes of it that take the environment's pods. */
export const pinnedCluster = z.strictObject({
  context: z.string({ error: 'must be the name of a context in your kubeconfig' }).min(1),
  server: z.url({
    error: "must be the address of the API server, for example 'https://api.example.org:6443'",
  }),
  clusterId: z.uuid({
    error: 'must be what `kubectl get namespace kube-system -o jsonpath={.metadata.uid}` prints',
  }),
  nodes: z
    .array(nodePool, { error: 'must be a list of pools of nodes' })
    .min(1, 'must list at least one pool of nodes')
    .optional(),
});

/** A number from 0 of what the text says: `amount('GiB of memory')`. */
export function amount(what: string): z.ZodNumber {
  const error = `must be the number of ${what}, 0 or more`;
  return z.number({ error }).min(0, { error });
}

/** A number above 0 of what the text says: `size('CPU cores')`. */
export function size(what: string): z.ZodNumber {
  const error = `must be the number of ${what}, more than 0`;
  return z.number({ error }).positive({ error });
}

/** A whole number from `least` of what the text says: `count('replicas', 1)`. */
export function count(what: string, least: number): z.ZodInt {
  const error = `must be the number of ${what}, a whole number from ${least}`;
  return z.int({ error }).min(least, { error });
}

const names = z.array(
  z.string({ error: 'must be a name as the identity provider spells it' }).min(1),
  {
    error: 'must be a list of names',
  },
);

/** An object of facts; a field that is not listed is refused. For sites that do not depend on zod themselves. */
export function facts<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape);
}

/** A list of what the text says: `listOf(cidr, 'networks')`. */
export function listOf<Item extends z.ZodType>(item: Item, what: string): z.ZodArray<Item> {
  return z.array(item, { error: `must be a list of ${what}` });
}

/** A text that is not empty, of what the text says: `text('the address of the directory')`. */
export function text(what: string): z.ZodString {
  const error = `must be ${what}`;
  return z.string({ error }).min(1, { error });
}

/** Groups and users who are granted something. */
export const people = z.strictObject({ groups: names.optional(), users: names.optional() });

const ports = z.array(count('a TCP port', 1));
const labels = z.record(z.string(), z.string());

/** What a tenant may use in one namespace. More than `restricted` is not among it: a consent belongs into the code, where it is reviewed. */
const space = {
  quota: z.strictObject({
    cpu: amount('CPU cores'),
    memoryGiB: amount('GiB of memory'),
    pods: count('pods', 0),
    storageGiB: amount('GiB of storage'),
    claims: count('claims', 0).optional(),
    devices: z.record(z.string(), count('devices', 0)).optional(),
    loadBalancers: count('Services with an address outside', 0).optional(),
  }),
  limits: z
    .strictObject({
      defaultCpu: amount('CPU cores').optional(),
      defaultMemoryMiB: amount('MiB of memory').optional(),
      largestMemoryGiB: amount('GiB of memory').optional(),
    })
    .optional(),
  storage: z
    .record(
      z.string(),
      z.strictObject({ storageGiB: amount('GiB of storage'), claims: count('claims', 0) }),
    )
    .optional(),
  traffic: z
    .strictObject({
      within: z.boolean({ error: 'must be true or false' }).optional(),
      to: z
        .array(
          z.discriminatedUnion(
            'kind',
            [
              z.strictObject({ kind: z.literal('pods'), namespace: label, labels, ports }),
              z.strictObject({
                kind: z.literal('network'),
                cidr,
                ports: ports.or(z.literal('any')),
              }),
              z.strictObject({ kind: z.literal('host'), host: hostName, ports }),
            ],
            { error: "must be of kind 'pods', 'network' or 'host'" },
          ),
        )
        .optional(),
      from: z.array(z.strictObject({ namespace: label, labels, ports })).optional(),
    })
    .optional(),
};

/** A tenant: who, and how much of the cluster they get. */
export const tenant = z.strictObject({
  name: label,
  ...space,
  more: z.record(label, z.strictObject(space)).optional(),
  admins: people.optional(),
  editors: people.optional(),
  viewers: people.optional(),
  pulls: z.array(z.string()).optional(),
});

function matching(pattern: RegExp, error: string): z.ZodString {
  return z.string({ error }).regex(pattern, { error });
}
