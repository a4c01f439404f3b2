import { tmpdir } from 'node:os';

import { execa } from 'execa';
import { z } from 'zod';

/** The variables a Go command runs with: the user's own flags and workspaces must not change what is built. */
export function goEnvironment(): Record<string, string> {
  return {
    GOFLAGS: '',
    GOWORK: 'off',
    GO111MODULE: 'on',
    GOTOOLCHAIN: process.env['GOTOOLCHAIN'] ?? 'auto',
  };
}

/** Why Go cannot be used here; undefined when it can. */
export async function whyNoGo(): Promise<string | undefined> {
  const result = await execa('go', ['version'], { reject: false });
  return result.failed ? "'go' is not on PATH; install it from https://go.dev/dl" : undefined;
}

const answerSchema = z.object({ Dir: z.string().optional(), Error: z.string().optional() });

/** Has Go download a module, check it against the checksum database, and unpack it; answers where. */
export async function downloadGoModule(module: string, version: string): Promise<string> {
  const missing = await whyNoGo();
  if (missing !== undefined) throw new Error(missing);
  const { stdout, stderr } = await execa(
    'go',
    ['mod', 'download', '-json', `${module}@${version}`],
    {
      cwd: tmpdir(),
      env: goEnvironment(),
      reject: false,
    },
  );
  const answer = answerSchema.safeParse(jsonOr(stdout));
  if (!answer.success)
    throw new Error(`'go mod download' of ${module}@${version} failed: ${stderr.trim()}`);
  const { Dir, Error: problem } = answer.data;
  if (Dir === undefined)
    throw new Error(
      `'go mod download' of ${module}@${version} failed: ${problem ?? stderr.trim()}`,
    );
  return Dir;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The schema refuses it and the caller shows what Go wrote instead.
  }
}
