import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { cacheHome } from '../../constructs/kit/upstream';
import { firstThatWorks } from '../../upstream/attempts';
import { withLock } from '../../upstream/lock';
import { silentReport, type Report } from '../../upstream/progress';
import { buildFromSource } from './build';
import { downloadOfficial } from './download-official';
import { takeFromMirror } from './from-mirror';
import { findInstalled } from './installed';
import { DEFAULT_MINOR, kubernetesRelease, TOOLS_DIRECTORY } from './kubernetes-releases';
import type { ToolName } from './tool-name';
import { toolNamed, type Tool } from './tools';

/** How programs are brought. */
export interface EnsureToolsOptions {
  /**
   * Version of the control plane, exact (`1.34.4`) or a minor (`1.34`).
   *
   * @default '1.34'
   */
  readonly kubernetesVersion?: string;

  /**
   * Where it says what it is doing.
   *
   * @default silentReport
   */
  readonly report?: Report;
}

/**
 * Brings programs and answers their absolute paths. Looks, in this order: at what the user installed
 * (when the version fits), in the cache, in the mirror directory that `BEAMLINE_TOOLCHAIN` names, at the
 * publisher's download, and builds from source through `tools/` when all else fails.
 *
 * Whatever is brought is moved into the cache whole, so an interrupted run goes on where it was, and two
 * runs at once bring each program once.
 *
 * @throws NothingWorked with everything that was tried; WrongChecksum; DiskProblem.
 */
export async function ensureTools<N extends ToolName>(
  names: readonly N[],
  options: EnsureToolsOptions = {},
): Promise<Record<N, string>> {
  const kubernetes = exactVersion(options.kubernetesVersion ?? DEFAULT_MINOR);
  const report = options.report ?? silentReport;
  const paths: Partial<Record<N, string>> = {};
  for (const [index, name] of names.entries()) {
    const place = names.length > 1 ? ` (${index + 1} of ${names.length})` : '';
    paths[name] = await ensureTool(toolNamed(name, kubernetes), kubernetes, { place, report });
  }
  return complete(names, paths);
}

/** How one program is brought. */
export interface EnsureToolOptions {
  /**
   * Which of how many it is, for people who wait: ` (3 of 10)`.
   *
   * @default ''
   */
  readonly place?: string;

  /**
   * Where it says what it is doing.
   *
   * @default silentReport
   */
  readonly report?: Report;

  /**
   * The directory of the recipes.
   *
   * @default - `tools/` of this checkout
   */
  readonly recipes?: string;
}

/** Where the cache has a program, without bringing it. */
export function cachedTool(name: ToolName, kubernetesVersion = DEFAULT_MINOR): string | undefined {
  return cached(toolNamed(name, exactVersion(kubernetesVersion)));
}

/** Brings one program, and answers its absolute path. */
export async function ensureTool(
  tool: Tool,
  kubernetes: string,
  { place = '', report = silentReport, recipes = TOOLS_DIRECTORY }: EnsureToolOptions = {},
): Promise<string> {
  const installed = await findInstalled(tool, kubernetes);
  if ('path' in installed) return installed.path;
  const ready = cached(tool);
  if (ready !== undefined) return ready;

  const subject = `${tool.name} ${tool.version}`;
  const cache = join(cacheHome(), 'toolchain', `${tool.name}-${tool.version}`);
  await withLock({ path: cache, doing: `bringing ${subject}`, report }, async () => {
    if (cached(tool) !== undefined) return; // Whoever held the lock brought it.
    await firstThatWorks(
      subject,
      [
        { name: 'PATH', run: () => Promise.reject(new Error(installed.because)) },
        { name: 'the cache', run: () => Promise.reject(new Error(`'${cache}' does not exist`)) },
        { name: 'the mirror BEAMLINE_TOOLCHAIN', run: () => takeFromMirror(tool) },
        { name: 'the official download', run: () => downloadOfficial(tool, place, report) },
        { name: 'a build from source', run: () => buildFromSource(tool, place, report, recipes) },
      ],
      ADVICE,
    );
  });
  const path = cached(tool);
  if (path === undefined)
    throw new Error(`${subject} was brought and is not in '${cache}'; run again`);
  return path;
}

const ADVICE =
  'Give this machine one of them: a route to the publishers, Go 1.26 with a module proxy, or a directory with ' +
  'the files as their publishers name them, named by BEAMLINE_TOOLCHAIN.';

function cached(tool: Tool): string | undefined {
  const official = 'url' in tool.official ? tool.official.version : undefined;
  return [tool.version, official ?? tool.version]
    .map((version) => join(cacheHome(), 'toolchain', `${tool.name}-${version}`, tool.name))
    .find((path) => existsSync(path));
}

function exactVersion(version: string): string {
  if (/^\d+\.\d+\.\d+$/.test(version)) return version;
  const release = kubernetesRelease(version);
  if (release.version === undefined) {
    throw new Error(
      `Kubernetes ${version} cannot be run by the sandbox: it knows 1.18 to 1.36; use ${release.nearestBuildable} in its place`,
    );
  }
  return release.version;
}

function complete<N extends ToolName>(
  names: readonly N[],
  paths: Partial<Record<N, string>>,
): Record<N, string> {
  const isComplete = (some: Partial<Record<N, string>>): some is Record<N, string> =>
    names.every((name) => some[name] !== undefined);
  if (!isComplete(paths)) throw new Error('a tool has no path');
  return paths;
}
