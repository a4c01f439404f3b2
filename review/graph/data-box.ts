import type { Box } from './model';

/** A box for something that keeps data. */
export function dataBox(id: string, title: string, lines: readonly string[]): Omit<Box, 'group'> {
  return { id, kind: 'data', title, lines, reach: undefined, privileged: undefined };
}
