import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EXIT } from '../../../constructs/migration/scripts';
import { killFamily, until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { describeTree, nastyTree } from '../../support/nasty-tree';
import { runTask, startTask, type HowToRun, type Places } from './support/run-script';

jest.setTimeout(120_000);

const ROOT = process.getuid?.() === 0;

describeWith(['rsync', 'acl', 'attr', 'busybox'], 'the tasks of a migration', (pathOf) => {
  let folder: string;
  let places: Places;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'beamline-copy-'));
    chmodSync(folder, 0o755);
    places = { source: join(folder, 'source'), target: join(folder, 'target') };
    mkdirSync(places.source);
    mkdirSync(places.target);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The shell and programs of the image that the tasks run in: BusyBox and rsync. */
  function likeTheImage(): HowToRun {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    const applets = execFileSync(pathOf('busybox'), ['--list'], { encoding: 'utf8' });
    for (const applet of applets.trim().split('\n'))
      if (applet !== 'rsync') symlinkSync(pathOf('busybox'), join(bin, applet));
    symlinkSync(pathOf('rsync'), join(bin, 'rsync'));
    return { shell: [join(bin, 'sh')], path: bin };
  }

  const withRoot = ROOT ? test : test.skip;
  for (const [title, how] of [
    ['the tools of Debian', () => ({})],
    ["the image's BusyBox", likeTheImage],
  ] as const) {
    withRoot(`copy every kind of file so that nothing differs, with ${title}`, async () => {
      nastyTree(places.source);
      const before = describeTree(places.source);
      const tools = how();
      const survey = await runTask('survey', places, tools);
      expect(survey).toMatchObject({ exitCode: 0 });
      expect(await runTask('first-copy', places, tools)).toMatchObject({ exitCode: 0 });
      expect(await runTask('last-copy', places, tools)).toMatchObject({ exitCode: 0 });
      const verified = await runTask('verify', places, tools);
      expect(verified).toMatchObject({ exitCode: 0, stderr: '' });
      expect(describeTree(places.target)).toEqual(before);
      expect(describeTree(places.source)).toEqual(before);
      const figure = (name: string): string | undefined =>
        new RegExp(`^${name}=(.*)$`, 'm').exec(verified.report)?.[1];
      for (const name of ['files', 'directories', 'symlinks', 'specials', 'bytes', 'sparse'])
        expect([name, figure(`target.${name}`)]).toEqual([name, figure(`source.${name}`)]);
      expect(Number(figure('source.files'))).toBeGreaterThan(12);
    });
  }

  withRoot('end with the same after a copy that was killed twice', async () => {
    nastyTree(places.source);
    mkdirSync(join(places.source, 'many'));
    for (let at = 0; at < 300; at += 1)
      writeFileSync(
        join(places.source, 'many', `file-${at}`),
        Buffer.alloc(100_000, 1 + (at % 255)),
      );
    for (const files of [5, 150]) {
      const { pid, ended } = startTask('first-copy', places);
      const arrived = (): number =>
        existsSync(join(places.target, 'many'))
          ? readdirSync(join(places.target, 'many')).length
          : 0;
      await until(() => Promise.resolve(arrived() >= files), `${files} files never came`);
      killFamily(pid);
      await ended;
    }
    // What the workload does meanwhile.
    appendFileSync(join(places.source, 'plain', 'file'), 'more');
    unlinkSync(join(places.source, 'many', 'file-7'));
    expect(await runTask('last-copy', places)).toMatchObject({ exitCode: 0 });
    expect(await runTask('verify', places)).toMatchObject({ exitCode: 0 });
    expect(describeTree(places.target)).toEqual(describeTree(places.source));
  });

  test('copy anew what was written twice within a second, at the same size', async () => {
    const file = join(places.source, 'file');
    writeFileSync(file, 'old');
    utimesSync(file, 1_000_000_000.25, 1_000_000_000.25);
    await runTask('first-copy', places);
    writeFileSync(file, 'new');
    utimesSync(file, 1_000_000_000.75, 1_000_000_000.75);
    expect(await runTask('last-copy', places)).toMatchObject({ exitCode: 0 });
    expect(describeTree(places.target)).toEqual(describeTree(places.source));
  });

  withRoot('part in the copy what was parted in the source, and link what was linked', async () => {
    const at = (name: string): string => join(places.source, name);
    for (const name of ['a', 'c']) writeFileSync(at(name), 'same');
    linkSync(at('a'), at('b'));
    linkSync(at('c'), at('d'));
    await runTask('first-copy', places);
    for (const name of ['b', 'd']) unlinkSync(at(name));
    linkSync(at('a'), at('d'));
    linkSync(at('c'), at('b'));
    expect(await runTask('last-copy', places)).toMatchObject({ exitCode: 0 });
    expect(await runTask('verify', places)).toMatchObject({ exitCode: 0 });
    expect(describeTree(places.target)).toEqual(describeTree(places.source));
  });

  withRoot.each([
    [
      'a byte',
      (at: string) =>
        execFileSync('sh', [
          '-c',
          `printf E | dd of="${at}/plain/large" bs=1 seek=7 conv=notrunc 2>/dev/null; touch -r "${at}/plain/file" "${at}/plain/large"`,
        ]),
    ],
    ['an owner', (at: string) => execFileSync('chown', ['1:1', `${at}/plain/file`])],
    ['a mode', (at: string) => chmodSync(`${at}/plain/setuid`, 0o755)],
    ['an ACL', (at: string) => execFileSync('setfacl', ['-x', 'u:1234', `${at}/plain/one`])],
    [
      'an attribute',
      (at: string) =>
        execFileSync('setfattr', ['-n', 'user.checksum', '-v', 'x', `${at}/plain/file`]),
    ],
    [
      'a link',
      (at: string) =>
        execFileSync('sh', [
          '-c',
          `cp -a "${at}/plain/two" "${at}/x" && mv "${at}/x" "${at}/plain/two"`,
        ]),
    ],
    ['a file too many', (at: string) => writeFileSync(`${at}/extra`, '')],
    ['a file too few', (at: string) => unlinkSync(`${at}/plain/nothing`)],
  ])('find that %s differs', async (_what, spoil) => {
    nastyTree(places.source);
    expect(await runTask('first-copy', places)).toMatchObject({ exitCode: 0 });
    spoil(places.target);
    const { exitCode, report } = await runTask('verify', places);
    expect({ exitCode, report }).toEqual({
      exitCode: EXIT.different,
      report: expect.stringMatching(/^difference=.+\nproblem=\d+ differences$/m),
    });
  });

  test('say who wrote to the source during the last copy', async () => {
    mkdirSync(join(places.source, 'busy'));
    for (let at = 0; at < 400; at += 1)
      writeFileSync(join(places.source, `file-${at}`), Buffer.alloc(20_000, 1 + (at % 255)));
    writeFileSync(join(places.source, 'busy', 'log'), '');
    const { ended } = startTask('last-copy', places);
    await until(() => Promise.resolve(readdirSync(places.target).length > 0), 'nothing was copied');
    appendFileSync(join(places.source, 'busy', 'log'), 'line');
    expect(await ended).toEqual({
      exitCode: EXIT.changed,
      stderr: '',
      report: 'changed=busy/log\nproblem=the source was written to while it was read\n',
    });
  });

  test('refuse a target that is too small', async () => {
    writeFileSync(join(places.source, 'file'), Buffer.alloc(100_000, 1));
    const { exitCode, report } = await runTask('first-copy', places, { size: 50_000 });
    expect(exitCode).toBe(EXIT.space);
    expect(report).toMatch(/problem=the files take \d+ bytes, the target has 50000 by its claim/);
    expect(readdirSync(places.target)).toEqual([]);
  });

  describe('without root', () => {
    const user = 65532;
    withRoot('copy the files of one owner, and leave the volume itself as it is', async () => {
      execFileSync('chown', [`${user}:${user}`, places.source]);
      chmodSync(places.target, 0o777);
      const make =
        'mkdir d && echo 1 > d/f && ln d/f d/g && ln -s f d/l && setfattr -n user.a -v b d/f && setfacl -m u:9:r d/g';
      execFileSync('setpriv', [
        `--reuid=${user}`,
        `--regid=${user}`,
        '--clear-groups',
        'sh',
        '-c',
        `cd "${places.source}" && ${make}`,
      ]);
      mkdirSync(join(places.target, 'lost+found'), { mode: 0o700 });
      for (const task of ['survey', 'first-copy', 'last-copy', 'verify'] as const)
        expect([task, await runTask(task, places, { user })]).toMatchObject([
          task,
          { exitCode: 0 },
        ]);
      expect(existsSync(join(places.target, 'lost+found'))).toBe(true);
      rmSync(join(places.target, 'lost+found'), { recursive: true });
      expect(describeTree(places.target)).toEqual(describeTree(places.source));
    });

    withRoot.each([
      ['another owner', 'chown 5:5 f', '1 files and directories belong to others than user 65532'],
      ['another group', 'chown 65532:6 f', '1 files and directories belong to others'],
      ['a file it may not read', 'chown 65532:65532 f; chmod 0 f', 'cannot read 1 of the files'],
      ['a directory it may not read', 'rm f; mkdir -m 700 f', 'cannot read every directory'],
    ])('refuse %s', async (_what, make, problem) => {
      execFileSync('chown', [`${user}:${user}`, places.source]);
      execFileSync('sh', ['-c', `cd "${places.source}" && echo 1 > f && ${make}`]);
      const { exitCode, report } = await runTask('survey', places, { user });
      expect({ exitCode, report }).toEqual({
        exitCode: EXIT.forbidden,
        report: expect.stringContaining(problem),
      });
    });
  });
});
