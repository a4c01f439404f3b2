import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { execa } from 'execa';
import { satisfies } from 'semver';

import { toolNamed, type Tool } from './tools';

/** A copy of a program that the user installed, or why there is none that fits. */
export type Installed = { readonly path: string } | { readonly because: string };

/** Looks for a copy of a program that the user installed and that fits. */
export async function findInstalled(tool: Tool, kubernetes: string): Promise<Installed> {
  const { onPath } = tool;
  switch (onPath.use) {
    case 'file':
      return at(onPath.path);
    case 'beside': {
      const other = await findInstalled(toolNamed(onPath.tool, kubernetes), kubernetes);
      return 'path' in other ? at(join(dirname(other.path), tool.name)) : other;
    }
    case 'if-it-fits':
      return fittingOnPath(tool.name, onPath.ask, onPath.range);
  }
}

function at(path: string): Installed {
  return isExecutable(path) ? { path } : { because: `'${path}' does not exist` };
}

async function fittingOnPath(
  name: string,
  ask: readonly string[],
  range: string,
): Promise<Installed> {
  const candidates = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .filter(isExecutable);
  const unfit: string[] = [];
  for (const path of new Set(candidates)) {
    const version = await askVersion(path, ask);
    if (version !== undefined && satisfies(version, range)) return { path };
    unfit.push(`'${path}' is ${version ?? 'of unknown version'}`);
  }
  const because =
    unfit.length === 0 ? `there is no '${name}'` : `${unfit.join(', ')}; wanted is ${range}`;
  return { because };
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
