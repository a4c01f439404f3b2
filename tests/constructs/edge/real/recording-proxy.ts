import { createServer, type IncomingMessage, type Server } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';

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
  readonly #server: Server;

  private constructor(server: { readonly url: string; readonly ca: string }) {
    const target = new URL(server.url);
    this.#server = createServer((incoming, outgoing) => {
      const { method, headers, url: path = '/' } = incoming;
      const onward = httpsRequest(
        {
          host: target.hostname,
          port: target.port,
          ca: server.ca,
          method,
          path,
          headers: { ...headers, host: target.host },
        },
        (answer) => {
          this.#note(incoming, answer.statusCode ?? 0);
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          outgoing.flushHeaders();
          answer.pipe(outgoing);
        },
      );
      // Watches end when the program does.
      onward.on('error', () => outgoing.destroy());
      outgoing.on('close', () => onward.destroy());
      incoming.pipe(onward);
    });
  }

  static async start(server: {
    readonly url: string;
    readonly ca: string;
  }): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(server);
    await new Promise<void>((ready) => proxy.#server.listen(0, '127.0.0.1', ready));
    return proxy;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${isBound(address) ? address.port : 0}`;
  }

  /** Ends it with every connection. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
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

function isBound(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
