import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';

import { Forwarder } from './forwarder';

/** A request to the API server, as its authorization sees it. */
export interface ApiRequest {
  readonly verb: string;
  readonly group: string;
  /** With the subresource: `ingresses/status`. */
  readonly resource: string;
  /** Empty for the whole cluster. */
  readonly namespace: string;
  readonly status: number;
}

/** Stands before an API server and notes what is asked of it. */
export class RecordingProxy {
  readonly requests: ApiRequest[] = [];
  #forwarder: Forwarder | undefined;

  static async start(server: {
    readonly url: string;
    readonly ca: string;
  }): Promise<RecordingProxy> {
    const proxy = new RecordingProxy();
    const target = new URL(server.url);
    proxy.#forwarder = await Forwarder.start((incoming, answered) => {
      const { method, headers, url: path = '/' } = incoming;
      const { hostname: host, port } = target;
      return request(
        { host, port, ca: server.ca, method, path, headers: { ...headers, host: target.host } },
        (answer) => {
          proxy.#note(incoming, answer.statusCode ?? 0);
          answered(answer);
        },
      );
    });
    return proxy;
  }

  get url(): string {
    return this.#forwarder?.url ?? '';
  }

  /** Ends it with every connection. */
  async stop(): Promise<void> {
    await this.#forwarder?.stop();
  }

  #note({ method = 'GET', url = '/' }: IncomingMessage, status: number): void {
    const { pathname, searchParams } = new URL(url, 'http://api');
    const found = PATH.exec(pathname)?.groups;
    if (found === undefined) return;
    const { group = '', namespace = '', resource = '', name, sub } = found;
    const read = name === undefined ? 'list' : 'get';
    this.requests.push({
      verb: VERBS[method] ?? (searchParams.get('watch') === null ? read : 'watch'),
      group,
      resource: sub === undefined ? resource : `${resource}/${sub}`,
      namespace,
      status,
    });
  }
}

const PATH =
  /^\/(?:api|apis\/(?<group>[^/]+))\/v[^/]+\/(?:namespaces\/(?<namespace>[^/]+)\/)?(?<resource>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<sub>[^/]+))?$/;
const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
