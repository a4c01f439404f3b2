import { findSourceMap } from 'node:module';
import { isAbsolute, relative, resolve } from 'node:path';

import type { IConstruct } from 'constructs';

let tracing = false;
const recorded = new WeakMap<IConstruct, readonly string[]>();

/** From now on, every object remembers the lines of code that made it. Costs time: only for commands that show them. */
export function traceSources(): void {
  tracing = true;
}

/** Remembers the line that is now being run as one that made the construct. */
export function markSource(construct: IConstruct): void {
  if (tracing) recorded.set(construct, callers().flatMap(lineOf));
}

/** The calls that led here, innermost first. As they are in memory: Node would look every one of them up in a source map, to make a text. */
function callers(): readonly NodeJS.CallSite[] {
  const { stackTraceLimit } = Error;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is put back as it was, never called here
  const { prepareStackTrace } = Error;
  let sites: readonly NodeJS.CallSite[] = [];
  Error.stackTraceLimit = 40;
  Error.prepareStackTrace = (_, found) => void (sites = found);
  // Asking for the text is what makes Node hand out the calls.
  String(new Error().stack);
  Error.stackTraceLimit = stackTraceLimit;
  Error.prepareStackTrace = prepareStackTrace;
  return sites;
}

/** `file:line` of every call of ours that led to the construct, innermost first; empty when sources are not traced. */
export function sourceOf(construct: IConstruct): readonly string[] {
  return recorded.get(construct) ?? [];
}

const CHECKOUT = resolve(__dirname, '..', '..');
const ROOMS = /^(constructs\/(?!kit\/)|stacks\/|environments\/[^/]+\/)/;

function lineOf(site: NodeJS.CallSite): string[] {
  const path = (site.getFileName() ?? '').replace(/^file:\/\//, '');
  if (!isAbsolute(path) || path.includes('/node_modules/')) return [];
  const inside = relative(CHECKOUT, path);
  // Environments can be kept outside the checkout (BEAMLINE_ENVIRONMENTS).
  const outside = inside.startsWith('..') || isAbsolute(inside);
  if (!outside && !ROOMS.test(inside)) return [];
  return [`${outside ? path : inside}:${writtenLine(path, site)}`];
}

/** The line as it was written: what runs was compiled. */
function writtenLine(path: string, site: NodeJS.CallSite): number {
  const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
  const entry = findSourceMap(path)?.findEntry(line - 1, column - 1);
  return entry !== undefined && 'originalLine' in entry ? entry.originalLine + 1 : line;
}
