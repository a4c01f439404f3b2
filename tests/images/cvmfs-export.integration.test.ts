import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { execa } from 'execa';

import { goEnvironment } from '../../upstream/go';
import { dataOf, tierOn } from '../constructs/cvmfs/support/tier';
import { describeWith } from '../parts/need';
import { Synthesized } from '../support/synth';

const IMAGE = resolve(__dirname, '../../images/cvmfs-export');

describeWith(['cvmfs-export'], 'the supervisor of the export server', (pathOf) => {
  const env = goEnvironment();

  test('is formatted, vetted, and passes its own tests', async () => {
    const unformatted = await execa('gofmt', ['-l', '.'], { cwd: IMAGE });
    expect(unformatted.stdout).toBe('');
    await execa('go', ['vet', './...'], { cwd: IMAGE, env });
    const { stdout } = await execa('go', ['test', './...'], { cwd: IMAGE, env });
    expect(stdout).toMatch(/^ok\s/m);
  }, 600_000);

  test.each(['ganesha', 'kernel'] as const)(
    'takes what the construct renders for %s',
    async (server) => {
      const { chart } = tierOn('okd 4.21', { server });
      const text = dataOf(new Synthesized(chart), 'cvmfs-nfs')['export.json'] ?? '';
      expect(await checked(text)).toEqual({ exitCode: 0, stderr: '' });
      const broken = text.replace('"nfsPort": 2049', '"nfsPort": 0');
      expect(await checked(broken)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("'nfsPort' is 0"),
      });
    },
  );

  test('says how it is used', async () => {
    const { exitCode, stderr } = await checked('{}', 'unknown');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/'repositories' is empty/);
  });

  async function checked(
    text: string,
    verb = 'check-config',
  ): Promise<{ exitCode: number; stderr: string }> {
    const folder = mkdtempSync(join(tmpdir(), 'beamline-export-'));
    try {
      const file = join(folder, 'export.json');
      writeFileSync(file, text);
      const { exitCode, stderr } = await execa(pathOf('cvmfs-export'), [verb], {
        env: { BEAMLINE_EXPORT_CONFIG: file },
        reject: false,
      });
      return { exitCode, stderr };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
});

describeWith(['ganesha'], 'the base of the image, whose release this machine has', () => {
  const containerfile = readFileSync(join(IMAGE, 'Containerfile'), 'utf8');
  const version = /GANESHA_VERSION=(\S+)/.exec(containerfile)?.[1] ?? '';

  test('still serves the packages that the image names, in their version', async () => {
    const { stdout: release } = await execa('sh', ['-c', '. /etc/os-release; echo $VERSION_ID']);
    expect(containerfile).toContain(`FROM docker.io/library/debian:${release}.`);
    const ours = ['nfs-ganesha', 'nfs-ganesha-vfs'];
    const theirs = ['nfs-kernel-server', 'ca-certificates'];
    const { stdout } = await execa('apt-cache', ['madison', ...ours, ...theirs]);
    const served = stdout.split('\n').map((line) => line.split('|').map((field) => field.trim()));
    for (const name of ours) {
      expect(containerfile).toContain(`"${name}=\${GANESHA_VERSION}"`);
      expect(served.map(([one, number]) => `${one} ${number}`)).toContain(`${name} ${version}`);
    }
    for (const name of theirs) {
      expect(containerfile).toMatch(new RegExp(` ${name}( |\\n)`));
      expect(served.map(([one]) => one)).toContain(name);
    }
  }, 60_000);
});
