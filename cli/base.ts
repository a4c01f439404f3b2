import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

import { execa } from 'execa';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

import { environmentsFolder } from '../environments/load';
import { isManifest, isObject } from '../plan/json';
import { lifecycleOf, type DataPolicy } from '../plan/lifecycle';
import type { Manifest } from '../plan/model';
import { groupOf, objectIdOf } from '../plan/object-id';
import type { ReviewedObject, Side } from '../review/change';
import { checkoutOf, commitOf, git } from './git';

const OURS = resolve(__dirname, '..');
/** Longest that the base may take to render. */
const LIMIT_MS = 120_000;

/** An environment as another commit has it. */
export interface Base {
  /** Empty where the commit has no such environment, or cannot render it. */
  readonly side: Side;
  readonly notes: readonly string[];
}

/**
 * Renders an environment as a git ref has it, by that ref's own code, in a process of its own and a folder that is removed afterwards. Only
 * the packages are today's. What does not compile there is said, and the newest is then judged alone.
 *
 * @throws Error when there is no checkout or no such ref.
 */
export async function baseOf(name: string, ref: string, data: DataPolicy): Promise<Base> {
  const environments = realpathSync(environmentsFolder());
  const checkout = await checkoutOf(environments);
  const commit = await commitOf(checkout, ref);
  const scratch = mkdtempSync(join(tmpdir(), 'beamline-base-'));
  try {
    const tree = join(scratch, 'tree');
    await unpack(checkout, commit, scratch, tree);
    const folder = join(tree, relative(realpathSync(checkout), environments));
    const label = `${ref} (${commit.slice(0, 10)})`;
    if (!existsSync(join(folder, name, 'index.ts'))) {
      return {
        side: new Map(),
        notes: [`${label} has no environment '${name}': all of it is new`],
      };
    }
    const own = existsSync(join(tree, 'cli', 'beamline.cjs'));
    if (own) symlinkSync(join(OURS, 'node_modules'), join(tree, 'node_modules'), 'dir');
    return await rendered(name, { program: own ? tree : OURS, folder, label, data });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The files of a commit, without touching the checkout: works in worktrees, shallow clones and read-only ones. */
async function unpack(
  checkout: string,
  commit: string,
  scratch: string,
  tree: string,
): Promise<void> {
  const archive = join(scratch, 'tree.tar');
  mkdirSync(tree);
  await git(checkout, 'archive', '--format=tar', '-o', archive, commit);
  await execa('tar', ['-xf', archive, '-C', tree]);
}

interface Rendering {
  readonly program: string;
  readonly folder: string;
  readonly label: string;
  readonly data: DataPolicy;
}

async function rendered(name: string, { program, folder, label, data }: Rendering): Promise<Base> {
  const run = async (...more: readonly string[]): Promise<Output> => {
    const args = [join(program, 'cli', 'beamline.cjs'), 'render', name, ...more];
    const { exitCode, stdout, stderr } = await execa(process.execPath, args, {
      cwd: program,
      env: { BEAMLINE_ENVIRONMENTS: folder, NO_COLOR: '1' },
      reject: false,
      timeout: LIMIT_MS,
    });
    return { exitCode, stdout, stderr };
  };
  let output = await run('--format', 'json');
  const old = /unknown option/.test(output.stderr);
  if (old) output = await run();
  if (output.exitCode !== 0) {
    const why = output.stderr.trim().split('\n').slice(0, 6).join('\n');
    return {
      side: new Map(),
      notes: [
        `${label} cannot render '${name}', so that the newest is judged alone and everything counts as new: ${why || 'it was stopped'}`,
      ],
    };
  }
  return { side: old ? fromYaml(output.stdout, data) : fromJson(output.stdout), notes: [] };
}

interface Output {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const manifest: z.ZodType<Manifest> = z.custom<Manifest>(isManifest, 'must be a manifest');
const listing = z.array(
  z.object({
    id: z.string(),
    group: z.string(),
    manifest,
    path: z.string(),
    source: z.array(z.string()).default([]),
    dependsOn: z.array(z.string()),
    lifecycle: z.object({
      protect: z.boolean(),
      retainOnDelete: z.boolean(),
      replaceOnChanges: z.array(z.string()),
      ignoreChanges: z.array(z.string()),
    }),
  }),
);

function fromJson(text: string): Side {
  const objects = listing.parse(JSON.parse(text));
  return new Map(
    objects.map(({ source, ...object }): [string, ReviewedObject] => {
      const line = source.at(-1);
      return [object.id, { ...object, ...(line === undefined ? {} : { source: line }) }];
    }),
  );
}

/** Commits of before `render --format json` print manifests only. */
function fromYaml(text: string, data: DataPolicy): Side {
  const side = new Map<string, ReviewedObject>();
  for (const document of parseAllDocuments(text, { version: '1.2' })) {
    const manifest: unknown = document.toJS();
    if (!isObject(manifest) || !isManifest(manifest)) continue;
    const id = objectIdOf(manifest);
    const lifecycle = lifecycleOf(manifest, {}, data);
    side.set(id, { id, group: groupOf(manifest.apiVersion), manifest, lifecycle });
  }
  return side;
}
