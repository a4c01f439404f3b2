import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { networkInterfaces } from 'node:os';

import type { KeyPair } from '../../../support/authority';

/**
 * An address of this machine that is no loopback: the API server refuses loopback addresses in EndpointSlices, and a client that
 * connects from here is outside an allow list of 127.0.0.0/8.
 */
export function machineAddress(): string {
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  if (found === undefined) throw new Error('this machine has no IPv4 address beside loopback');
  return found.address;
}

/** A program behind a Service: it answers with its name and with what it saw. */
export class Backend {
  private constructor(
    readonly port: number,
    private readonly server: Server,
  ) {}

  /** `pair` makes it speak TLS. */
  static async start(name: string, address: string, pair?: KeyPair): Promise<Backend> {
    const answer: RequestListener = (request, response) => {
      response.setHeader('content-type', 'application/json');
      const { authorization = null, 'x-user': user = null } = request.headers;
      response.end(JSON.stringify({ name, path: request.url, authorization, user }));
    };
    const server =
      pair === undefined
        ? createHttpServer(answer)
        : createHttpsServer({ cert: pair.certificate, key: pair.key }, answer);
    // What a websocket does to a proxy: an upgrade, and then bytes both ways on the same connection.
    server.on('upgrade', (_request: IncomingMessage, socket) => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      );
      socket.pipe(socket);
      socket.on('error', () => socket.destroy());
    });
    return new Backend(await listen(server, address), server);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

/** A service that Traefik asks about requests: it lets in who brings `x-ticket: good`, as `ada`. */
export async function doorkeeper(): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const server = createHttpServer((request, response) => {
    if (request.headers['x-ticket'] === 'good') response.setHeader('x-user', 'ada');
    else response.statusCode = 401;
    response.end();
  });
  const port = await listen(server, '127.0.0.1');
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

/** Ports that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createHttpServer());
  const ports = await Promise.all(servers.map((server) => listen(server, '0.0.0.0')));
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

async function listen(server: Server, address: string): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, address, ready));
  const bound = server.address();
  if (typeof bound !== 'object' || bound === null) throw new Error('a server has no port');
  return bound.port;
}
