import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { withLock } from '../../../upstream/lock';
import { silentReport } from '../../../upstream/progress';

/** Holds a lock until a file appears. */
async function hold(path: string, until: string): Promise<void> {
  await withLock({ path, doing: 'holding', report: silentReport }, async () => {
    process.stdout.write('held\n');
    while (!existsSync(until)) await sleep(10);
  });
}

const [path = '', until = ''] = process.argv.slice(2);
void hold(path, until);
