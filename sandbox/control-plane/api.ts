import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Agent, request } from 'undici';
import { parse } from 'yaml';
import { z } from 'zod';

import type { Layout } from './layout';

const innerKubeconfig = z.object({
  clusters: z.array(z.object({ cluster: z.object({ server: z.url() }) })).length(1),
});

/** What the API server answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * A small client of one control plane's API server, as its administrator. Starting must be quick, and
 * the full client library takes longer to load than the API server needs to answer.
 */
export class ApiClient {
  private readonly agent: Agent;

  private constructor(
    readonly server: string,
    pki: string,
  ) {
    this.agent = new Agent({
      connect: {
        ca: readFileSync(join(pki, 'ca.crt')),
        cert: readFileSync(join(pki, 'admin.crt')),
        key: readFileSync(join(pki, 'admin.key')),
        timeout: 1_000,
      },
      headersTimeout: 10_000, // Longer than any answer that is still of use.
    });
  }

  /** The client of a laid-out control plane; undefined when there is none. */
  static for(layout: Layout): ApiClient | undefined {
    const pki = join(layout.cluster, 'pki');
    if (!existsSync(layout.innerKubeconfig) || !existsSync(join(pki, 'admin.key')))
      return undefined;
    const parsed = innerKubeconfig.safeParse(parse(readFileSync(layout.innerKubeconfig, 'utf8')));
    const server = parsed.data?.clusters[0]?.cluster.server;
    return server === undefined ? undefined : new ApiClient(server, pki);
  }

  /** Whether the API server says that it is ready. */
  async isReady(): Promise<boolean> {
    try {
      return (await this.call('GET', '/readyz')).status === 200;
    } catch {
      return false;
    }
  }

  /** Sends one request; answers whatever the server says. */
  async call(
    method: Method,
    path: string,
    body?: unknown,
    type = 'application/json',
  ): Promise<ApiAnswer> {
    const answer = await request(`${this.server}${path}`, {
      method,
      dispatcher: this.agent,
      headers: { 'content-type': type, accept: 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, body: text.startsWith('{') ? JSON.parse(text) : text };
  }

  /** Sends one request; throws with the server's own words when it refuses. */
  async send(method: Method, path: string, body?: unknown, type?: string): Promise<unknown> {
    const answer = await this.call(method, path, body, type);
    if (answer.status < 300) return answer.body;
    const { data } = status.safeParse(answer.body);
    throw new Error(
      `the API server refused ${method} ${path}: ${data?.message ?? `status ${answer.status}`}`,
    );
  }

  /** Makes an object what `body` says, whoever made it (server-side apply). */
  async apply(path: string, body: object): Promise<void> {
    const query = 'fieldManager=beamline-sandbox&force=true';
    await this.send('PATCH', `${path}?${query}`, body, 'application/apply-patch+yaml');
  }

  /** Ends its connections. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const status = z.object({ message: z.string() });
