import { ask } from './ask';
import type { Answer } from './answer';

/** An answer with the line of the question, or what was wrong with it. */
export type AnsweredLine =
  | ({ readonly line: number; readonly id?: string | number } & Answer)
  | { readonly line: number; readonly id?: string | number; readonly error: string };

/** Answers one line of JSON. A line that is no question gets an error for itself; an empty one nothing. */
export function answerLine(text: string, line: number): AnsweredLine | undefined {
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { line, error: `line ${line} is no JSON: ${messageOf(error)}` };
  }
  const id = idOf(value);
  try {
    return { line, ...id, ...ask(value) };
  } catch (error) {
    return { line, ...id, error: `line ${line}: ${messageOf(error)}` };
  }
}

function idOf(value: unknown): { readonly id?: string | number } {
  if (typeof value !== 'object' || value === null || !('id' in value)) return {};
  return typeof value.id === 'string' || typeof value.id === 'number' ? { id: value.id } : {};
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
