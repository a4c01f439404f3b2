import { createWriteStream, existsSync, rmSync, statSync } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import pRetry, { AbortError } from 'p-retry';
import { EnvHttpProxyAgent, interceptors, request, type Dispatcher } from 'undici';

import { DiskProblem, explainDisk } from './cache';
import { sha256Of, verify } from './checksum';
import { codeOf, messageOf } from './errors';
import type { Task } from './progress';

/** A host that cannot be reached is not asked again in this run: ten tools must not wait ten times. */
const unreachable = new Map<string, string>();

let agent: Dispatcher | undefined;

/** Honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY; gives up on a host that does not answer within seconds. */
function dispatcher(): Dispatcher {
  agent ??= new EnvHttpProxyAgent({
    connect: { timeout: 5_000 },
    headersTimeout: 15_000,
    bodyTimeout: 30_000,
  }).compose(interceptors.redirect({ maxRedirections: 5 }));
  return agent;
}

/**
 * Streams a file to disk. A connection that breaks is taken up where it broke, up to three times.
 *
 * @throws an Error at once when the host is unknown, refuses or says no.
 */
export async function download(url: string, file: string, task: Task): Promise<void> {
  await attempt(url, () => continueDownload(url, file, task));
}

/** What a downloaded file must be. */
export interface Expected {
  readonly sha256: string;
  /** What it is, for the error. */
  readonly subject: string;
  /** Who says so: `pinned`, or the publisher's checksum file. */
  readonly source: string;
}

/**
 * Downloads a file and checks it. A file that was continued and is wrong is downloaded once more as a
 * whole: the part that lay there may have been another file's.
 */
export async function downloadVerified(
  url: string,
  file: string,
  expected: Expected,
  task: Task,
): Promise<void> {
  const continued = existsSync(file);
  await download(url, file, task);
  if (continued && (await sha256Of(file)) !== expected.sha256) {
    rmSync(file);
    await download(url, file, task);
  }
  await verify(file, expected.sha256, expected.subject, expected.source);
}

/** A small text file, such as a list of checksums. */
export async function downloadText(url: string): Promise<string> {
  return attempt(url, async () => {
    const answer = await get(url, {});
    return answer.body.text();
  });
}

async function attempt<T>(url: string, once: () => Promise<T>): Promise<T> {
  const { host } = new URL(url);
  const known = unreachable.get(host);
  if (known !== undefined) throw new Error(known);
  try {
    return await pRetry(
      () =>
        once().catch((error: unknown) => {
          throw transferFailure(error);
        }),
      { retries: 3, minTimeout: 200, factor: 3, shouldRetry: ({ error }) => !isFinal(error) },
    );
  } catch (error) {
    if (error instanceof DiskProblem) throw error;
    const reason = messageOf(error);
    if (error instanceof TransferFailed && UNREACHABLE.has(error.code))
      unreachable.set(host, reason);
    throw new Error(`${url}: ${reason}`);
  }
}

async function continueDownload(url: string, file: string, task: Task): Promise<void> {
  const have = existsSync(file) ? statSync(file).size : 0;
  const answer = await get(url, have > 0 ? { range: `bytes=${have}-` } : {});
  if (answer.statusCode === 416) {
    await answer.body.dump();
    rmSync(file, { force: true }); // What an earlier run left is not a part of this file.
    throw new Error('the server cannot continue the partial file; it was deleted');
  }
  const resumed = answer.statusCode === 206;
  const start = resumed ? have : 0;
  const length = Number(answer.headers['content-length'] ?? Number.NaN);
  const total = Number.isNaN(length) ? undefined : start + length;
  try {
    await pipeline(
      answer.body,
      counting(start, total, task),
      createWriteStream(file, { flags: resumed ? 'a' : 'w' }),
    );
  } catch (error) {
    throw explainDisk(error, file);
  }
  const size = statSync(file).size;
  if (total !== undefined && size !== total)
    throw new Error(`ended after ${size} of ${total} bytes`);
}

async function get(url: string, headers: Record<string, string>): Promise<Dispatcher.ResponseData> {
  const answer = await request(url, {
    dispatcher: dispatcher(),
    headers: { 'user-agent': 'beamline', ...headers },
  });
  if ([200, 206, 416].includes(answer.statusCode)) return answer;
  await answer.body.dump();
  const refusal = `answered ${answer.statusCode}`;
  throw answer.statusCode >= 500 || answer.statusCode === 429
    ? new Error(refusal)
    : new AbortError(refusal);
}

function counting(start: number, total: number | undefined, task: Task): Transform {
  let bytes = start;
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      bytes += chunk.length;
      task.update(
        total === undefined ? megabytes(bytes) : `${megabytes(bytes)} of ${megabytes(total)}`,
      );
      next(null, chunk);
    },
  });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Codes of a host that is not there, and what they mean. Asking it again soon is of no use. */
const UNREACHABLE: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'the host name cannot be resolved'],
  ['EAI_AGAIN', 'the host name cannot be resolved'],
  ['ECONNREFUSED', 'the host refuses the connection'],
  ['ENETUNREACH', 'the host cannot be reached'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
  ['UND_ERR_CONNECT_TIMEOUT', 'the host did not answer within 5 s'],
  ['UND_ERR_ABORTED', 'the proxy does not let it through'],
]);

/** A transfer that did not work out. */
class TransferFailed extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

function transferFailure(error: unknown): Error {
  if (error instanceof DiskProblem || error instanceof AbortError) return error;
  const code = codeOf(error) ?? '';
  return new TransferFailed(code, UNREACHABLE.get(code) ?? messageOf(error));
}

function isFinal(error: Error): boolean {
  return (
    error instanceof DiskProblem || (error instanceof TransferFailed && UNREACHABLE.has(error.code))
  );
}
