import { execa } from 'execa';
import { join, resolve } from 'node:path';

import { z } from 'zod';

const IMAGE = resolve(__dirname, '../../../images/reana-job-controller');
const answer = z.union([
  z.strictObject({ answer: z.json() }),
  z.strictObject({ error: z.string() }),
]);

/** A job as a workflow engine asks for it. */
export interface Step {
  readonly name: string;
  readonly command: string;
  readonly image: string;
  readonly workspace: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly memory?: string;
}

/** The back ends of our job controller, called from outside. */
export class Driver {
  constructor(
    private readonly python: string,
    private readonly settings: object,
    private readonly credential: string,
    private readonly env: NodeJS.ProcessEnv = {},
  ) {}

  /** What a call answered, or `<kind of error>: <message>`. */
  public async call(call: string, ...args: readonly unknown[]): Promise<unknown> {
    const { settings, credential } = this;
    const { stdout } = await execa(this.python, [join(__dirname, 'drive.py')], {
      input: JSON.stringify({ settings, credential, call, args }),
      env: { IMAGE, PYTHONDONTWRITEBYTECODE: '1', ...this.env },
      timeout: 200_000,
    });
    const read = answer.parse(JSON.parse(stdout));
    return 'answer' in read ? read.answer : read.error;
  }
}
