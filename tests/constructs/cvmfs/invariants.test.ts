import { Chart } from 'cdk8s';
import { z } from 'zod';

import type { CvmfsExportProps } from '../../../constructs/cvmfs/export-props';
import { CvmfsShare } from '../../../constructs/cvmfs/share';
import type { TargetName } from '../../../constructs/targets';
import { Synthesized } from '../../support/synth';
import { dataOf, tierOn } from './support/tier';

/**
 * What has to hold for any tier with several servers, whatever it is made of: each invariant is tried on every tier below, on
 * the objects alone. That a tier which breaks one is refused is in the tests of each construct.
 */
const scale = { kind: 'auto', min: 2, max: 6, cpuPercent: 60 } as const;
const nodeNetworks = ['192.0.2.0/24'];
const tiers: readonly [string, TargetName, Partial<CvmfsExportProps>][] = [
  ['the least that is said', 'okd 4.21', {}],
  ['an autoscaler', 'okd 4.21', { scale }],
  ['the newest Kubernetes', 'kubernetes 1.34', { scale }],
  ['the oldest OKD', 'okd 3.11', { scale }],
  ["the kernel's server", 'okd 4.21', { server: 'kernel', scale }],
  ['several connections', 'okd 4.21', { connections: 4 }],
  ['low ports alone', 'okd 4.21', { clients: { nodeNetworks, insecure: false } }],
  [
    "the kernel's server, low ports",
    'kubernetes 1.34',
    {
      server: 'kernel',
      clients: { nodeNetworks, insecure: false },
    },
  ],
];

const serversSchema = z.object({
  replicas: z.number(),
  template: z.object({
    spec: z.object({
      affinity: z.object({
        podAntiAffinity: z.object({
          requiredDuringSchedulingIgnoredDuringExecution: z.array(
            z.object({ topologyKey: z.string() }),
          ),
        }),
      }),
      containers: z.tuple([
        z.object({
          readinessProbe: z.object({ httpGet: z.object({ path: z.string() }) }),
          resources: z.object({ requests: z.record(z.string(), z.string()) }),
        }),
      ]),
    }),
  }),
});
const budgetSchema = z.object({ maxUnavailable: z.number() });
const volumeSchema = z.object({
  mountOptions: z.array(z.string()),
  claimRef: z.object({ namespace: z.string() }),
  nfs: z.object({ server: z.string(), path: z.string(), readOnly: z.literal(true) }),
});
const claimSchema = z.object({ accessModes: z.array(z.string()) });
const serviceSchema = z.object({ clusterIP: z.string(), sessionAffinity: z.string() });

interface Rendered {
  readonly servers: z.infer<typeof serversSchema>;
  readonly budget: z.infer<typeof budgetSchema>;
  readonly maps: z.infer<typeof claimSchema>;
  readonly service: z.infer<typeof serviceSchema>;
  /** The same repository, shared with two namespaces. */
  readonly volumes: readonly z.infer<typeof volumeSchema>[];
  readonly client: string;
  /** `ganesha.conf` or `exports`. */
  readonly exports: string;
  readonly supervisor: string;
}

function rendered(target: TargetName, more: Partial<CvmfsExportProps>): Rendered {
  const { app, chart, tier } = tierOn(target, more);
  const objects = new Synthesized(chart);
  const volumes = ['analysis', 'training'].map((namespace) => {
    const readers = new Chart(app, namespace, { namespace });
    new CvmfsShare(readers, 'Share', { tier, repository: 'sw.example.org' });
    return volumeSchema.parse(new Synthesized(readers).one('PersistentVolume')['spec']);
  });
  const files = dataOf(objects, 'cvmfs-nfs');
  return {
    servers: serversSchema.parse(objects.one('StatefulSet')['spec']),
    budget: budgetSchema.parse(objects.one('PodDisruptionBudget')['spec']),
    maps: claimSchema.parse(objects.one('PersistentVolumeClaim')['spec']),
    service: serviceSchema.parse(objects.one('Service', 'cvmfs-nfs')['spec']),
    volumes,
    client: dataOf(objects, 'cvmfs-nfs-client')['etc__default.local'] ?? '',
    exports: files['ganesha.conf'] ?? files['exports'] ?? '',
    supervisor: files['export.json'] ?? '',
  };
}

const has = (volume: { readonly mountOptions: readonly string[] }, option: string): boolean =>
  volume.mountOptions.includes(option);

const invariants: readonly [string, (rendered: Rendered) => boolean][] = [
  [
    'more than one server: shared maps, on a volume for many nodes',
    ({ servers, client, maps }) =>
      servers.replicas > 1 &&
      client.includes("CVMFS_NFS_SOURCE='yes'\n") &&
      client.includes("CVMFS_NFS_SHARED='/var/lib/cvmfs-maps'\n") &&
      maps.accessModes.includes('ReadWriteMany'),
  ],
  [
    'no two repositories have one fsid, and none has 0',
    ({ supervisor }) => {
      const { repositories } = z
        .object({ repositories: z.array(z.object({ fsid: z.number() })) })
        .parse(JSON.parse(supervisor));
      const fsids = repositories.map(({ fsid }) => fsid);
      return new Set(fsids).size === fsids.length && fsids.length === 2 && !fsids.includes(0);
    },
  ],
  [
    'no alien cache, no workspace elsewhere, no interleaved inodes',
    ({ client }) =>
      !/CVMFS_(ALIEN_CACHE|WORKSPACE|NFS_INTERLEAVED_INODES|CACHE_PRIMARY)/.test(client),
  ],
  [
    'one scope for all',
    ({ supervisor, exports }) =>
      supervisor.includes('"serverScope": "cvmfs-nfs.cvmfs"') &&
      (!exports.includes('NFSV4') || exports.includes('Server_Scope = "cvmfs-nfs.cvmfs";')),
  ],
  [
    'NFSv4: one connection, or every node kept at one server',
    ({ volumes, service }) =>
      volumes.every(
        (volume) =>
          has(volume, 'nfsvers=4.1') &&
          (has(volume, 'nconnect=1') || service.sessionAffinity === 'ClientIP'),
      ),
  ],
  [
    'noresvport where any port is let in, and nowhere else',
    ({ volumes, exports }) => {
      const insecure = /PrivilegedPort = false;|[,(]insecure,/.test(exports);
      return (
        /PrivilegedPort|secure,/.test(exports) &&
        volumes.every((volume) => has(volume, 'noresvport') === insecure)
      );
    },
  ],
  [
    'a client waits and reads only',
    ({ volumes }) =>
      volumes.every((one) => has(one, 'hard') && has(one, 'ro') && !has(one, 'soft')),
  ],
  [
    'ready is what answers for every repository, not an open port',
    ({ servers }) => servers.template.spec.containers[0].readinessProbe.httpGet.path === '/ready',
  ],
  [
    'a drain of nodes leaves a server',
    ({ servers, budget }) => servers.replicas - budget.maxUnavailable >= 1,
  ],
  [
    'no two servers on a node, without exception',
    ({ servers }) =>
      servers.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution
        .map(({ topologyKey }) => topologyKey)
        .includes('kubernetes.io/hostname'),
  ],
  [
    'no NFSv3, which would need nolock and the port of mountd',
    ({ volumes, exports }) =>
      volumes.every(({ mountOptions }) => !mountOptions.some((one) => /vers=3/.test(one))) &&
      (!exports.includes('NFS_Protocols') || exports.includes('NFS_Protocols = 4;')),
  ],
  [
    'a volume for each namespace, from the pinned address, of one repository and not the root',
    ({ volumes, service }) =>
      new Set(volumes.map(({ claimRef }) => claimRef.namespace)).size === volumes.length &&
      volumes.every(
        ({ nfs }) => nfs.server === service.clusterIP && nfs.path === '/cvmfs/sw.example.org',
      ),
  ],
  [
    'what an autoscaler measures is requested',
    ({ servers }) => servers.template.spec.containers[0].resources.requests['cpu'] !== undefined,
  ],
];

describe.each(tiers)('%s', (_, target, more) => {
  const tier = rendered(target, more);
  test.each(invariants)('%s', (_invariant, holds) => {
    expect(holds(tier)).toBe(true);
  });
});
