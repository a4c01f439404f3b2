import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

import { z } from 'zod';

import type { Settings } from './settings';

const line = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('ready'), at: z.number(), files: z.number() }),
  z.strictObject({ event: z.literal('slow'), at: z.number(), ms: z.number() }),
  z.strictObject({
    event: z.literal('lap'),
    at: z.number(),
    files: z.number(),
    longest: z.number(),
  }),
  z.strictObject({
    event: z.literal('error'),
    at: z.number(),
    what: z.string(),
    number: z.number(),
    path: z.string(),
  }),
  z.strictObject({
    event: z.literal('end'),
    seconds: z.number(),
    files: z.number(),
    bytes: z.number(),
    wrongBytes: z.number(),
    errors: z.number(),
    recoveries: z.number(),
    reconnects: z.number(),
    changedHandles: z.number(),
    p50: z.number(),
    p95: z.number(),
    max: z.number(),
  }),
]);
type Line = z.infer<typeof line>;

/** What a reader saw from first to last. */
export type Account = Extract<Line, { event: 'end' }>;

/** Something that failed, with the status of NFSv4. */
export type Complaint = Extract<Line, { event: 'error' }>;

/** See `tests/parts/c/nfs-reader.c`. */
export type ReaderMode = 'open' | 'handle' | 'once' | 'stat';

/** Where a reader reads. */
export interface Reading {
  readonly settings: Settings;
  readonly address: string;
  readonly mode: ReaderMode;
  /** The tree that is expected. */
  readonly tree: string;
  /** File with the paths to read. */
  readonly list: string;
  /**
   * What is read: a directory of this machine where the address is `-`.
   *
   * @default - the mount of the repository
   */
  readonly directory?: string;
  /**
   * Calls under way at a time.
   *
   * @default 2
   */
  readonly depth?: number;
}

/** A client that reads without pause and compares every byte. */
export class Reader {
  readonly #process: ChildProcess;
  readonly #lines: Line[] = [];
  readonly #laps: ((longest: number) => void)[] = [];
  readonly #ready: Promise<number>;
  readonly #end: Promise<Account>;

  constructor({ settings, address, mode, tree, list, directory, depth = 2 }: Reading) {
    const { ports, parts, mount } = settings;
    this.#process = spawn(
      parts.reader,
      [address, String(ports.nfs), directory ?? mount, tree, list, mode, String(depth)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const { promise: ready, resolve: isReady } = deferred<number>();
    const { promise: end, resolve: hasEnded, reject } = deferred<Account>();
    this.#ready = ready;
    this.#end = end;
    this.#end.catch(() => undefined); // whoever waits for it gets it
    if (this.#process.stdout === null) throw new Error('a reader without output');
    const lines = createInterface({ input: this.#process.stdout });
    lines.on('line', (text) => {
      const said = line.parse(JSON.parse(text));
      this.#lines.push(said);
      if (said.event === 'ready') isReady(said.files);
      if (said.event === 'lap') this.#laps.shift()?.(said.longest);
      if (said.event === 'end') hasEnded(said);
    });
    lines.once('close', () => reject(new Error('the reader ended without an account')));
  }

  /** Waits until it begins, and answers how many files it has to read. */
  ready(): Promise<number> {
    return this.#ready;
  }

  /** Waits until it has got on, and answers the longest that anything has taken since the last lap, in ms. */
  async lap(): Promise<number> {
    const next = new Promise<number>((resolve) => this.#laps.push(resolve));
    this.#process.kill('SIGUSR1');
    return next;
  }

  /** What a program would have seen fail. */
  errors(): readonly Complaint[] {
    return this.#lines.filter((said) => said.event === 'error');
  }

  /** Waits for the end of a reading that ends by itself. */
  account(): Promise<Account> {
    return this.#end;
  }

  /** Ends the reading and answers what it saw. */
  async stop(): Promise<Account> {
    this.#process.kill('SIGTERM');
    const limit = setTimeout(() => this.#process.kill('SIGKILL'), 20_000);
    try {
      return await this.#end;
    } finally {
      clearTimeout(limit);
    }
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}

function deferred<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((good, bad) => {
    resolve = good;
    reject = bad;
  });
  return { promise, resolve, reject };
}
