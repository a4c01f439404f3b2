/** A pattern as a validator asks it. */
export interface Pattern {
  test(text: string): boolean;
}

/**
 * A pattern of a schema. The API server reads it as Go does, which knows `(?i)` and takes escapes that JavaScript refuses in its Unicode
 * mode. What JavaScript cannot express is not judged here: the API server does it.
 */
export function patternOf(source: string): Pattern {
  const plain = source.replace(/^(\^?)\(\?i\)/, '$1');
  const flags = plain === source ? '' : 'i';
  return compiled(plain, `${flags}u`) ?? compiled(plain, flags) ?? { test: () => true };
}

/** What the validator wants of an engine for patterns: `code` is for programs that it would write to a file. */
export const PATTERNS = Object.assign(patternOf, { code: 'new RegExp' });

function compiled(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}
