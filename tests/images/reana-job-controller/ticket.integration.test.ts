import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { execa, type ExecaChildProcess } from 'execa';
import getPort from 'get-port';

import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { Realm, Ticketed } from '../../support/realm';

const LIMIT_MS = 120_000;
const IMAGE = resolve(__dirname, '../../../images/reana-job-controller');
/** A host lets in whom its realm knows by the name of one of its accounts; the test has its own alone. */
const { username: USER } = userInfo();

describeWith(
  ['kerberos', 'sshd', 'reana-backends'],
  "a user's own ticket, from a real KDC, at a real sshd",
  (pathOf) => {
    const folder = mkdtempSync(join(tmpdir(), 'beamline-ticket-'));
    const keytabs = join(folder, 'keytabs');
    let realm: Realm;
    let sshd: ExecaChildProcess;
    let krb5Conf: string;
    let port: number;

    const written = (file: string, text: string): string => {
      const path = join(folder, file);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    };

    beforeAll(async () => {
      mkdirSync(keytabs);
      realm = await Realm.start(join(folder, 'realm'), dirname(pathOf('kerberos')));
      krb5Conf = [
        '[libdefaults]',
        `  default_realm = ${realm.name}`,
        '  dns_lookup_kdc = false',
        '  dns_canonicalize_hostname = false',
        '  rdns = false',
        '[realms]',
        `  ${realm.name} = {`,
        `    kdc = 127.0.0.1:${realm.port}`,
        '  }',
        '[domain_realm]',
        `  localhost = ${realm.name}`,
        '',
      ].join('\n');
      for (const principal of [USER, 'somebody', 'host/localhost']) {
        await realm.change(`addprinc -randkey ${principal}`);
      }
      for (const [principal, keytab] of [
        [USER, join(keytabs, 'mine.keytab')],
        ['somebody', join(keytabs, 'theirs.keytab')],
        ['host/localhost', join(folder, 'host.keytab')],
      ]) {
        await realm.change(`ktadd -k ${keytab ?? ''} ${principal ?? ''}`);
      }
      const known = new Ticketed(join(folder, 'known'), krb5Conf);
      await until(
        async () =>
          (await known.run('kinit', ['-k', '-t', join(keytabs, 'mine.keytab'), USER])).exitCode ===
          0,
        'the KDC does not answer',
      );
      port = await getPort();
      const host = join(folder, 'host');
      await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', host]);
      const config = written(
        'sshd_config',
        [
          `Port ${port}`,
          'ListenAddress 127.0.0.1',
          `HostKey ${host}`,
          `PidFile ${join(folder, 'sshd.pid')}`,
          'GSSAPIAuthentication yes',
          'GSSAPIStrictAcceptorCheck no',
          'PubkeyAuthentication no',
          'PasswordAuthentication no',
          'PermitRootLogin prohibit-password',
          'StrictModes no',
          'UsePAM no',
          '',
        ].join('\n'),
      );
      const [type, key] = readFileSync(`${host}.pub`, 'utf8').split(' ');
      written('known_hosts', `[localhost]:${port} ${type ?? ''} ${key ?? ''}\n`);
      mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
      sshd = execa(pathOf('sshd'), ['-D', '-e', '-f', config], {
        env: { ...known.env, KRB5_KTNAME: join(folder, 'host.keytab') },
        reject: false,
        all: true,
      });
    }, LIMIT_MS);

    afterAll(async () => {
      sshd.kill('SIGTERM');
      await sshd;
      realm.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** What the code of the image does with what a user gave to REANA. */
    async function visit(environment: Readonly<Record<string, string>>): Promise<unknown> {
      const options = ['-F', 'none', '-o', `UserKnownHostsFile=${join(folder, 'known_hosts')}`];
      const request = {
        realm: realm.name,
        krb5_conf: krb5Conf,
        keytabs,
        environment,
        ssh: [...options, '-p', String(port), '-l', USER, 'localhost', 'echo', 'as', '$USER'],
      };
      const { stdout } = await execa(
        join(pathOf('reana-backends'), 'bin', 'python'),
        [join(__dirname, 'ticket.py')],
        {
          input: JSON.stringify(request),
          env: { IMAGE, PYTHONDONTWRITEBYTECODE: '1', TMPDIR: folder },
          timeout: 60_000,
        },
      );
      return JSON.parse(stdout);
    }

    test(
      'lets him in, and is kept until it is old',
      async () => {
        const there = { CERN_USER: USER, CERN_KEYTAB: 'mine.keytab' };
        await until(
          async () => !JSON.stringify(await visit(there)).includes('Connection refused'),
          'sshd does not listen',
        );
        expect(await visit(there)).toEqual({ kept: true, exitCode: 0, all: `as ${USER}` });
      },
      LIMIT_MS,
    );

    test(
      'of somebody else does not',
      async () => {
        const answer = await visit({ CERN_USER: 'somebody', CERN_KEYTAB: 'theirs.keytab' });
        expect(answer).toMatchObject({ exitCode: 255 });
        expect(JSON.stringify(answer)).toContain('Permission denied');
      },
      LIMIT_MS,
    );

    test.each([
      ['nothing was given', {}, 'reana-client secrets-add'],
      ['the name leads elsewhere', { CERN_USER: USER, CERN_KEYTAB: '../host' }, 'secrets-add'],
      [
        'the keytab is of another',
        { CERN_USER: USER, CERN_KEYTAB: 'theirs.keytab' },
        `no ticket for ${USER}@EXAMPLE.ORG`,
      ],
      [
        'the realm does not know the user',
        { CERN_USER: 'nobody-here', CERN_KEYTAB: 'mine.keytab' },
        'no ticket for nobody-here@EXAMPLE.ORG',
      ],
    ])(
      'says what is wrong where %s',
      async (_, environment, message) => {
        expect(JSON.stringify(await visit(environment))).toContain(message);
      },
      LIMIT_MS,
    );
  },
);
