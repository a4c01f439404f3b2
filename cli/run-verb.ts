import pc from 'picocolors';

import { reportTo, silentReport, type Report } from '../upstream/progress';

/** What every verb gets beside its own options. */
export interface VerbContext {
  readonly report: Report;
  /** Aborted by the first Ctrl-C; a verb then stops at the next point from which it can go on. */
  readonly signal: AbortSignal;
}

/** A verb: does its work, prints its result, answers the exit code. */
export type Verb<Options> = (
  environment: string,
  options: Options,
  context: VerbContext,
) => Promise<number>;

/** A verb whose code is loaded when it is asked for: every command would wait for the code of all others. */
export function lazily<Options>(load: () => Verb<Options>): Verb<Options> {
  return (...given) => load()(...given);
}

/** Runs a verb with progress on standard error, an interrupt that leaves a state to go on from, and errors as words. */
export function runVerb<Options extends object>(
  verb: Verb<Options>,
): (environment: string, options: Options) => Promise<void> {
  return async (environment, options) => {
    const abort = new AbortController();
    const interrupt = (): void => {
      if (!abort.signal.aborted) process.stderr.write('\nstopping at the next safe point ...\n');
      abort.abort();
    };
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', interrupt);
    const json = 'json' in options && options.json === true;
    const report = json ? silentReport : reportTo();
    try {
      process.exitCode = await verb(environment, options, { report, signal: abort.signal });
    } catch (error) {
      process.exitCode = 1;
      const message = error instanceof Error ? error.message : String(error);
      if (json) process.stdout.write(`${JSON.stringify({ error: message })}\n`);
      else process.stderr.write(`${pc.red('error')}: ${message}\n`);
      if (process.env['BEAMLINE_DEBUG'] !== undefined && error instanceof Error)
        process.stderr.write(`${error.stack ?? ''}\n`);
    } finally {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    }
  };
}
