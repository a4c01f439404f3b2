import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { checksumIn, sha256Of, WrongChecksum } from '../../upstream/checksum';
import { mirrorDirectory } from '../../upstream/mirror';
import { install } from './download-official';
import type { Tool } from './tools';

/**
 * Takes a program from the site's mirror directory: the publisher's file as the publisher names it, or
 * the plain program as `<name>-<version>` or `<name>`. A checksum file beside it is obeyed.
 */
export async function takeFromMirror(tool: Tool): Promise<void> {
  const directory = mirrorDirectory();
  const { official } = tool;
  const offered = 'url' in official ? [official] : [];
  const plain = { url: tool.name, version: tool.version };
  const candidates = [
    ...offered.map(({ url, member, version }) => ({ file: basename(url), url, member, version })),
    { file: `${tool.name}-${tool.version}`, ...plain, member: undefined },
    { file: tool.name, ...plain, member: undefined },
  ];
  const found = candidates.find(({ file }) => existsSync(join(directory, file)));
  if (found === undefined) {
    throw new Error(`'${directory}' has none of ${candidates.map(({ file }) => file).join(', ')}`);
  }
  const file = join(directory, found.file);
  const checksumUrl = offered[0]?.checksum;
  const checksumFile = checksumUrl?.kind === 'checksum-file' ? [basename(checksumUrl.url)] : [];
  await obeyChecksum(directory, found.file, [
    `${found.file}.sha256`,
    ...checksumFile,
    'SHA256SUMS',
  ]);
  const archive =
    found.member === undefined ? { url: found.url } : { url: found.url, member: found.member };
  await install(tool.name, found.version ?? tool.version, archive, file);
}

/** A mirror is the site's own: its file is refused, never deleted. */
async function obeyChecksum(
  directory: string,
  file: string,
  checksumFiles: readonly string[],
): Promise<void> {
  for (const name of checksumFiles) {
    const path = join(directory, name);
    const expected = existsSync(path) ? checksumIn(readFileSync(path, 'utf8'), file) : undefined;
    if (expected === undefined) continue;
    const sum = await sha256Of(join(directory, file));
    if (sum !== expected)
      throw new WrongChecksum(`'${join(directory, file)}'`, expected, sum, path);
    return;
  }
}
