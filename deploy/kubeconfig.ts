import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';

import { parse } from 'yaml';
import { z } from 'zod';

/** One API server and how to prove who we are. */
export interface ClusterConnection {
  /** URL of the API server, as the kubeconfig spells it. */
  readonly server: string;
  /** What a request carries: certificates, headers. Asked before each request, since tokens run out. */
  credentials(): Promise<RequestOptions>;
}

/** The contexts of a kubeconfig. */
export interface Kubeconfig {
  readonly contexts: readonly string[];
  readonly current: string;
  /** The cluster that a context names. */
  connect(context: string): ClusterConnection;
}

/** A kubeconfig that holds everything itself, as the embedded control plane's does. Strict: what it does not know, it does not read. */
const selfContained = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Config'),
  'current-context': z.string(),
  preferences: z.unknown().optional(),
  contexts: z
    .array(
      z.strictObject({
        name: z.string(),
        context: z.strictObject({
          cluster: z.string(),
          user: z.string(),
          namespace: z.string().optional(),
        }),
      }),
    )
    .length(1),
  clusters: z
    .array(
      z.strictObject({
        name: z.string(),
        cluster: z.strictObject({
          server: z.url(),
          'certificate-authority-data': z.base64(),
        }),
      }),
    )
    .length(1),
  users: z
    .array(
      z.strictObject({
        name: z.string(),
        user: z.strictObject({
          'client-certificate-data': z.base64(),
          'client-key-data': z.base64(),
        }),
      }),
    )
    .length(1),
});

/**
 * Reads the kubeconfig at a path, or the one that the user's environment names. One that holds everything itself is read
 * here: the client library, which knows every other way to log in, takes longer to load than most commands take to run.
 */
export async function readKubeconfig(path: string | undefined): Promise<Kubeconfig> {
  if (path !== undefined) {
    const parsed = selfContained.safeParse(parse(readFileSync(path, 'utf8')));
    if (parsed.success) return fromData(parsed.data);
  }
  return fromLibrary(path);
}

function fromData({
  contexts,
  clusters,
  users,
  ...rest
}: z.infer<typeof selfContained>): Kubeconfig {
  const [cluster] = clusters;
  const [user] = users;
  const server = cluster?.cluster.server ?? '';
  const options: RequestOptions = {
    ca: decoded(cluster?.cluster['certificate-authority-data']),
    cert: decoded(user?.user['client-certificate-data']),
    key: decoded(user?.user['client-key-data']),
  };
  return {
    contexts: contexts.map(({ name }) => name),
    current: rest['current-context'],
    connect: () => ({ server, credentials: () => Promise.resolve(options) }),
  };
}

function decoded(data = ''): Buffer {
  return Buffer.from(data, 'base64');
}

async function fromLibrary(path: string | undefined): Promise<Kubeconfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const kubeconfig = new KubeConfig();
  if (path === undefined) kubeconfig.loadFromDefault();
  else kubeconfig.loadFromFile(path);
  return {
    contexts: kubeconfig.getContexts().map(({ name }) => name),
    current: kubeconfig.getCurrentContext(),
    connect: (context) => {
      kubeconfig.setCurrentContext(context);
      return {
        server: kubeconfig.getCurrentCluster()?.server ?? '',
        credentials: async () => {
          const options: RequestOptions = {};
          await kubeconfig.applyToHTTPSOptions(options);
          return options;
        },
      };
    },
  };
}
