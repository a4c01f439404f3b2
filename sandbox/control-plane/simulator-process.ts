import { join } from 'node:path';

import { layoutOf } from './layout';
import { pidFile, type Background } from './processes';

const MAIN = join(__dirname, '..', 'simulator', 'main.ts');

/** The simulator as a background process of a control plane. */
export function simulatorOf(directory: string): Background {
  const home = layoutOf(directory).cluster;
  const name = 'simulator';
  return {
    name,
    binary: process.execPath,
    args: ['--import', 'tsx', '--max-old-space-size=256', MAIN, directory, pidFile({ home, name })],
    home,
    cwd: join(__dirname, '..', '..'), // Where node finds tsx.
    env: { NODE_OPTIONS: '' }, // Whatever runs the caller (jest, an inspector) is not for a process that outlives it.
    mark: `${MAIN} ${directory} `,
  };
}
