import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { lock } from 'proper-lockfile';
import { z } from 'zod';

import { explainDisk } from './cache';
import { codeOf } from './errors';
import type { Report } from './progress';

/** What is locked and why, for whoever has to wait. */
export interface LockRequest {
  /** The file or directory that only one process may make; the lock lies beside it. */
  readonly path: string;
  /** What the holder does, to finish the sentence "process 42 is ...": `building etcd 3.7.3`. */
  readonly doing: string;
  readonly report: Report;
}

/** A holder that did not touch its lock for this long is dead or asleep: it touches it every fifth of that. */
const STALE_MS = 10_000;
/** The least that the library allows; enough when the holder is known to be dead. */
const DEAD_MS = 2_000;

const owner = z.object({ pid: z.int(), host: z.string(), doing: z.string(), since: z.string() });

/**
 * Runs `work` while no other process of this machine runs work under the same path.
 * A holder that was killed is noticed within two seconds; while a living one works, the waiter says whom it waits for.
 */
export async function withLock<T>(request: LockRequest, work: () => Promise<T>): Promise<T> {
  const release = await acquire(request);
  try {
    return await work();
  } finally {
    rmSync(ownerFile(request.path), { force: true });
    await release().catch(() => undefined); // Taken over while this process slept: the new holder releases it.
  }
}

async function acquire({ path, doing, report }: LockRequest): Promise<() => Promise<void>> {
  let announced = false;
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw explainDisk(error, dirname(path));
  }
  for (;;) {
    try {
      const release = await lock(path, {
        realpath: false,
        stale: holderIsDead(path) ? DEAD_MS : STALE_MS,
        update: 1_000,
        // A laptop that slept loses its lock; what it makes still moves into place in one rename.
        onCompromised: () => report.note(`the lock on '${path}' was lost while ${doing}`),
      });
      const self = { pid: process.pid, host: hostname(), doing, since: new Date().toISOString() };
      writeFileSync(ownerFile(path), JSON.stringify(self));
      return release;
    } catch (error) {
      if (codeOf(error) !== 'ELOCKED') throw explainDisk(error, dirname(path));
    }
    if (!announced) report.note(`waiting: ${holderOf(path)}`);
    announced = true;
    await sleep(200);
  }
}

function ownerFile(path: string): string {
  return `${path}.owner`;
}

function readOwner(path: string): z.infer<typeof owner> | undefined {
  try {
    return owner.parse(JSON.parse(readFileSync(ownerFile(path), 'utf8')));
  } catch {
    return undefined; // The holder has the lock and did not write its name yet, or let go of it just now.
  }
}

function holderIsDead(path: string): boolean {
  const holder = readOwner(path);
  if (holder === undefined || holder.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

function holderOf(path: string): string {
  const holder = readOwner(path);
  if (holder === undefined) return `another process holds '${path}.lock'`;
  return `process ${holder.pid} on ${holder.host} is ${holder.doing} since ${holder.since}`;
}
