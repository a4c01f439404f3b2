import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** What a command did. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Who answers. */
export interface ExecAnswers {
  /** Any request but an exec: answers status and body. */
  request(method: string, path: string, body: string): readonly [number, object];
  /** Runs the command of an exec. */
  exec(path: string, command: readonly string[]): Promise<Ran>;
}

const PROTOCOL = 'v4.channel.k8s.io';
const [STDOUT, STDERR, ERROR] = [1, 2, 3];

/**
 * A stand-in of an API server where pods do run: `exec` as Kubernetes speaks it over a WebSocket (`v4.channel.k8s.io`), the command run by the
 * test. Our own control plane has no nodes that could.
 */
export class ExecServer {
  readonly #server: Server;
  /** An upgraded connection is none of the HTTP server's any more. */
  readonly #sockets = new Set<Duplex>();

  constructor(private readonly answers: ExecAnswers) {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on(
      'upgrade',
      (request: IncomingMessage, socket: Duplex) => void this.#exec(request, socket),
    );
  }

  async start(): Promise<void> {
    await new Promise<void>((ready) => this.#server.listen(0, '127.0.0.1', ready));
  }

  get url(): string {
    const address: AddressInfo | string | null = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const [status, object] = this.answers.request(request.method ?? '', request.url ?? '', body);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(object));
  }

  async #exec(request: IncomingMessage, socket: Duplex): Promise<void> {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    const url = new URL(request.url ?? '', this.url);
    const key = `${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      [
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Accept: ${accept}`,
        `Sec-WebSocket-Protocol: ${PROTOCOL}`,
        '\r\n',
      ].join('\r\n'),
    );
    const ran = await this.answers.exec(url.pathname, url.searchParams.getAll('command'));
    const status =
      ran.exitCode === 0
        ? { status: 'Success' }
        : {
            status: 'Failure',
            reason: 'NonZeroExitCode',
            details: { causes: [{ reason: 'ExitCode', message: String(ran.exitCode) }] },
          };
    socket.write(frame(STDOUT, ran.stdout));
    socket.write(frame(STDERR, ran.stderr));
    socket.write(frame(ERROR, JSON.stringify(status)));
    socket.end(Buffer.from([0x88, 0x00]));
  }
}

/** One binary message: the channel, and what is on it. */
function frame(channel: number | undefined, text: string): Buffer {
  const payload = Buffer.concat([Buffer.from([channel ?? 0]), Buffer.from(text)]);
  const head =
    payload.length < 126
      ? Buffer.from([0x82, payload.length])
      : Buffer.from([0x82, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, payload]);
}
