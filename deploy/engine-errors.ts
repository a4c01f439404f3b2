import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Something the engine refused or failed to do, in words for the operator. `message` keeps the engine's own. */
export class EngineError extends Error {
  constructor(
    message: string,
    /** Who holds the state, when that is why. */
    readonly lock?: StateLock,
  ) {
    super(message);
    this.name = 'EngineError';
  }
}

/** Who works on an environment's state, and since when. */
export interface StateLock {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  readonly since: string;
}

/** The lock that an error is about, if it is. */
export function lockOf(error: unknown): StateLock | undefined {
  return error instanceof EngineError ? error.lock : undefined;
}

/** Whether the process that took a lock on this machine is gone, so that nobody works under it. */
export function isAbandoned(lock: StateLock): boolean {
  if (lock.host !== hostname()) return false;
  try {
    process.kill(lock.pid, 0);
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESRCH';
  }
  return isZombie(lock.pid);
}

/** Whether a process has ended and only its parent has not asked how: it still has its number, and does nothing any more. */
function isZombie(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the name, which stands in parentheses and may hold anything.
    return status.slice(status.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    // Where there is no /proc, a number that answers is a process.
    return false;
  }
}

const LOCK = /created by (\S*)@(\S+) \(pid (\d+)\) at (\S+)/;

/** The engine's words about an environment, with the next step where one is known. */
export function explainEngineError(environment: string, words: string): EngineError {
  const text = words.replaceAll(/^(error|warning): (?:using pulumi-\S+ from .*)?/gm, '').trim();
  const [, user, host, pid, since] = LOCK.exec(text) ?? [];
  if (user !== undefined && host !== undefined && since !== undefined) {
    return new EngineError(
      `environment '${environment}' is locked: ${user}@${host} (process ${pid}) has been working on it since ${since}; ` +
        `wait for it, or, if that run is dead, clear the lock with 'pulumi cancel ${environment}'`,
      { user, host, pid: Number(pid), since },
    );
  }
  if (/incorrect passphrase/.test(text)) {
    return new EngineError(
      `the passphrase of environment '${environment}' is wrong; set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE ` +
        'to the one its secrets were encrypted with',
    );
  }
  if (/passphrase must be set/.test(text)) {
    return new EngineError(
      `environment '${environment}' has encrypted secrets and no passphrase is given; set PULUMI_CONFIG_PASSPHRASE or ` +
        'PULUMI_CONFIG_PASSPHRASE_FILE',
    );
  }
  return new EngineError(
    text === '' ? 'the engine failed without a word; its log is in .beamline/logs' : text,
  );
}
