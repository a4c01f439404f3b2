import { createServer, type ClientRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Makes the request that goes onward for one that came in. Its body is sent, and its answer returned, by the forwarder. */
export type Onward = (
  incoming: IncomingMessage,
  answered: (answer: IncomingMessage) => void,
) => ClientRequest;

/** An HTTP server on loopback that passes every request on, watches included. */
export class Forwarder {
  readonly #server: Server;

  private constructor(onward: Onward) {
    this.#server = createServer((incoming, outgoing) => {
      const request = onward(incoming, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        outgoing.flushHeaders();
        answer.pipe(outgoing);
      });
      // Watches end when the program does.
      request.on('error', () => outgoing.destroy());
      outgoing.on('close', () => request.destroy());
      incoming.pipe(request);
    });
  }

  static async start(onward: Onward): Promise<Forwarder> {
    const forwarder = new Forwarder(onward);
    await new Promise<void>((ready) => forwarder.#server.listen(0, '127.0.0.1', ready));
    return forwarder;
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
