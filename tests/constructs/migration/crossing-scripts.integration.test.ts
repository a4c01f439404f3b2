import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa, type ExecaChildProcess } from 'execa';

import {
  receiveScript,
  sendScript,
  type CrossingTask,
} from '../../../constructs/migration/crossing-scripts';
import { EXIT } from '../../../constructs/migration/scripts';
import { killFamily, until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { describeTree, nastyTree } from '../../support/nasty-tree';

jest.setTimeout(240_000);

const withRoot = process.getuid?.() === 0 ? test : test.skip;
/** What of other packages than coreutils, rsync and stunnel the image has; no find, no cmp, no diff. */
const OTHERS = ['bash', 'awk', 'grep', 'sed', 'rsync', 'stunnel'];
const COREUTILS = [
  'cat',
  'comm',
  'cut',
  'head',
  'id',
  'ls',
  'mktemp',
  'mv',
  'rm',
  'sleep',
  'sort',
  'tr',
  'wc',
];

interface Outcome {
  readonly exitCode: number | undefined;
  readonly report: string;
}

describeWith(['rsync', 'stunnel', 'acl', 'attr'], 'the two ends of a copy between clusters', () => {
  let folder: string;
  let port: number;
  let receiver: ExecaChildProcess;
  const at = (name: string): string => join(folder, name);
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'beamline-crossing-'));
    chmodSync(folder, 0o755);
    for (const name of ['source', 'target', 'key', 'other-key', 'bin', 'there'])
      mkdirSync(at(name));
    for (const name of [...OTHERS, ...COREUTILS])
      symlinkSync(
        execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(),
        join(at('bin'), name),
      );
    writeFileSync(join(at('key'), 'psk'), `beamline:${'ab'.repeat(32)}\n`);
    writeFileSync(join(at('other-key'), 'psk'), `beamline:${'cd'.repeat(32)}\n`);
    port = await freePort();
    receiver = receive();
  });
  afterEach(async () => {
    killFamily(receiver.pid ?? 0);
    await receiver;
    rmSync(folder, { recursive: true, force: true });
  });

  function receive(user = 0): ExecaChildProcess {
    // As in its pod, nothing is there yet.
    rmSync(at('there'), { recursive: true, force: true });
    mkdirSync(at('there'));
    chmodSync(at('there'), 0o777);
    const args = [at('target'), join(at('there'), 'report'), at('there'), at('key'), String(port)];
    return run(receiveScript(), 'receive', args, user);
  }

  /** Runs a script with the programs of the image and nothing else. */
  function run(script: string, name: string, args: readonly string[], user = 0): ExecaChildProcess {
    return execa('/bin/bash', ['-c', script, name, ...args], {
      env: { PATH: at('bin') },
      extendEnv: false,
      reject: false,
      uid: user,
      gid: user,
    });
  }

  function start(task: CrossingTask, key = 'key', user = 0, size = 1e12): ExecaChildProcess {
    rmSync(at('here'), { recursive: true, force: true });
    mkdirSync(at('here'), { mode: 0o777 });
    chmodSync(at('here'), 0o777);
    const report = join(at('here'), 'report');
    const rest = [at('here'), at(key), '127.0.0.1', String(port), String(size)];
    return run(sendScript(task), task, [at('source'), report, ...rest], user);
  }

  async function send(task: CrossingTask, user = 0, size = 1e12): Promise<Outcome> {
    const { exitCode } = await start(task, 'key', user, size);
    return { exitCode, report: readFileSync(join(at('here'), 'report'), 'utf8') };
  }

  withRoot('copy every kind of file so that nothing differs, and say so', async () => {
    nastyTree(at('source'));
    const before = describeTree(at('source'));
    for (const task of ['first-copy', 'last-copy', 'verify'] as const)
      expect(await send(task)).toMatchObject({ exitCode: 0 });
    expect(describeTree(at('target'))).toEqual(before);
    expect(describeTree(at('source'))).toEqual(before);
  });

  withRoot('end with the same after a copy that was killed twice, on either side', async () => {
    nastyTree(at('source'));
    mkdirSync(join(at('source'), 'many'));
    for (let number = 0; number < 300; number += 1)
      writeFileSync(
        join(at('source'), 'many', `file-${number}`),
        Buffer.alloc(200_000, (number % 250) + 1),
      );
    const arrived = (name: string) => async (): Promise<boolean> => {
      const { exitCode } = await execa('test', ['-e', join(at('target'), 'many', name)], {
        reject: false,
      });
      return exitCode === 0;
    };
    const first = start('first-copy');
    await until(arrived('file-5'), 'nothing arrives');
    killFamily(first.pid ?? 0);
    await first;
    const second = start('first-copy');
    await until(arrived('file-200'), 'nothing more arrives');
    killFamily(receiver.pid ?? 0);
    await receiver;
    expect((await second).exitCode).not.toBe(0);
    receiver = receive();
    for (const task of ['last-copy', 'verify'] as const)
      expect(await send(task)).toMatchObject({ exitCode: 0 });
    expect(describeTree(at('target'))).toEqual(describeTree(at('source')));
  });

  withRoot('part what was parted since, whatever it is called', async () => {
    const names = ['one', "qu'ote", 'st*r[s]?', 'back\\slash "and" $(quotes)', 'new\nline'];
    const paths = names.map((name) => join(at('source'), name));
    const [first = ''] = paths;
    writeFileSync(first, 'together');
    for (const path of paths.slice(1)) linkSync(first, path);
    symlinkSync('/nowhere', join(at('source'), 'symlink'));
    linkSync(join(at('source'), 'symlink'), join(at('source'), 'twin'));
    expect(await send('first-copy')).toMatchObject({ exitCode: 0 });
    for (const path of [...paths.slice(1), join(at('source'), 'twin')]) {
      execFileSync('cp', ['-a', path, `${path}.new`]);
      execFileSync('mv', ['-T', `${path}.new`, path]);
    }
    expect(await send('verify')).toMatchObject({
      exitCode: EXIT.different,
      report: expect.stringContaining('hard links: "./qu\'ote"'),
    });
    expect(await send('last-copy')).toMatchObject({ exitCode: 0 });
    expect(await send('verify')).toMatchObject({ exitCode: 0 });
    expect(describeTree(at('target'))).toEqual(describeTree(at('source')));
  });

  withRoot('say what differs, what was written meanwhile, and what does not fit', async () => {
    writeFileSync(join(at('source'), 'file'), 'content');
    expect(await send('first-copy', 0, 10)).toMatchObject({
      exitCode: EXIT.space,
      report: expect.stringContaining('the target has 10 by its claim'),
    });
    expect(await send('first-copy')).toMatchObject({ exitCode: 0 });
    appendFileSync(join(at('target'), 'file'), 'x');
    expect(await send('verify')).toMatchObject({
      exitCode: EXIT.different,
      report: expect.stringMatching(/difference=\S+ file\n/),
    });
    const busy = setInterval(() => appendFileSync(join(at('source'), 'busy'), 'line\n'), 5);
    try {
      expect(await send('last-copy')).toMatchObject({
        exitCode: EXIT.changed,
        report: expect.stringContaining('changed=busy'),
      });
    } finally {
      clearInterval(busy);
    }
  });

  withRoot('work as the user whose files they are, on both sides', async () => {
    killFamily(receiver.pid ?? 0);
    await receiver;
    writeFileSync(join(at('source'), 'file'), 'mine');
    execFileSync('setfattr', ['-n', 'user.sum', '-v', '1', join(at('source'), 'file')]);
    for (const path of [at('source'), join(at('source'), 'file')]) chownSync(path, 4321, 4321);
    // The directory of a volume belongs to its storage; its group may write.
    chownSync(at('target'), 0, 4321);
    chmodSync(at('target'), 0o775);
    receiver = receive(4321);
    for (const task of ['first-copy', 'last-copy', 'verify'] as const)
      expect(await send(task, 4321)).toMatchObject({ exitCode: 0 });
    expect(describeTree(at('target'))).toEqual(describeTree(at('source')));
  });

  withRoot(
    'let nobody in without the key, and give those who have it nothing but the copy',
    async () => {
      writeFileSync(join(at('source'), 'file'), 'content');
      expect(await send('first-copy')).toMatchObject({ exitCode: 0 });
      const shell = join(at('here'), 'shell');
      const rsync = (...args: string[]): ExecaChildProcess =>
        execa('rsync', [`--rsh=bash ${shell}`, ...args], { reject: false, timeout: 20_000 });
      const notes = join(folder, 'notes/');
      expect(await rsync('-r', 'there:notes/', notes)).toMatchObject({ exitCode: 0 });
      for (const place of ['data/', '/etc/hostname', 'notes/../../etc/hostname'])
        expect((await rsync('-r', `there:${place}`, join(folder, 'stolen/'))).exitCode).not.toBe(0);
      expect((await rsync('-r', at('source'), `there:${folder}/elsewhere/`)).exitCode).not.toBe(0);
      const command = await execa('bash', [shell, 'there', 'id'], {
        reject: false,
        timeout: 20_000,
        input: '',
      });
      expect(command.stdout).toBe('');

      const conf = join(at('here'), 'line.conf');
      writeFileSync(conf, readFileSync(conf, 'utf8').replaceAll(at('key'), at('other-key')));
      expect((await rsync('-r', 'there:notes/', notes)).exitCode).not.toBe(0);
      unlinkSync(join(at('source'), 'file'));
    },
  );
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}
