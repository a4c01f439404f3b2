import type { RequestOptions } from 'node:https';
import { Agent, request } from 'undici';

import { isObject, objectsAt, textAt } from '../plan/json';
import type { JsonObject } from '../plan/model';
import type { ClusterConnection } from './kubeconfig';

/** How long a single request may take, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How long connecting may take: an unreachable cluster is noticed in seconds. */
const CONNECT_TIMEOUT_MS = 4_000;
const CONNECTIONS = 16;

/** The API server said no. */
export class KubeError extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
  ) {
    super(message);
    this.name = 'KubeError';
  }
}

/** How to find an object of a kind. */
export interface KubeResource {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** A thin client of one API server: reads in batches, never retries a write. */
export class KubeApi {
  readonly #connection: ClusterConnection;
  readonly #agent: Agent;
  readonly #discovery = new Map<string, Promise<ReadonlyMap<string, KubeResource>>>();

  private constructor(connection: ClusterConnection, agent: Agent) {
    this.#connection = connection;
    this.#agent = agent;
  }

  /** Opens the cluster that a connection leads to. Sends nothing yet. */
  static async open(connection: ClusterConnection): Promise<KubeApi> {
    const options = await connection.credentials();
    const { ca, cert, key, rejectUnauthorized, servername } = options;
    const agent = new Agent({
      connections: CONNECTIONS,
      connect: { timeout: CONNECT_TIMEOUT_MS, ca, cert, key, rejectUnauthorized, servername },
      bodyTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
    });
    return new KubeApi(connection, agent);
  }

  /** URL of the API server. */
  get server(): string {
    return this.#connection.server;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  /** GETs a path. @throws KubeError when the server refuses; a connection's own error when there is none. */
  get(path: string, accept = 'application/json'): Promise<JsonObject> {
    return this.send('GET', path, accept);
  }

  /** Sends one request. `body` goes as server-side apply YAML, which JSON is. */
  async send(
    method: 'GET' | 'PATCH' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    accept: string,
    body?: { readonly type: string; readonly text: string },
  ): Promise<JsonObject> {
    const options = await this.#connection.credentials();
    const response = await request(this.server.replace(/\/$/, '') + path, {
      method,
      dispatcher: this.#agent,
      headers: {
        accept,
        ...(body === undefined ? {} : { 'content-type': body.type }),
        ...stringHeaders(options.headers),
        ...(typeof options.auth === 'string'
          ? { authorization: `Basic ${Buffer.from(options.auth).toString('base64')}` }
          : {}),
      },
      body: body?.text ?? null,
    });
    const answer: unknown = await response.body.json().catch(() => ({}));
    const object = isObject(answer) ? answer : {};
    if (response.statusCode >= 400) {
      const reason = textAt(object, 'reason') ?? '';
      throw new KubeError(
        response.statusCode,
        reason,
        textAt(object, 'message') ?? `${method} ${path}: HTTP ${response.statusCode}`,
      );
    }
    return object;
  }

  /** What the server calls the kinds of an API version. Empty when it does not serve it. */
  kinds(apiVersion: string): Promise<ReadonlyMap<string, KubeResource>> {
    const known = this.#discovery.get(apiVersion);
    if (known !== undefined) return known;
    const asked = this.#discover(apiVersion);
    this.#discovery.set(apiVersion, asked);
    return asked;
  }

  async #discover(apiVersion: string): Promise<ReadonlyMap<string, KubeResource>> {
    const found = new Map<string, KubeResource>();
    try {
      for (const resource of objectsAt(await this.get(rootOf(apiVersion)), 'resources')) {
        const plural = textAt(resource, 'name') ?? '';
        const kind = textAt(resource, 'kind') ?? '';
        if (!plural.includes('/'))
          found.set(kind, { plural, namespaced: resource['namespaced'] === true });
      }
    } catch (error) {
      if (!(error instanceof KubeError) || error.status !== 404) throw error;
      this.#discovery.delete(apiVersion);
    }
    return found;
  }

  /** Path of a collection, or of an object in it; undefined when the server does not know the kind. */
  async pathOf(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    name?: string,
  ): Promise<string | undefined> {
    const resource = (await this.kinds(apiVersion)).get(kind);
    if (resource === undefined) return undefined;
    const scope = resource.namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
    return `${rootOf(apiVersion)}${scope}/${resource.plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
  }
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function stringHeaders(headers: RequestOptions['headers']): Record<string, string> {
  if (headers === undefined || Array.isArray(headers)) return {};
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}
