import { mkdirSync, rmSync } from 'node:fs';
import { chmod, copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { z } from 'zod';

import { cacheHome } from '../../constructs/kit/upstream';
import { explainDisk, fillDirectory } from '../../upstream/cache';
import { checksumIn } from '../../upstream/checksum';
import { downloadText, downloadVerified } from '../../upstream/download';
import type { Report } from '../../upstream/progress';
import { extractMember } from './archive';
import type { Official } from './official';
import type { Tool } from './tools';

/** Downloads a program from its publisher and checks it against what the publisher says its checksum is. */
export async function downloadOfficial(tool: Tool, place: string, report: Report): Promise<void> {
  const { official } = tool;
  if ('none' in official) throw new Error(official.none);
  const version = official.version ?? tool.version;
  const sha256 = await publishedChecksum(official); // First: it is small, and fails at once where there is no network.
  const task = report.begin(`downloading ${tool.name} ${version}${place}`);
  const downloads = join(cacheHome(), 'downloads');
  const part = join(downloads, `${version}-${basename(official.url)}.part`);
  try {
    mkdirSync(downloads, { recursive: true });
    const expected = {
      sha256,
      subject: `${tool.name} ${version} from ${official.url}`,
      source: official.checksum.url,
    };
    await downloadVerified(official.url, part, expected, task);
    await install(tool.name, version, official, part);
    task.done(`downloaded ${tool.name} ${version}`);
  } catch (error) {
    task.failed(`could not download ${tool.name} ${version}`);
    throw explainDisk(error, downloads);
  }
  rmSync(part, { force: true });
}

/** Puts a program into the cache, out of its archive if it is in one. */
export async function install(
  name: string,
  version: string,
  { url, member }: Pick<Official, 'url' | 'member'>,
  file: string,
): Promise<void> {
  await fillDirectory(join(cacheHome(), 'toolchain', `${name}-${version}`), async (scratch) => {
    const program = join(scratch, name);
    if (member === undefined) await copyFile(file, program);
    else await extractMember(file, url, member, program);
    await chmod(program, 0o755);
  });
}

async function publishedChecksum({ url, checksum }: Official): Promise<string> {
  const file = basename(url);
  const text = await downloadText(checksum.url);
  const found =
    checksum.kind === 'checksum-file' ? checksumIn(text, file) : githubDigest(text, file);
  if (found === undefined) throw new Error(`${checksum.url} has no SHA-256 of '${file}'`);
  return found;
}

const release = z.object({
  assets: z.array(z.object({ name: z.string(), digest: z.string().nullish() })),
});

/** GitHub computes the digest of every asset when it is uploaded and shows it in the release. */
function githubDigest(text: string, file: string): string | undefined {
  const parsed = release.safeParse(JSON.parse(text));
  const digest = parsed.data?.assets.find((asset) => asset.name === file)?.digest;
  return digest?.startsWith('sha256:') === true ? digest.slice('sha256:'.length) : undefined;
}
