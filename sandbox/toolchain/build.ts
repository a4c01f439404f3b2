import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { execa } from 'execa';

import { cacheHome } from '../../constructs/kit/upstream';
import { DiskProblem, fillDirectory } from '../../upstream/cache';
import { goEnvironment, whyNoGo } from '../../upstream/go';
import type { Report, Task } from '../../upstream/progress';
import { TOOLS_DIRECTORY } from './kubernetes-releases';
import type { Tool } from './tools';

/**
 * Builds a program with Go from the modules that `tools/<recipe>/go.mod` pins and `go.sum` verifies.
 * Go keeps what it compiled: a build that was interrupted goes on from there.
 */
export async function buildFromSource(
  tool: Tool,
  place: string,
  report: Report,
  recipes = TOOLS_DIRECTORY,
): Promise<void> {
  const { recipe, minutes } = tool.source;
  const directory = join(recipes, recipe);
  if (!existsSync(join(directory, 'go.mod')))
    throw new Error(`there is no recipe 'tools/${recipe}'`);
  const missing = await whyNoGo();
  if (missing !== undefined) throw new Error(missing);

  const what = `${tool.name} ${tool.version} from source`;
  const task = report.begin(`building ${what}${place}, about ${minutes} min on two cores`);
  try {
    await fillDirectory(join(cacheHome(), 'toolchain', `${tool.name}-${tool.version}`), (scratch) =>
      compile(tool, directory, join(scratch, tool.name), task),
    );
    task.done(`built ${what}`);
  } catch (error) {
    task.failed(`could not build ${what}`);
    throw error;
  }
}

async function compile(tool: Tool, directory: string, output: string, task: Task): Promise<void> {
  const flags = ['-s', '-w', ...tool.source.stamps.map((stamp) => `-X ${stamp}`)].join(' ');
  const build = execa(
    'go',
    [
      'build',
      '-v',
      '-trimpath',
      '-buildvcs=false',
      `-ldflags=${flags}`,
      '-o',
      output,
      tool.source.package,
    ],
    { cwd: directory, env: { ...goEnvironment(), CGO_ENABLED: '0' }, reject: false, buffer: false },
  );
  const tail: string[] = [];
  let compiled = 0;
  const lines = build.stderr === null ? [] : createInterface({ input: build.stderr });
  for await (const line of lines) {
    // With -v, Go prints one line for a package it compiles or a module it downloads; all else is trouble.
    if (/^[\w.~-]+(\/[\w.~-]+)*$/.test(line)) {
      compiled += 1;
      task.update(`${compiled} packages, ${line}`);
    } else if (line.startsWith('go: downloading ')) {
      task.update(line.slice('go: '.length));
    } else if (tail.push(line) > 12) tail.shift();
  }
  const result = await build;
  if (!result.failed) return;
  const trouble = tail.join('\n').trim();
  if (/no space left on device/i.test(trouble)) {
    throw new DiskProblem(
      'ENOSPC',
      process.env['GOCACHE'] ?? cacheHome(),
      'no space is left for the build; free 8 GB',
    );
  }
  throw new Error(`'go build' in '${directory}' failed: ${trouble || 'no reason given'}`);
}
