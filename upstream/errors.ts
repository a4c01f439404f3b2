import { isNativeError } from 'node:util/types';

/** The code of a system error (`ENOSPC`, `ECONNREFUSED`); undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  // `instanceof` fails for errors that come from another realm, as Node's own do under a test runner.
  if (!isNativeError(error)) return undefined;
  // Several addresses of one host were tried: the first failure stands for all.
  if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0]);
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What an error says. */
export function messageOf(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  return error.message === '' ? (codeOf(error) ?? error.name) : error.message;
}
