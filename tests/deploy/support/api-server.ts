import { createServer, type IncomingMessage, type Server } from 'node:http';

import { KubeApi } from '../../../deploy/kube-api';

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** The kinds that the double serves, by API version: kind, plural, whether namespaced. */
const SERVED: Readonly<
  Record<string, readonly (readonly [kind: string, plural: string, namespaced: boolean])[]>
> = {
  '/api/v1': [
    ['ConfigMap', 'configmaps', true],
    ['Namespace', 'namespaces', false],
    ['Secret', 'secrets', true],
    ['Service', 'services', true],
  ],
  '/apis/apps/v1': [['Deployment', 'deployments', true]],
};

/**
 * A tiny stand-in for an API server on a free port of this machine: knows what it was told, notes what it is asked, and
 * answers everything else as the real one does, with 404.
 */
export class ApiServer {
  /** `METHOD path?query` of every request but discovery, in order. */
  readonly requests: string[] = [];
  /** The bodies that were sent. */
  readonly bodies: string[] = [];
  readonly #answers = new Map<string, () => Answer>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<ApiServer> {
    const server = createServer((request, response) => {
      void read(request).then((body) => {
        const { status, body: answer } = double.#answer(request, body);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer));
      });
    });
    const double = new ApiServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return double;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('it does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  /** A client of it. */
  open(): Promise<KubeApi> {
    return KubeApi.open({ server: this.url, credentials: () => Promise.resolve({}) });
  }

  /** Says what it answers to a request, whatever the query. */
  answers(request: string, body: object, status = 200): void {
    this.#answers.set(request, () => ({ status, body }));
  }

  /** Says what it answers to one request after the other; the last answer stays. */
  answersInTurn(request: string, ...bodies: readonly object[]): void {
    let at = 0;
    this.#answers.set(request, () => {
      const body = bodies[Math.min(at, bodies.length - 1)] ?? {};
      at += 1;
      return { status: 200, body };
    });
  }

  /** Says that it refuses a request. */
  refuses(request: string, status: number, message: string): void {
    this.answers(request, { kind: 'Status', message, reason: 'Refused' }, status);
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #answer({ method = '', url = '' }: IncomingMessage, body: string): Answer {
    const [path = ''] = url.split('?');
    const served = SERVED[path];
    if (served !== undefined) {
      const resources = served.map(([kind, name, namespaced]) => ({ kind, name, namespaced }));
      return {
        status: 200,
        body: { resources: [...resources, { kind: 'Scale', name: 'deployments/scale' }] },
      };
    }
    this.requests.push(`${method} ${url}`);
    if (body !== '') this.bodies.push(body);
    const answer = this.#answers.get(`${method} ${path}`);
    return (
      answer?.() ?? {
        status: 404,
        body: { kind: 'Status', reason: 'NotFound', message: `${path} not found` },
      }
    );
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request)
    if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** An API server and a client of it for the tests of a file. */
export function withApiServer(): { readonly server: () => ApiServer; readonly api: () => KubeApi } {
  let current: { server: ApiServer; api: KubeApi } | undefined;
  beforeEach(async () => {
    const server = await ApiServer.start();
    current = { server, api: await server.open() };
  });
  afterEach(async () => {
    await current?.api.close();
    await current?.server.stop();
  });
  const there = (): { server: ApiServer; api: KubeApi } => {
    if (current === undefined) throw new Error('the API server runs during tests only');
    return current;
  };
  return { server: () => there().server, api: () => there().api };
}
