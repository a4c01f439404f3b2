import { z } from 'zod';

import { later, MERGE, watch, type World } from './watch';

const schema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z
    .object({ type: z.string().optional(), loadBalancerIP: z.string().optional() })
    .prefault({}),
  status: z
    .object({
      loadBalancer: z
        .object({ ingress: z.array(z.object({ ip: z.string().optional() })).default([]) })
        .prefault({}),
    })
    .prefault({}),
});

type Addressed = z.infer<typeof schema>;

/** What Ingresses answer on: as if one ingress controller with one address served them all. */
const INGRESS_ADDRESS = '192.0.2.1';

/** The ranges that are reserved for documentation (RFC 5737): no packet ever leaves for them. */
const RANGES = ['192.0.2', '198.51.100', '203.0.113'];

/** Gives every Service of type LoadBalancer and every Ingress an address, as a cloud or MetalLB would. */
export function simulateAddresses(world: World): void {
  const given = new Map<string, string>();
  const services = watch(world, '/api/v1/services', (object) => {
    const service = schema.parse(object);
    if (service.spec.type !== 'LoadBalancer' || hasAddress(service)) return;
    const key = `${service.metadata.namespace}/${service.metadata.name}`;
    const used = new Set([
      ...services.list().flatMap((other) => addressesOf(schema.parse(other))),
      ...given.values(),
    ]);
    const ip = given.get(key) ?? service.spec.loadBalancerIP ?? freeAddress(used);
    if (ip === undefined) return;
    given.set(key, ip);
    publish(
      world,
      `/api/v1/namespaces/${service.metadata.namespace}/services/${service.metadata.name}`,
      ip,
    );
  });
  watch(world, '/apis/networking.k8s.io/v1/ingresses', (object) => {
    const ingress = schema.parse(object);
    if (hasAddress(ingress)) return;
    const { namespace, name } = ingress.metadata;
    publish(
      world,
      `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses/${name}`,
      INGRESS_ADDRESS,
    );
  });
}

/** The first address that nobody has, the ingress controller's left out. */
export function freeAddress(used: ReadonlySet<string>): string | undefined {
  for (const range of RANGES) {
    for (let last = 2; last < 255; last += 1) {
      const address = `${range}.${last}`;
      if (!used.has(address)) return address;
    }
  }
  return undefined;
}

function publish({ api }: World, path: string, ip: string): void {
  later(`giving ${path} the address ${ip}`, async () => {
    const answer = await api.call(
      'PATCH',
      `${path}/status`,
      { status: { loadBalancer: { ingress: [{ ip }] } } },
      MERGE,
    );
    if (answer.status >= 300 && answer.status !== 404) throw new Error(JSON.stringify(answer.body)); // 404: it is gone.
  });
}

function hasAddress({ status, metadata }: Addressed): boolean {
  return metadata.deletionTimestamp !== undefined || status.loadBalancer.ingress.length > 0;
}

function addressesOf({ status }: Addressed): string[] {
  return status.loadBalancer.ingress.flatMap(({ ip }) => ip ?? []);
}
