import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { execa } from 'execa';

import { describeWith } from '../parts/need';
import { RegistryServer, writeImage } from '../support/registry-server';

const CHECKOUT = resolve(__dirname, '..', '..');
const LIMIT_MS = 120_000;

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

describeWith(
  ['registry', 'skopeo'],
  'images of an environment, on two real registries',
  (pathOf) => {
    const folder = mkdtempSync(join(tmpdir(), 'beamline-images-'));
    const lockFile = join(folder, 'images.lock');
    let publisher: RegistryServer;
    let mirror: RegistryServer;

    const push = async (name: string, word: string): Promise<void> => {
      const layout = mkdtempSync(join(folder, 'layout-'));
      writeImage(layout, word);
      const to = `docker://${publisher.host}/${name}`;
      const args = ['copy', '--all', '--dest-tls-verify=false', `oci:${layout}`, to];
      await execa(pathOf('skopeo'), args);
    };
    const beamline = async (...args: string[]): Promise<Outcome> => {
      const run = await execa(process.execPath, [join(CHECKOUT, 'cli', 'beamline.cjs'), ...args], {
        cwd: CHECKOUT,
        env: {
          BEAMLINE_ENVIRONMENTS: folder,
          BEAMLINE_HOME: join(folder, 'home'),
          BEAMLINE_TEST_REGISTRY: publisher.host,
          BEAMLINE_TEST_MIRROR: mirror.host,
          NO_COLOR: '1',
        },
        reject: false,
      });
      return run;
    };
    const insecure = (): string[] => ['--insecure-registry', publisher.host, mirror.host];
    const digestIn = (image: string): string => {
      const line = readFileSync(lockFile, 'utf8')
        .split('\n')
        .find((candidate) => candidate.startsWith(`${publisher.host}/${image}@`));
      return line?.split('@')[1] ?? 'not locked';
    };
    const servedDigest = async (
      { host }: RegistryServer,
      name: string,
      tag: string,
    ): Promise<string> => {
      const accept = 'application/vnd.oci.image.manifest.v1+json';
      const answer = await fetch(`http://${host}/v2/${name}/manifests/${tag}`, {
        headers: { accept },
      });
      return answer.headers.get('docker-content-digest') ?? `status ${answer.status}`;
    };

    beforeAll(async () => {
      [publisher, mirror] = await Promise.all([
        RegistryServer.start(pathOf('registry')),
        RegistryServer.start(pathOf('registry')),
      ]);
      mkdirSync(join(folder, 'site'));
      const fixture = join(CHECKOUT, 'tests', 'cli', 'fixtures', 'images.ts');
      writeFileSync(
        join(folder, 'site', 'index.ts'),
        `export { environment } from '${fixture}';\n`,
      );
      await push('team/tool:1.0', 'first');
      await push('team/operand:2.0', 'operand');
    }, LIMIT_MS);

    afterAll(async () => {
      await Promise.all([publisher.stop(), mirror.stop()]);
      rmSync(folder, { recursive: true, force: true });
    }, LIMIT_MS);

    test(
      'what is not locked is not mirrored',
      async () => {
        const { exitCode, stderr } = await beamline('images', 'mirror', 'site', ...insecure());
        expect(exitCode).toBe(1);
        expect(stderr).toContain(`2 images are not locked`);
        expect(stderr).toContain(`\n  - ${publisher.host}/team/operand:2.0`);
      },
      LIMIT_MS,
    );

    test(
      'the lock has the digests that the registry itself says',
      async () => {
        const { exitCode, stdout } = await beamline('images', 'lock', ...insecure());
        expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
        expect(stdout).toContain('2 images locked');
        expect(digestIn('team/tool:1.0')).toBe(await servedDigest(publisher, 'team/tool', '1.0'));
        expect(digestIn('team/operand:2.0')).toBe(
          await servedDigest(publisher, 'team/operand', '2.0'),
        );
      },
      LIMIT_MS,
    );

    test(
      'the plan then names images by digest, from the mirror, in custom resources as well',
      async () => {
        const { stdout } = await beamline('images', 'site', '--json');
        const prefix = `${mirror.host}/mirror/${publisher.host.replace(':', '_')}`;
        expect(JSON.parse(stdout)).toMatchObject({
          images: [
            { pulled: `${prefix}/team/operand:2.0@${digestIn('team/operand:2.0')}`, locked: true },
            { pulled: `${prefix}/team/tool:1.0@${digestIn('team/tool:1.0')}`, locked: true },
          ],
        });
      },
      LIMIT_MS,
    );

    test(
      'mirroring copies bit for bit, and copies nothing twice',
      async () => {
        const first = await beamline('images', 'mirror', 'site', ...insecure());
        expect(first).toMatchObject({ exitCode: 0 });
        expect(first.stdout).toContain('2 images copied');
        const name = `mirror/${publisher.host.replace(':', '_')}/team/tool`;
        expect(await servedDigest(mirror, name, '1.0')).toBe(digestIn('team/tool:1.0'));
        const second = await beamline('images', 'mirror', 'site', ...insecure());
        expect(second.stdout).toContain('0 images copied');
        expect(second.stdout).toContain('2 were there');
      },
      LIMIT_MS,
    );

    test(
      'a tag that moved is told, and followed only when that is asked for',
      async () => {
        const before = digestIn('team/tool:1.0');
        await push('team/tool:1.0', 'moved');
        const told = await beamline('images', 'lock', 'site', ...insecure());
        expect(told).toMatchObject({ exitCode: 1 });
        expect(told.stdout).toContain("1 tags have moved; '--update' follows them");
        expect(digestIn('team/tool:1.0')).toBe(before);
        const followed = await beamline('images', 'lock', 'site', '--update', ...insecure());
        expect(followed).toMatchObject({ exitCode: 0 });
        expect(digestIn('team/tool:1.0')).not.toBe(before);
        expect(digestIn('team/tool:1.0')).toBe(await servedDigest(publisher, 'team/tool', '1.0'));
      },
      LIMIT_MS,
    );

    test(
      'what cannot be looked up is named with the reason, and the rest is kept',
      async () => {
        rmSync(lockFile);
        const { exitCode, stdout } = await beamline(
          'images',
          'lock',
          'site',
          '--insecure-registry',
          mirror.host,
        );
        expect(exitCode).toBe(1);
        expect(stdout).toContain(`2 images could not be looked up`);
        expect(stdout).toMatch(/team\/tool:1\.0: .*(HTTP response to HTTPS client|http)/i);
      },
      LIMIT_MS,
    );
  },
);
