import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Puts a token on every request: Kubernetes' own clients keep theirs to themselves where there is no TLS. */
export class Bearer {
  readonly #server: Server;

  private constructor(to: string, token: string) {
    this.#server = createServer((incoming, outgoing) => {
      const { method, url, headers } = incoming;
      const onward = request(
        new URL(url ?? '/', to),
        { method, headers: { ...headers, authorization: `Bearer ${token}` } },
        (answer) => {
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

  static async start(to: string, token: string): Promise<Bearer> {
    const bearer = new Bearer(to, token);
    await new Promise<void>((ready) => bearer.#server.listen(0, '127.0.0.1', ready));
    return bearer;
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
}

function isBound(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
