import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';

import type { KeyPair } from '../../../support/authority';

/** What a front door does for a site: ends TLS, and forwards by host name. */
export class FrontDoor {
  private constructor(
    readonly port: number,
    private readonly server: Server,
  ) {}

  /** `behind` is the URL for each host name. */
  static async start(pair: KeyPair, behind: Readonly<Record<string, string>>): Promise<FrontDoor> {
    const server = createServer({ cert: pair.certificate, key: pair.key }, (incoming, outgoing) => {
      const target = behind[incoming.headers.host ?? ''];
      if (target === undefined) outgoing.writeHead(404).end();
      else forward(incoming, outgoing, target, { 'x-forwarded-proto': 'https' });
    });
    const port = await new Promise<number>((listening) =>
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        listening(typeof address === 'object' && address !== null ? address.port : 0);
      }),
    );
    return new FrontDoor(port, server);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

/** Sends a request on, and its answer back; 502 where nothing answers. */
export function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { method, url } = incoming;
  const onward = request(
    new URL(url ?? '/', target),
    { method, headers: { ...incoming.headers, ...headers } },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  onward.on('error', () =>
    outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end(),
  );
  incoming.pipe(onward);
}
