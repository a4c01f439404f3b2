import { setTimeout as pause } from 'node:timers/promises';

import { messageOf } from '../upstream/errors';
import { KubeError } from '../deploy/kube-api';

/** How long to wait, and how to be stopped. */
export interface Patience {
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** How long an API server may be away while something is waited for. */
const OUTAGE_MS = 120_000;

/** Thrown when Ctrl-C stopped a wait. */
export class Interrupted extends Error {
  constructor() {
    super('stopped; what was done is recorded in the cluster, run the same command again to go on');
    this.name = 'Interrupted';
  }
}

/** Asks until there is an answer. Outlives an API server that goes away for a while. @throws Error with `otherwise` at the limit. */
export async function until<T>(
  ask: () => Promise<T | undefined>,
  otherwise: () => string,
  { limitMs, signal }: Patience,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  let away: number | undefined;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
    if (signal.aborted) throw new Interrupted();
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
      away = undefined;
    } catch (error) {
      if (!isOutage(error)) throw error;
      away ??= Date.now();
      if (Date.now() - away > OUTAGE_MS)
        throw new Error(`the API server has been away for too long: ${messageOf(error)}`, {
          cause: error,
        });
    }
    if (Date.now() > deadline) throw new Error(otherwise());
    await pause(wait);
  }
}

/** Whether an error says that the server is not there or too busy, and not that it refuses. */
function isOutage(error: unknown): boolean {
  if (error instanceof KubeError) return error.status === 429 || error.status >= 500;
  return error instanceof Error && 'code' in error;
}
