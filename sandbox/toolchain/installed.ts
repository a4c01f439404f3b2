import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { execa } from 'execa';
import { satisfies } from 'semver';

import { toolNamed, type Tool } from './tools';

/**
 * A copy of a program that the user installed and that fits.
 *
 * @throws an Error that says why there is none.
 */
export async function findInstalled(tool: Tool, kubernetes: string): Promise<string> {
  const { onPath } = tool;
  switch (onPath.use) {
    case 'file':
      if (!isExecutable(onPath.path)) throw new Error(`'${onPath.path}' does not exist`);
      return onPath.path;
    case 'beside': {
      const other = await findInstalled(toolNamed(onPath.tool, kubernetes), kubernetes);
      const path = join(dirname(other), tool.name);
      if (!isExecutable(path)) throw new Error(`'${path}' does not exist`);
      return path;
    }
    case 'if-it-fits':
      return fittingOnPath(tool.name, onPath.ask, onPath.range);
  }
}

async function fittingOnPath(name: string, ask: readonly string[], range: string): Promise<string> {
  const candidates = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .filter(isExecutable);
  const unfit: string[] = [];
  for (const path of new Set(candidates)) {
    const version = await askVersion(path, ask);
    if (version !== undefined && satisfies(version, range)) return path;
    unfit.push(`'${path}' is ${version ?? 'of unknown version'}`);
  }
  if (unfit.length === 0) throw new Error(`there is no '${name}'`);
  throw new Error(`${unfit.join(', ')}; wanted is ${range}`);
}

const VERSION = /\bv?(\d+\.\d+\.\d+)\b/;

async function askVersion(path: string, ask: readonly string[]): Promise<string | undefined> {
  // A program of the same name that waits for input or hangs is not the one we look for.
  const { stdout, failed } = await execa(path, ask, {
    reject: false,
    timeout: 5_000,
    stdin: 'ignore',
  });
  return failed ? undefined : versionIn(stdout);
}

/** The version in what a program printed; `gitVersion` where there are several (kubectl prints Kustomize's too). */
export function versionIn(text: string): string | undefined {
  const line = /"gitVersion": *"([^"]+)"/.exec(text)?.[1] ?? text;
  return VERSION.exec(line)?.[1];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
