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
      `the facts of a site are read from '${file}', which cannot be read: ${wordsOf(error)}; ` +
        'put the file there or correct its name',
      { cause: error },
    );
  }
  return parseOrExplain(schema, yamlIn(text, file), `'${file}'`);
}

function yamlIn(text: string, file: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    throw new Error(`'${file}' is not YAML: ${wordsOf(error)}`, { cause: error });
  }
}

/** The first line of what an error says: what follows it in a parser's error is a picture of the text. */
function wordsOf(error: unknown): string {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return first.replace(/:$/, '');
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
  const said = typeof issue.input === 'string' && issue.message.includes(`'${issue.input}'`);
  return issue.input === undefined || said
    ? issue.message
    : `${issue.message}, got ${shown(issue.input)}`;
}

function shown(value: unknown): string {
  const text = typeof value === 'function' ? 'a function' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
