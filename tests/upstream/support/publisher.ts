import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a path of the publisher does when it is asked for. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A publisher of files on the loopback interface. */
export interface Publisher {
  readonly url: string;
  /** `METHOD path` of every request, with the range asked for. */
  readonly requests: string[];
  readonly paths: Map<string, Answer>;
  close(): Promise<void>;
}

/** Starts a publisher that answers 404 to whatever is not in `paths`. */
export async function startPublisher(): Promise<Publisher> {
  const requests: string[] = [];
  const paths = new Map<string, Answer>();
  const server: Server = createServer((request, response) => {
    const range = request.headers.range;
    requests.push(`${request.url ?? ''}${range === undefined ? '' : ` ${range}`}`);
    const answer = paths.get(request.url ?? '');
    if (answer === undefined) response.writeHead(404).end('no such file');
    else answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    requests,
    paths,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Serves bytes, and a part of them when a part is asked for. */
export function bytes(content: Buffer | string): Answer {
  const body = Buffer.from(content);
  return (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from > 0 && from >= body.length) {
      response.writeHead(416).end();
      return;
    }
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': body.length - from });
    response.end(body.subarray(from));
  };
}

/** Breaks the connection after a part, as soon as the part has arrived. */
export function breakingOnce(content: string, count: number, arrived: () => boolean): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.slice(0, count));
    const looking = setInterval(() => {
      if (!arrived()) return;
      clearInterval(looking);
      response.destroy();
    }, 5);
  };
}

export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the publisher has no port');
  return address.port;
}
