import { statSync } from 'node:fs';

/**
 * The directory of files that a site without a route to the publishers keeps, named by `BEAMLINE_TOOLCHAIN`.
 *
 * @throws an Error when it is not set or not a directory.
 */
export function mirrorDirectory(): string {
  const directory = process.env['BEAMLINE_TOOLCHAIN'];
  if (directory === undefined || directory === '') throw new Error('BEAMLINE_TOOLCHAIN is not set');
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`'${directory}' does not exist`);
  if (!found.isDirectory()) throw new Error(`'${directory}' is not a directory`);
  return directory;
}
