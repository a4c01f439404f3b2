import { readFileSync } from 'node:fs';

import { parse as parseYaml } from 'yaml';
import type { z } from 'zod';

/** Parses an untrusted value; one error lists every problem with its path, the value found and what is allowed. */
export function parseOrExplain<T>(schema: z.ZodType<T>, value: unknown, subject: string): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap(problemsOf);
  throw new Error(`${subject} has invalid facts:\n  - ${problems.join('\n  - ')}`);
}

/** Reads a site's facts from YAML. Throws one error naming the file and every problem in it. */
export function readFacts<T>(schema: z.ZodType<T>, file: string): T {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(
      `the facts of a site are read from '${file}', which cannot be read: ${String(error)}`,
    );
  }
  return parseOrExplain(schema, parseYaml(text), `'${file}'`);
}

function problemsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code !== 'unrecognized_keys') return [`${pathText(issue.path)}: ${explain(issue)}`];
  return issue.keys.map(
    (key) => `${pathText([...issue.path, key])}: no such field; check its spelling and indentation`,
  );
}

function pathText(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '(top)' : path.map(String).join('.');
}

function explain(issue: z.core.$ZodIssue): string {
  const given = issue.input === undefined ? '' : `, got ${shown(issue.input)}`;
  return `${issue.message}${given}`;
}

function shown(value: unknown): string {
  const text = typeof value === 'function' ? 'a function' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
