import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { execa, type ExecaChildProcess } from 'execa';
import getPort from 'get-port';

import { until } from '../../../integration/support/processes';
import { Authority } from '../../../support/authority';
import type { RunOptions } from './running-site';

const PASSWORD = "the hub's password";
const ADMIN_PASSWORD = 'the password of its admin';

/** A PostgreSQL of the site: it takes TLS alone, asks for passwords, and the hub's user owns one database and may do nothing else. */
export class HubPostgres {
  // Its own, as it is not root who reads in there.
  readonly #folder = mkdtempSync(join(tmpdir(), 'beamline-hub-postgres-'));
  readonly #data = join(this.#folder, 'data');
  readonly #as = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  #server: ExecaChildProcess | undefined;
  port = 0;
  #authorities = '';

  /** `postgres` is its server. */
  constructor(
    private readonly postgres: string,
    private readonly openssl: string,
    private readonly keeps: 'durable' | 'for a test' = 'for a test',
  ) {}

  async make(): Promise<void> {
    mkdirSync(this.#data);
    chmodSync(this.#folder, 0o755);
    await this.#certificate();
    const password = join(this.#folder, 'password');
    writeFileSync(password, `${ADMIN_PASSWORD}\n`);
    if ('uid' in this.#as) await execa('chown', ['-R', '65534:65534', this.#data]);
    const init = ['-D', this.#data, '-U', 'admin', '--auth', 'scram-sha-256', '--pwfile', password];
    await execa(this.#program('initdb'), init, this.#as);
    writeFileSync(join(this.#data, 'pg_hba.conf'), 'hostssl all all all scram-sha-256\n');
    this.port = await getPort();
    await this.start();
    await this.sql(`create user hub password '${PASSWORD.replaceAll("'", "''")}'`, 'postgres');
    await this.sql('create database jupyterhub owner hub', 'postgres');
  }

  async start(): Promise<void> {
    const tls = ['ssl=on', 'ssl_cert_file=../server.crt', 'ssl_key_file=../server.key'];
    const fsync = this.keeps === 'durable' ? 'on' : 'off';
    const settings = [`fsync=${fsync}`, ...tls].flatMap((setting) => ['-c', setting]);
    const place = ['-D', this.#data, '-p', String(this.port), '-k', this.#data, '-h', '127.0.0.1'];
    this.#server = execa(this.#program('postgres'), [...place, ...settings], {
      ...this.#as,
      reject: false,
    });
    const ready = async (): Promise<boolean> =>
      (await execa(this.#program('pg_isready'), [], { env: this.#env, reject: false })).exitCode ===
      0;
    await until(ready, 'PostgreSQL does not answer');
  }

  /** Ends it and every connection, as a failover does. */
  async stop(): Promise<void> {
    this.#server?.kill('SIGINT');
    await this.#server;
  }

  /** Ends it, with everything in it. */
  async clear(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What a hub is told of it. `says` changes that. */
  forHub(
    says: { readonly password?: string; readonly authorities?: string } = {},
  ): Pick<RunOptions, 'database' | 'secrets'> {
    return {
      database: {
        kind: 'postgresql',
        host: 'localhost',
        port: this.port,
        database: 'jupyterhub',
        user: 'hub',
        password: { name: 'hub-database', key: 'password' },
        tls: { authorities: says.authorities ?? this.#authorities },
      },
      secrets: { 'hub-database/password': says.password ?? PASSWORD },
    };
  }

  /** What its admin finds. */
  async sql(statement: string, database = 'jupyterhub'): Promise<string> {
    const env = { ...this.#env, PGDATABASE: database };
    return (await execa(this.#program('psql'), ['-Atqc', statement], { env })).stdout;
  }

  get #env(): Record<string, string> {
    return {
      PGHOST: '127.0.0.1',
      PGPORT: String(this.port),
      PGUSER: 'admin',
      PGPASSWORD: ADMIN_PASSWORD,
      PGSSLMODE: 'require',
    };
  }

  #program(name: string): string {
    return join(dirname(this.postgres), name);
  }

  async #certificate(): Promise<void> {
    const authority = await Authority.make(this.openssl);
    const { certificate, key } = await authority.sign('localhost');
    this.#authorities = authority.certificate;
    authority.clear();
    writeFileSync(join(this.#folder, 'server.crt'), certificate);
    writeFileSync(join(this.#folder, 'server.key'), key, { mode: 0o600 });
    if ('uid' in this.#as) await execa('chown', ['65534:65534', join(this.#folder, 'server.key')]);
  }
}
