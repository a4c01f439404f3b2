import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Official } from '../../../sandbox/toolchain/official';
import type { Tool } from '../../../sandbox/toolchain/tools';

/** A tool that nobody publishes: a shell script, or a Go program of one file. */
export function fakeTool(official: Official | { readonly none: string }): Tool {
  return {
    name: 'kwok',
    version: '9.9.9',
    onPath: { use: 'if-it-fits', ask: ['--version'], range: '~9.9.0' },
    official,
    source: { recipe: 'fake', package: '.', stamps: ['main.version=9.9.9'], minutes: 1 },
  };
}

/** Writes a recipe whose program prints its stamped version. */
export function writeRecipe(recipes: string, main = MAIN): void {
  const directory = join(recipes, 'fake');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'go.mod'), 'module example.org/fake\n\ngo 1.21\n');
  writeFileSync(join(directory, 'main.go'), main);
}

const MAIN = `package main

import "os"

var version = "none"

func main() { os.Stdout.WriteString("fake " + version + "\\n") }
`;

/** A program that says that it has a version. */
export function scriptOf(version: string): string {
  return `#!/bin/sh\necho "fake version v${version} go1.26"\n`;
}
