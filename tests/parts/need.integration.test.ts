import { existsSync } from 'node:fs';

import { debianPackages } from './debian';
import { describeWith } from './need';
import { silentReport } from '../../upstream/progress';

describeWith(['rsync'], 'a part that can be had', (pathOf) => {
  test('is there and is handed over by its path', () => {
    expect(existsSync(pathOf('rsync'))).toBe(true);
  });
});

test('a package that brings something else is refused with its name', async () => {
  const part = debianPackages(['rsync'], '/usr/bin/no-such-program');
  await expect(part.ensure(silentReport)).rejects.toThrow(/rsync/);
});
