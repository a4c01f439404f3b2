import { z } from 'zod';

import { textOf } from '../support/tree';

const versions = z.record(z.string(), z.string()).default({});
const manifest = z
  .object({ dependencies: versions, devDependencies: versions })
  .parse(JSON.parse(textOf('package.json')));
const lock = z
  .object({
    packages: z.record(
      z.string(),
      z.object({ version: z.string().optional(), optionalDependencies: versions }),
    ),
  })
  .parse(JSON.parse(textOf('package-lock.json'))).packages;

test('every package is pinned to one version, without a range', () => {
  const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

/** Where the lock file has what a package asks for: beside it or in a folder above. */
function locked(from: string, name: string): boolean {
  const path = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (path in lock) return true;
  return (
    from !== '' && locked(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name)
  );
}

test('the lock file has the packages of every platform', () => {
  const missing = Object.entries(lock).flatMap(([path, { optionalDependencies }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !locked(path, name))
      .map(
        ([name, version]) =>
          `${name}@${version}, which ${path} may use, is not locked, so that 'npm ci' refuses to start`,
      ),
  );
  expect(missing).toEqual([]);
});
