import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';
import getPort from 'get-port';

import { until } from '../integration/support/processes';

/** What a program of Kerberos came to. */
export interface KerberosOutcome {
  readonly exitCode: number | undefined;
  readonly all: string;
}

/** A real key distribution centre with a realm of its own, on loopback. */
export class Realm {
  #kdc: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly name: string,
    readonly port: number,
  ) {}

  /** `programs` is the folder of krb5kdc, kadmin.local and kdb5_util. */
  static async start(folder: string, programs: string, name = 'EXAMPLE.ORG'): Promise<Realm> {
    mkdirSync(folder, { recursive: true });
    const realm = new Realm(folder, name, await getPort({ host: '127.0.0.1' }));
    writeFileSync(
      join(folder, 'kdc.conf'),
      `[kdcdefaults]
  kdc_listen = 127.0.0.1:${realm.port}
  kdc_tcp_listen = 127.0.0.1:${realm.port}
[realms]
  ${name} = {
    database_name = ${join(folder, 'principal')}
    key_stash_file = ${join(folder, 'stash')}
    acl_file = ${join(folder, 'acl')}
  }
[logging]
  kdc = FILE:${join(folder, 'kdc.log')}
`,
    );
    // What the centre itself reads beside that; clients are told what we render.
    writeFileSync(join(folder, 'own.conf'), `[libdefaults]\n  default_realm = ${name}\n`);
    await realm.#admin(join(programs, 'kdb5_util'), ['create', '-s', '-P', 'master of the realm']);
    realm.#kdc = spawn(join(programs, 'krb5kdc'), ['-n', '-r', name], {
      env: { ...process.env, ...realm.#env },
      stdio: 'ignore',
    });
    realm.#programs = programs;
    return realm;
  }

  #programs = '';

  /** Says something to kadmin.local: `addprinc -pw secret anna`. */
  async change(query: string): Promise<string> {
    return this.#admin(join(this.#programs, 'kadmin.local'), ['-q', query]);
  }

  /** Waits until a client that is told `krb5Conf` is answered. */
  async ready(client: Ticketed, user: string, password: string): Promise<void> {
    const answered = async (): Promise<boolean> =>
      (await client.run('kinit', [user], password)).exitCode === 0;
    await until(answered, 'the key distribution centre does not answer', 30_000);
  }

  stop(): void {
    this.#kdc?.kill('SIGKILL');
  }

  get #env(): Record<string, string> {
    return {
      KRB5_CONFIG: join(this.folder, 'own.conf'),
      KRB5_KDC_PROFILE: join(this.folder, 'kdc.conf'),
    };
  }

  async #admin(program: string, args: readonly string[]): Promise<string> {
    const { stdout } = await execa(program, ['-r', this.name, ...args], {
      env: this.#env,
      timeout: 30_000,
    });
    return stdout;
  }
}

/** A client with tickets of its own, told by a `krb5.conf`. */
export class Ticketed {
  readonly env: Readonly<Record<string, string>>;

  constructor(folder: string, krb5Conf: string) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'krb5.conf'), krb5Conf);
    this.env = { KRB5_CONFIG: join(folder, 'krb5.conf'), KRB5CCNAME: join(folder, 'tickets') };
  }

  async run(
    program: string,
    args: readonly string[],
    input = '',
    more: Readonly<Record<string, string>> = {},
  ): Promise<KerberosOutcome> {
    const { exitCode, all } = await execa(program, args, {
      env: { ...this.env, ...more },
      input: `${input}\n`,
      reject: false,
      all: true,
      timeout: 30_000,
    });
    return { exitCode, all: all ?? '' };
  }
}
