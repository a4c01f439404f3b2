import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa, type ExecaChildProcess } from 'execa';
import getPort from 'get-port';
import { z } from 'zod';

import { Reana } from '../../../constructs/workflows/reana';
import type { ReanaRelease } from '../../../constructs/workflows/releases';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { synth } from '../../support/synth';
import { minimal } from './support';

const LIMIT_MS = 60_000;
const PASSWORD = 'the-password-of-the-secret';

const redis = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.tuple([z.object({ args: z.array(z.string()) })]) }),
    }),
  }),
});

describeWith(['redis'], 'the cache of REANA as it is rendered', (pathOf) => {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-cache-'));
  const started: ExecaChildProcess[] = [];

  /** A Redis with the very arguments of the pod; answers how it is asked. */
  async function start(release: ReanaRelease): Promise<(...args: string[]) => Promise<string>> {
    const deployment = redis.parse(
      synth(Reana, { ...minimal, release }).one('Deployment', 'reana-cache'),
    );
    const [container] = deployment.spec.template.spec.containers;
    const port = String(await getPort());
    // As Kubernetes puts variables into arguments; and what is another on this machine than in a pod.
    const args = container.args.map((one) => one.replace('$(REANA_CACHE_PASSWORD)', PASSWORD));
    const here = ['--port', port, '--bind', '127.0.0.1', '--dir', folder];
    started.push(execa(pathOf('redis'), [...args, ...here], { reject: false }));
    const ask = async (...command: string[]): Promise<string> => {
      const answer = await execa('redis-cli', ['--no-auth-warning', '-p', port, ...command], {
        all: true,
        reject: false,
      });
      return answer.all ?? '';
    };
    await until(
      async () => !(await ask('ping')).includes('Could not connect'),
      'Redis does not answer',
    );
    return ask;
  }

  afterAll(async () => {
    for (const one of started) one.kill('SIGTERM');
    await Promise.all(started);
    rmSync(folder, { recursive: true, force: true });
  }, LIMIT_MS);

  test(
    'that of 0.9.4 takes the password alone, and nobody without',
    async () => {
      const ask = await start('0.9.4');
      expect(await ask('-a', PASSWORD, 'set', 'session', '1')).toBe('OK');
      expect(await ask('ping')).toContain('NOAUTH');
    },
    LIMIT_MS,
  );

  test(
    'that of the alpha takes its user, and neither nobody nor the password alone',
    async () => {
      const ask = await start('0.95.0-alpha.5');
      expect(await ask('--user', 'reana', '-a', PASSWORD, 'set', 'session', '1')).toBe('OK');
      expect(await ask('ping')).toContain('NOAUTH');
      expect(await ask('-a', PASSWORD, 'ping')).toMatch(/WRONGPASS|NOAUTH/);
    },
    LIMIT_MS,
  );
});
