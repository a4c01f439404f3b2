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
  if (!tracing) return;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 40;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  recorded.set(construct, linesOf(stack));
}

/** `file:line` of every call of ours that led to the construct, innermost first; empty when sources are not traced. */
export function sourceOf(construct: IConstruct): readonly string[] {
  return recorded.get(construct) ?? [];
}

const CHECKOUT = resolve(__dirname, '..', '..');
const FRAME = /\(?(?:file:\/\/)?(\/[^():]+):(\d+):\d+\)?$/;
const ROOMS = /^(constructs\/(?!kit\/)|stacks\/|environments\/[^/]+\/)/;

function linesOf(stack: string): string[] {
  return stack.split('\n').flatMap((frame) => {
    const [, path = '', line = ''] = FRAME.exec(frame.trim()) ?? [];
    if (path === '' || path.includes('/node_modules/') || frame.includes('node:')) return [];
    const inside = relative(CHECKOUT, path);
    // Environments can be kept outside the checkout (BEAMLINE_ENVIRONMENTS).
    if (inside.startsWith('..') || isAbsolute(inside)) return [`${path}:${line}`];
    return ROOMS.test(inside) ? [`${inside}:${line}`] : [];
  });
}
