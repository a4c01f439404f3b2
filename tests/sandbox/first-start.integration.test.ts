import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { controlPlaneStatus, startControlPlane } from '../../sandbox/control-plane/control-plane';
import { layoutOf } from '../../sandbox/control-plane/layout';
import { ended, firstOutput, runScript } from '../upstream/support/child';
import { clear, eventually, testSpec } from './support/control-plane';

jest.setTimeout(180_000);

const spec = testSpec('a');

afterAll(() => clear(spec));

test('two processes that start another one make it once, beside the first', async () => {
  const first = await startControlPlane(spec);
  const other = testSpec('b');
  const script = join(__dirname, 'support', 'start-control-plane.ts');
  try {
    const both = [0, 1].map(() => runScript(script, [other.directory, other.kubeconfig]));
    const servers = await Promise.all(both.map(firstOutput));
    expect(await Promise.all(both.map(ended))).toEqual([0, 0]);
    expect(new Set(servers).size).toBe(1);
    expect(servers[0]).not.toBe(first.server);
    expect(await controlPlaneStatus(other.directory, other.kubeconfig)).toMatchObject({
      state: 'running',
    });
    expect(await controlPlaneStatus(spec.directory, spec.kubeconfig)).toMatchObject({
      state: 'running',
    });
  } finally {
    await clear(other);
  }
  expect(await controlPlaneStatus(other.directory, other.kubeconfig)).toEqual({
    state: 'absent',
    processes: {},
  });
});

test.each(['as soon as it begins', 'once the first process runs'])(
  'a first start that is killed %s is picked up by the next',
  async (moment) => {
    const other = testSpec('c');
    const script = join(__dirname, 'support', 'start-control-plane.ts');
    try {
      const killed = runScript(script, [other.directory, other.kubeconfig]);
      const { cluster, kwokHome } = layoutOf(other.directory);
      const sign = moment === 'as soon as it begins' ? kwokHome : join(cluster, 'pids', 'etcd.pid');
      await eventually(sign, () => Promise.resolve(existsSync(sign) ? true : undefined));
      killed.kill('SIGKILL');
      await ended(killed);

      await startControlPlane(other);
      expect(await controlPlaneStatus(other.directory, other.kubeconfig)).toMatchObject({
        state: 'running',
      });
    } finally {
      await clear(other);
    }
  },
);
