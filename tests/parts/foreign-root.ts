import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { execa } from 'execa';

import { cacheHome } from '../../constructs/kit/upstream';
import { fillDirectory } from '../../upstream/cache';
import { withLock } from '../../upstream/lock';
import type { Part } from './part';

/** Packages of another release of Debian than this machine's, unpacked below a directory of their own and run with chroot. */
export interface ForeignRoot {
  readonly name: string;
  /** The release: `trixie`. */
  readonly suite: string;
  readonly packages: readonly string[];
  /** What shows that they are there, seen from the root: `usr/sbin/condor_master`. */
  readonly program: string;
  /** Directories that tests mount things on. */
  readonly mounts: readonly string[];
}

/** Files of `etc/` that no package has. `condor` is the account of HTCondor's images. */
const FILES = {
  passwd: 'root:x:0:0::/root:/bin/sh\ncondor:x:64:64::/var/lib/condor:/sbin/nologin\n',
  group: 'root:x:0:\ncondor:x:64:\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
  hosts: '',
} as const;

/** Answers the root. apt resolves and verifies the packages; no script of theirs runs, and nothing of this machine changes. */
export function foreignRoot(root: ForeignRoot): Part {
  const { name, suite, packages, program } = root;
  const title = `Debian ${suite}'s ${packages[0] ?? name}`;
  return {
    title,
    ensure: async (report) => {
      if (process.getuid?.() !== 0) throw new Error('chroot needs root');
      const recipe = JSON.stringify([root, FILES]);
      const digest = createHash('sha256').update(recipe).digest('hex').slice(0, 12);
      const path = join(cacheHome(), 'parts', `root-${name}-${digest}`);
      await withLock({ path, doing: `unpacking ${title}`, report }, async () => {
        if (existsSync(join(path, program))) return;
        const task = report.begin(`unpacking ${title}`);
        try {
          await fillDirectory(path, (scratch) => unpack(scratch, root));
          task.done(`unpacked ${title}`);
        } catch (error) {
          task.failed(`could not unpack ${title}`);
          throw error;
        }
      });
      return path;
    },
  };
}

async function unpack(root: string, { suite, packages, mounts }: ForeignRoot): Promise<void> {
  const apt = join(root, '.apt');
  for (const folder of ['lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(apt, folder), { recursive: true });
  }
  writeFileSync(join(apt, 'status'), '');
  writeFileSync(join(apt, 'sources.list'), `deb http://deb.debian.org/debian ${suite} main\n`);
  writeFileSync(
    join(apt, 'apt.conf'),
    [
      `Dir::Etc::sourcelist "${apt}/sources.list";`,
      'Dir::Etc::sourceparts "-";',
      `Dir::State::lists "${apt}/lists";`,
      `Dir::State::status "${apt}/status";`,
      `Dir::Cache "${apt}/cache";`,
      'APT::Sandbox::User "root";',
      '',
    ].join('\n'),
  );
  const options = { env: { APT_CONFIG: join(apt, 'apt.conf') }, timeout: 600_000 };
  await execa('apt-get', ['update', '--quiet'], options);
  const get = ['install', '--yes', '--quiet', '--no-install-recommends', '--download-only'];
  await execa('apt-get', [...get, ...packages], options);
  const unpackAll = `set -e; for deb in ${apt}/cache/archives/*.deb; do dpkg-deb -x "$deb" ${root}; done`;
  await execa('sh', ['-c', unpackAll], { timeout: 600_000 });
  // What the packages' scripts and base-files would make.
  for (const link of ['bin', 'sbin', 'lib', 'lib64']) {
    if (!existsSync(join(root, link))) symlinkSync(`usr/${link}`, join(root, link));
  }
  if (!existsSync(join(root, 'usr/bin/sh'))) symlinkSync('dash', join(root, 'usr/bin/sh'));
  for (const folder of ['proc', 'dev', 'tmp', 'srv', 'root', ...mounts]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(root, 'etc', file), text);
  await execa('rm', ['-rf', apt]);
}
