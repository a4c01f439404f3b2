import ora from 'ora';

/** Where long work says what it is doing. Every room that takes long takes one. */
export interface Report {
  /** Says one thing that stays on the screen. */
  note(text: string): void;
  /** Begins a piece of work that takes a while. */
  begin(text: string): Task;
}

/** A piece of work under way. */
export interface Task {
  /** Says how far it is: `12 of 84 MB`. */
  update(detail: string): void;
  /** Ends it; the line that stays says how it ended. */
  done(text: string): void;
  /** Ends it without success. The error itself travels as an error, not as a report. */
  failed(text: string): void;
}

/** Says nothing: for `--json` and for tests. */
export const silentReport: Report = {
  note: () => undefined,
  begin: () => ({ update: () => undefined, done: () => undefined, failed: () => undefined }),
};

/** A spinner on a terminal, plain lines elsewhere. Everything goes to standard error: output is for results. */
export function reportTo(stream: NodeJS.WriteStream = process.stderr): Report {
  return stream.isTTY ? terminalReport(stream) : plainReport((line) => stream.write(`${line}\n`));
}

/** Lines for a log: one when work begins, one every half a minute, one when it ends. */
export function plainReport(write: (line: string) => void, everySeconds = 30): Report {
  return {
    note: write,
    begin: (text) => {
      const started = Date.now();
      let detail = '';
      write(`${text} ...`);
      const timer = setInterval(() => {
        write(`${text} ... ${[detail, elapsed(started)].filter(Boolean).join(', ')}`);
      }, everySeconds * 1000);
      timer.unref();
      const end = (line: string): void => {
        clearInterval(timer);
        write(`${line} (${elapsed(started)})`);
      };
      return { update: (next) => void (detail = next), done: end, failed: end };
    },
  };
}

function terminalReport(stream: NodeJS.WriteStream): Report {
  return {
    note: (text) => void stream.write(`${text}\n`),
    begin: (text) => {
      const started = Date.now();
      let detail = '';
      const spinner = ora({ text, stream, discardStdin: false }).start();
      const line = (): string => `${text} ${[detail, elapsed(started)].filter(Boolean).join(', ')}`;
      const timer = setInterval(() => void (spinner.text = line()), 500);
      timer.unref();
      return {
        update: (next) => {
          detail = next;
          spinner.text = line();
        },
        done: (end) => {
          clearInterval(timer);
          spinner.succeed(`${end} (${elapsed(started)})`);
        },
        failed: (end) => {
          clearInterval(timer);
          spinner.fail(`${end} (${elapsed(started)})`);
        },
      };
    },
  };
}

/** Time since a moment, as a person says it: `8 s`, `3 min 20 s`. */
export function elapsed(since: number, now = Date.now()): string {
  const seconds = Math.round((now - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
