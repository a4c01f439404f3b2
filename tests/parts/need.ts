import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { z } from 'zod';

import type { PartName } from './parts';

const answer = z.record(
  z.string(),
  z.union([z.strictObject({ path: z.string() }), z.strictObject({ missing: z.string() })]),
);

/**
 * A suite that runs real programs: `describeWith(['squid'], 'the proxies', (pathOf) => { pathOf('squid') ... })`. Each part is brought when the
 * file is loaded and known by its path; where one cannot be had, the tests count as skipped and their title says why.
 */
export function describeWith<N extends PartName>(
  names: readonly N[],
  title: string,
  suite: (pathOf: (name: N) => string) => void,
): void {
  const paths = new Map<string, string>();
  const missing: string[] = [];
  for (const [name, part] of Object.entries(bring(names))) {
    if ('path' in part) paths.set(name, part.path);
    else missing.push(part.missing);
  }
  const pathOf = (name: N): string => paths.get(name) ?? '';
  if (missing.length === 0) describe(title, () => suite(pathOf));
  else describe.skip(`${title} (skipped: ${missing.join('; ')})`, () => suite(pathOf));
}

function bring(names: readonly PartName[]): z.infer<typeof answer> {
  const args = ['--import', 'tsx', join(__dirname, 'ensure.ts'), ...names];
  const text = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 40 * 60_000,
  });
  return answer.parse(JSON.parse(text));
}
