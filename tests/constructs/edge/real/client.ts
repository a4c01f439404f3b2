import { X509Certificate } from 'node:crypto';
import { request as plainRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request, type Agent, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

import { z } from 'zod';

/** An answer that came through the front door. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** The connection it came by. */
  readonly socket: Socket;
}

/** Where the front door is, and how it is asked. */
export interface Ask {
  readonly port: number;
  /** The address it is reached at, which is also where the request comes from. */
  readonly from: string;
  readonly host: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

/** One request over TLS. Certificates are looked at by those who ask, not refused here. */
export function ask(props: Ask): Promise<Answer> {
  return answered((take) => request(optionsOf(props), take));
}

/** One request without TLS. */
export function askPlainly({ port, from, host, path = '/' }: Ask): Promise<Answer> {
  return answered((take) => plainRequest({ host: from, port, path, headers: { host } }, take));
}

function answered(
  send: (take: (incoming: IncomingMessage) => void) => ClientRequest,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = send((incoming) => {
      const { socket } = incoming;
      let body = '';
      incoming.setEncoding('utf8').on('data', (part: string) => (body += part));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body, socket }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

const seen = z.object({
  name: z.string(),
  path: z.string(),
  authorization: z.string().nullable(),
  user: z.string().nullable(),
});

/** What the program behind the front door saw of a request. */
export function seenBy({ body }: Answer): z.infer<typeof seen> {
  return seen.parse(JSON.parse(body));
}

/** Opens an upgraded connection, as a browser's websocket does. */
export function upgrade(props: Ask): Promise<Socket> {
  const headers = { connection: 'Upgrade', upgrade: 'websocket' };
  return new Promise((resolve, reject) => {
    const outgoing = request(optionsOf({ ...props, headers }), ({ statusCode }) =>
      reject(new Error(`not upgraded: ${statusCode}`)),
    );
    outgoing.on('upgrade', (_answer, socket: Socket) => resolve(socket));
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** The certificate that is shown for a host. Rejects when there is no handshake. */
export function certificateOf(props: Ask, maxVersion?: 'TLSv1.2'): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({
      host: props.from,
      port: props.port,
      servername: props.host,
      rejectUnauthorized: false,
      ...(maxVersion === undefined ? {} : { maxVersion }),
    });
    socket.on('error', reject);
    socket.on('secureConnect', () => {
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      resolve(new X509Certificate(raw));
    });
  });
}

function optionsOf({ port, from, host, path = '/', headers, agent }: Ask): RequestOptions {
  return {
    host: from,
    localAddress: from,
    port,
    path,
    servername: host,
    headers: { host, ...headers },
    rejectUnauthorized: false,
    agent: agent ?? false,
  };
}
