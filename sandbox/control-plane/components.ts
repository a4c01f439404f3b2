import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

import getPort, { portNumbers } from 'get-port';
import { parseDocument } from 'yaml';
import { z } from 'zod';

import type { Layout } from './layout';
import type { Background } from './processes';

const component = z.object({
  name: z.string(),
  binary: z.string(),
  args: z.array(z.string()),
  envs: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  ports: z.array(z.object({ port: z.int() })).default([]),
});

const kwokConfig = z.object({ components: z.array(component).min(1) });

/** One process of the control plane, as kwokctl laid it out. */
export interface Component extends Background {
  readonly ports: readonly number[];
}

/** The components in the order they are started; undefined when kwokctl did not finish laying them out. */
export function readComponents({ kwokConfig: path, cluster }: Layout): Component[] | undefined {
  if (!existsSync(path)) return undefined;
  const [first] = readFileSync(path, 'utf8').split(/^---$/m);
  const parsed = kwokConfig.safeParse(parseDocument(first ?? '').toJS());
  if (!parsed.success) return undefined;
  return parsed.data.components.map(({ name, binary, args, envs, ports }) => ({
    name,
    binary,
    args,
    env: Object.fromEntries(envs.map((entry) => [entry.name, entry.value])),
    ports: ports.map(({ port }) => port),
    home: cluster,
    mark: binary,
  }));
}

/** Ports outside the range that systems hand to outgoing connections, so that they are still free after a reboot. */
const FIRST_PORT = 20_000;
const LAST_PORT = 29_999;

/** Free ports on the loopback interface. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    // Each process begins elsewhere, so that two starts at once rarely want the same one.
    const from = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT - 100));
    const port = await getPort({
      host: '127.0.0.1',
      port: portNumbers(from, LAST_PORT),
      exclude: ports,
    });
    ports.push(port);
  }
  return ports;
}

/** The ports that somebody else listens on. */
export async function takenPorts(ports: readonly number[]): Promise<number[]> {
  const taken = await Promise.all(ports.map(async (port) => ({ port, free: await isFree(port) })));
  return taken.filter(({ free }) => !free).map(({ port }) => port);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** Whether somebody listens on a port. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Writes other port numbers into everything that names them. The components must not run. */
export function replacePorts(
  { kwokConfig: config, innerKubeconfig }: Layout,
  moved: ReadonlyMap<number, number>,
): void {
  for (const file of [config, innerKubeconfig]) {
    const before = readFileSync(file, 'utf8');
    // A port stands after `:`, `=` or a space, never inside another number.
    const after = before.replace(/(?<=[:= ])\d{4,5}(?!\d)/g, (text) =>
      String(moved.get(Number(text)) ?? text),
    );
    writeFileSync(`${file}.new`, after, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}
