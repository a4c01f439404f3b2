import { realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { environmentNames, environmentsFolder, loadEnvironment } from '../environments/load';
import { checkoutOf, commitOf, git } from './git';

/** Files that change nothing that is deployed. */
const SILENT =
  /^(docs|tests|bench|review|cli|sandbox|tools|forges|images)\/|^[^/]+\.md$|\/README\.md$|^\.(git|github|prettier|editorconfig)|^(eslint\.config|jest\.config|\.dependency-cruiser)/;
/** Files that every environment depends on, whatever it imports. */
const SHARED =
  /^(plan|deploy|upstream)\/|^environments\/[^/]+\.ts$|^(package(-lock)?\.json|tsconfig\.json|Pulumi\.yaml)$/;

/** `beamline changed`: the environments that the changes since a git ref can reach, one a line or as JSON for a job matrix. */
export async function changed({
  base,
  json,
}: {
  readonly base: string;
  readonly json?: boolean;
}): Promise<number> {
  const folder = realpathSync(environmentsFolder());
  const checkout = realpathSync(await checkoutOf(folder));
  const commit = await commitOf(checkout, base);
  const tracked = await git(checkout, 'diff', '--name-only', '--no-renames', '-z', commit);
  const untracked = await git(checkout, 'ls-files', '--others', '--exclude-standard', '-z');
  const files = [...tracked.split('\0'), ...untracked.split('\0')].filter(Boolean);
  const names = environmentNames().filter((name) => reaches(files, name, { checkout, folder }));
  process.stdout.write(
    json === true ? `${JSON.stringify(names)}\n` : names.map((name) => `${name}\n`).join(''),
  );
  return 0;
}

interface Places {
  readonly checkout: string;
  readonly folder: string;
}

function reaches(files: readonly string[], name: string, { checkout, folder }: Places): boolean {
  const sites = relative(checkout, folder);
  const own = [join(sites, name, '/'), join(sites, `Pulumi.${name}.yaml`)];
  if (files.some((file) => own.some((mine) => file.startsWith(mine)))) return true;
  const others = files.filter((file) => !SILENT.test(file) && !isOfOther(file, sites));
  if (others.some((file) => SHARED.test(file))) return true;
  if (others.length === 0) return false;
  const imported = importsOf(name, folder);
  // What cannot be loaded, or a file that is gone and that nobody can be asked about, may reach anything.
  if (imported === undefined) return true;
  return others.some(
    (file) => imported.has(join(checkout, file)) || !imported.known(join(checkout, file)),
  );
}

function isOfOther(file: string, sites: string): boolean {
  return file.startsWith(join(sites, '/')) && dirname(relative(sites, file)) !== '.';
}

interface Imports {
  has(path: string): boolean;
  /** Whether the file is there to be imported at all. */
  known(path: string): boolean;
}

/** Every file that loading an environment has loaded, directly or not. */
function importsOf(name: string, folder: string): Imports | undefined {
  try {
    loadEnvironment(name);
  } catch {
    return undefined;
  }
  const found = new Set<string>();
  const visit = (module: NodeJS.Module | undefined): void => {
    if (module === undefined || found.has(module.filename)) return;
    found.add(module.filename);
    for (const child of module.children)
      if (!child.filename.includes('/node_modules/')) visit(child);
  };
  visit(require.cache[join(folder, name, 'index.ts')]);
  return {
    has: (path) => found.has(path),
    known: (path) => {
      try {
        realpathSync(path);
        return true;
      } catch {
        return false;
      }
    },
  };
}
