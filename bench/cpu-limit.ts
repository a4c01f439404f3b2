import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const VERSION_1 = '/sys/fs/cgroup/cpu';
const VERSION_2 = '/sys/fs/cgroup';
const PERIOD_US = 20_000;
let made = 0;

/** Holds processes to a share of one core. Throws where this machine has no control group for it. */
export function limitCpu(pids: readonly number[], share: number): { release: () => void } {
  const old = existsSync(join(VERSION_1, 'cpu.cfs_period_us'));
  const root = old ? VERSION_1 : VERSION_2;
  made += 1;
  const group = join(root, `beamline-bench-${process.pid}-${made}`);
  mkdirSync(group);
  const quota = Math.round(PERIOD_US * share);
  if (old) {
    writeFileSync(join(group, 'cpu.cfs_period_us'), String(PERIOD_US));
    writeFileSync(join(group, 'cpu.cfs_quota_us'), String(quota));
  } else writeFileSync(join(group, 'cpu.max'), `${quota} ${PERIOD_US}`);
  for (const pid of pids) writeFileSync(join(group, 'cgroup.procs'), String(pid));
  return {
    release: () => {
      // A group goes when nobody is in it: they are handed back first.
      for (const pid of readdirSync('/proc').filter((entry) => pids.includes(Number(entry))))
        writeFileSync(join(root, 'cgroup.procs'), pid);
      rmdirSync(group);
    },
  };
}
