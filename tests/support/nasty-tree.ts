import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** Makes every kind of file that a copy can get wrong. Needs root: for owners, devices and other people's attributes. */
export function nastyTree(directory: string, seed = 'seed'): void {
  execFileSync('sh', ['-eu', '-c', TREE, 'sh', directory, seed], { stdio: 'pipe' });
}

const TREE = `
cd "$1"
mkdir -p plain/deep/er empty 'space in name' secret
echo "$2" > plain/file
printf 'line' > "plain/new
line"
printf 'x' > "plain/bell$(printf '\\007')and\\\\back'quote\\""
printf 'y' > plain/$(printf '\\377\\376')
printf 'z' > plain/-rf
printf 'a' > 'plain/*'
: > plain/nothing
echo hidden > .hidden
echo one > plain/one && ln plain/one plain/two && ln plain/one 'space in name/three'
ln -s two plain/relative && ln -s /nowhere/at/all plain/dangling && ln -s ../plain plain/deep/up
ln plain/dangling plain/deep/dangling-too
truncate -s 8M plain/sparse && printf 'middle' | dd of=plain/sparse bs=1 seek=4194304 conv=notrunc 2> /dev/null
head -c 1000000 /dev/urandom > plain/large
mkfifo plain/pipe
mknod plain/device c 1 3
chown 1234:4321 plain/file && chmod 0640 plain/file
chown -h 999:998 plain/relative
echo run > plain/setuid && chmod 4755 plain/setuid
chmod 2775 plain/deep && chmod 1777 empty && chmod 0700 secret && echo s > secret/none && chmod 0000 secret/none
setfattr -n user.checksum -v 'adler32:1' plain/file
setfattr -n user.empty plain/deep
setfacl -m u:1234:rw,g:77:r plain/one
setfacl -d -m u:55:rwx plain/deep/er
touch -h -d '2001-02-03 04:05:06.789012345Z' plain/relative
touch -d '1999-12-31 23:59:59.5Z' plain/nothing
touch -d '2010-01-01 00:00:00Z' empty
`;

/** Everything about a tree that must be the same in a copy of it, one line a file; the directory itself left out. */
export function describeTree(directory: string): string[] {
  const lines: string[] = [];
  const links = new Map<number, string>();
  const visit = (folder: Buffer, path: string): void => {
    const names = readdirSync(folder, { encoding: 'buffer' });
    for (const name of names.sort((a, b) => Buffer.compare(a, b))) {
      const shown = join(path, name.toString('latin1'));
      const full = Buffer.concat([folder, Buffer.from('/'), name]);
      const stats = lstatSync(full);
      const first = links.get(stats.ino) ?? shown;
      if (!stats.isDirectory()) links.set(stats.ino, first);
      lines.push(
        `${JSON.stringify(shown)} ${lineOf(full, stats)} same as ${JSON.stringify(first)}`,
      );
      if (stats.isDirectory()) visit(full, shown);
    }
  };
  visit(Buffer.from(directory), '');
  const attributes = (program: string, args: readonly string[]): string[] =>
    execFileSync(program, [...args, '.'], { cwd: directory, encoding: 'latin1' })
      .split('\n\n')
      .map((block) => block.trim())
      .filter((block) => block !== '' && !/^# file: \.$/m.test(block))
      .sort();
  return [
    ...lines,
    ...attributes('getfacl', ['--recursive', '--physical', '--numeric', '--absolute-names']),
    ...attributes('getfattr', [
      '--recursive',
      '--physical',
      '--no-dereference',
      '--dump',
      '--match=^(user|security)',
    ]),
  ];
}

function lineOf(path: Buffer, stats: Stats): string {
  const { mode, uid, gid, size, mtimeMs, nlink, rdev } = stats;
  const content = stats.isFile()
    ? createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)
    : stats.isSymbolicLink()
      ? readlinkSync(path, { encoding: 'latin1' })
      : '';
  const sparse = stats.isFile() && stats.blocks * 512 < size;
  const bytes = stats.isDirectory() ? '' : `${size} bytes ${nlink} links`;
  return `${mode.toString(8)} ${uid}:${gid} ${bytes} ${mtimeMs} ${rdev} ${sparse ? 'sparse' : 'whole'} ${content}`;
}
