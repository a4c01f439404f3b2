import { createServer, type IncomingMessage, type Server } from 'node:http';

import { isObject, parseJson } from '../../plan/json';
import { refused, type HarborAnswer } from './answer';
import type { Contract } from './contract';
import { HarborContents } from './harbor-contents';

const PASSWORD = 'the password of admin';

/**
 * A stand-in of Harbor's API, no Harbor: it keeps what it is told and holds every request and answer against the published contract.
 * A rehearsal makes what is inside a Harbor here. One server stands in for several: the first part of the path says which.
 */
export class HarborStandIn {
  /** What was wrong with requests, or with its own answers. */
  readonly problems: string[] = [];
  /** `POST /api/v2.0/projects`, one a request. */
  readonly requests: string[] = [];
  /** Passwords of admin that were given. */
  readonly passwords = new Set<string>();
  readonly #harbors = new Map<string, HarborContents>();
  #server: Server | undefined;
  #origin = '';

  constructor(
    /** Harbor's contract; asked for with the first request. */
    private readonly contract: () => Promise<Contract>,
    /** Whether it takes whatever password it is given. */
    private readonly trusting: boolean,
  ) {}

  /** Where it listens; a part of a path behind it names a Harbor. */
  get origin(): string {
    return this.#origin;
  }

  /** The Harbor of a name. */
  harbor(name: string): HarborContents {
    const found = this.#harbors.get(name) ?? new HarborContents();
    this.#harbors.set(name, found);
    return found;
  }

  /** How the Harbor of a name is reached as its admin. */
  connection(name: string): { url: string; username: string; password: string } {
    return { url: `${this.#origin}/${name}`, username: 'admin', password: PASSWORD };
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      void this.#serve(request)
        .catch((error: unknown) => refused(500, String(error)))
        .then(({ status, body, location }) => {
          response.writeHead(status, {
            'content-type': 'application/json',
            ...(location === undefined ? {} : { location }),
          });
          response.end(body === undefined ? '' : JSON.stringify(body));
        });
    });
    // A connection that its client keeps is kept, however long a deployment waits between requests.
    server.keepAliveTimeout = 0;
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('it has no port');
    this.#origin = `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** The requests since the last time that changed something. */
  takeChanges(): string[] {
    return this.requests.splice(0).filter((request) => !request.startsWith('GET'));
  }

  async #serve(request: IncomingMessage): Promise<HarborAnswer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const body = text === '' ? undefined : parseJson(text);
    const [, name = '', path = '/'] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    const url = new URL(path, this.#origin);
    const method = request.method ?? 'GET';
    this.requests.push(`${method} ${url.pathname}`);
    const login = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`;
    const given = request.headers.authorization ?? '';
    this.passwords.add(
      Buffer.from(given.slice('Basic '.length), 'base64').toString('utf8').slice('admin:'.length),
    );
    if (given !== login && !this.trusting) return refused(401, 'unauthorized');
    const contract = await this.contract();
    const wrong = contract.requestProblems(method, url, body);
    if (wrong.length > 0) {
      this.problems.push(...wrong.map((problem) => `${method} ${url.pathname}: ${problem}`));
      return refused(400, wrong.join('; '));
    }
    const answer = this.harbor(name).answer(method, url, isObject(body) ? body : {});
    const odd = contract.answerProblems(method, url, answer.status, answer.body);
    this.problems.push(
      ...odd.map((problem) => `its answer to ${method} ${url.pathname}: ${problem}`),
    );
    return answer;
  }
}
