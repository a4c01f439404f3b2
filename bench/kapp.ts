import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';

import { cacheHome } from '../constructs/kit/upstream';
import { fillDirectory } from '../upstream/cache';
import { goEnvironment } from '../upstream/go';
import { withLock } from '../upstream/lock';
import type { Report } from '../upstream/progress';
import { CHECKOUT } from './workspace';

/** The version that `tools/kapp/go.mod` pins. */
const VERSION = '0.64.2';
const PACKAGE = 'carvel.dev/kapp';

/** Path of kapp, built from source where it is not in the cache yet: only the bench needs it. */
export async function ensureKapp(report: Report): Promise<string> {
  const directory = join(cacheHome(), 'toolchain', `kapp-${VERSION}`);
  const path = join(directory, 'kapp');
  await withLock({ path: directory, doing: `building kapp ${VERSION}`, report }, async () => {
    if (existsSync(path)) return;
    const task = report.begin(`building kapp ${VERSION} from source, about 3 min on two cores`);
    const stamp = `-X ${PACKAGE}/pkg/kapp/version.Version=${VERSION}`;
    await fillDirectory(directory, async (scratch) => {
      const output = join(scratch, 'kapp');
      const args = ['-trimpath', '-buildvcs=false', `-ldflags=-s -w ${stamp}`, '-o', output];
      await execa('go', ['build', ...args, `${PACKAGE}/cmd/kapp`], {
        cwd: join(CHECKOUT, 'tools', 'kapp'),
        env: { ...goEnvironment(), CGO_ENABLED: '0' },
      });
    });
    task.done(`built kapp ${VERSION}`);
  });
  return path;
}
