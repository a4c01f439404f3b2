import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa, type ExecaChildProcess } from 'execa';
import getPort from 'get-port';

import { Harbor } from '../../../constructs/registry/harbor';
import { lookupIn } from '../../../deploy/secrets';
import { secretsOf, withSecrets } from '../../../deploy/values';
import { isManifest } from '../../../plan/json';
import type { Manifest } from '../../../plan/model';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { RegistryServer, writeImage } from '../../support/registry-server';
import { synth } from '../../support/synth';
import { minimal } from './support';

const LIMIT_MS = 120_000;
const harbor = synth(Harbor, minimal);

/** A rendered object with a value in place of each secret, as a cluster would get it. */
function deployed(kind: string, name: string): Manifest {
  const manifest: unknown = harbor.one(kind, name);
  if (!isManifest(manifest)) throw new Error(`'${name}' is no object`);
  const values = secretsOf(manifest).flatMap((secret) => {
    if (secret.from === 'config') return [];
    const source = { ...secret, from: 'generated' };
    return [[JSON.stringify(source), `value-of-${secret.name}`]] as const;
  });
  const revealed: unknown = withSecrets(manifest, lookupIn(new Map(values)));
  if (!isManifest(revealed)) throw new Error(`'${name}' is no object`);
  return revealed;
}

function textOf(manifest: Manifest, field: 'data' | 'stringData', key: string): string {
  const data: unknown = manifest[field];
  const text: unknown =
    typeof data === 'object' && data !== null ? Reflect.get(data, key) : undefined;
  if (typeof text !== 'string') throw new Error(`there is no ${field}.${key}`);
  return text;
}

describeWith(['registry', 'redis', 'skopeo'], 'the registry as it is rendered', (pathOf) => {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-harbor-'));
  let redis: ExecaChildProcess;
  let redisPort: number;
  let registry: RegistryServer;
  const password = textOf(deployed('Secret', 'harbor-redis'), 'stringData', 'REDIS_PASSWORD');
  const ask = async (...args: string[]): Promise<string> => {
    const { all } = await execa('redis-cli', ['-p', String(redisPort), ...args], {
      all: true,
      reject: false,
    });
    return all ?? '';
  };

  beforeAll(async () => {
    redisPort = await getPort();
    const conf = join(folder, 'redis.conf');
    writeFileSync(conf, textOf(deployed('Secret', 'harbor-redis'), 'stringData', 'redis.conf'));
    // What is another on this machine than in a pod: where, and on which port.
    const here = ['--dir', folder, '--port', String(redisPort), '--bind', '127.0.0.1'];
    redis = execa(pathOf('redis'), [conf, ...here], { reject: false });
    await until(
      async () => (await ask('-a', password, 'ping')).includes('PONG'),
      'Redis does not answer',
    );

    const passwd = join(folder, 'passwd');
    const secrets = deployed('Secret', 'harbor-registry');
    writeFileSync(passwd, textOf(secrets, 'stringData', 'passwd'));
    const config = textOf(deployed('ConfigMap', 'harbor-registry'), 'data', 'config.yml');
    registry = await RegistryServer.start(pathOf('registry'), config, {
      REGISTRY_HTTP_SECRET: textOf(secrets, 'stringData', 'REGISTRY_HTTP_SECRET'),
      REGISTRY_REDIS_PASSWORD: password,
      REGISTRY_REDIS_ADDR: `127.0.0.1:${redisPort}`,
      REGISTRY_AUTH_HTPASSWD_PATH: passwd,
      REGISTRY_HTTP_DEBUG_ADDR: `127.0.0.1:${await getPort()}`,
    });
  }, LIMIT_MS);

  afterAll(async () => {
    await registry.stop();
    redis.kill('SIGTERM');
    await redis;
    rmSync(folder, { recursive: true, force: true });
  }, LIMIT_MS);

  test('Redis answers nobody without the password', async () => {
    expect(await ask('ping')).toContain('NOAUTH');
    expect(await ask('-a', password, 'config', 'get', 'appendonly')).toContain('yes');
  });

  test(
    'takes an image from the user in its password file, and keeps what it knows of it in Redis',
    async () => {
      const layout = join(folder, 'layout');
      writeImage(layout, 'rendered');
      const to = `docker://${registry.host}/library/tool:1.0`;
      const copy = (credentials: string) =>
        execa(
          pathOf('skopeo'),
          ['copy', '--dest-tls-verify=false', '--dest-creds', credentials, `oci:${layout}`, to],
          { reject: false },
        );
      const refused = await copy('harbor_registry_user:wrong');
      expect(refused.exitCode).not.toBe(0);
      expect(refused.stderr).toMatch(/unauthorized|authentication required/i);
      const right = textOf(
        deployed('Secret', 'harbor-registry-credential'),
        'stringData',
        'REGISTRY_PASSWD',
      );
      expect(await copy(`harbor_registry_user:${right}`)).toMatchObject({ exitCode: 0 });
      expect(await ask('-a', password, '-n', '2', 'keys', '*')).toContain('blobs::sha256:');
    },
    LIMIT_MS,
  );
});

describeWith(['postgresql'], 'the dumps of the database', (pathOf) => {
  const bin = join(pathOf('postgresql'), '..');
  const folder = mkdtempSync(join(tmpdir(), 'beamline-postgresql-'));
  const dumps = join(folder, 'dumps');
  let server: ExecaChildProcess;
  let env: Record<string, string>;

  /** The very command that a CronJob runs, as the user that the server works as. */
  const run = (job: string, more: Readonly<Record<string, string>> = {}) => {
    const [container] = containersOf(harbor.one('CronJob', job)['spec']);
    const [shell = '', ...args] = container?.command ?? [];
    return asPostgres(shell, args, { ...env, BACKUP_FOLDER: dumps, KEEP_DAYS: '14', ...more });
  };
  const asPostgres = (
    program: string,
    args: readonly string[],
    variables: Readonly<Record<string, string>>,
  ) =>
    execa('setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', program, ...args], {
      env: { ...variables, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
      cwd: folder,
      reject: false,
      all: true,
    });
  const sql = async (statement: string): Promise<string> => {
    const { all, exitCode } = await asPostgres(
      'psql',
      ['-At', '-v', 'ON_ERROR_STOP=1', '-c', statement],
      env,
    );
    if (exitCode !== 0) throw new Error(all ?? '');
    return (all ?? '').trim();
  };

  beforeAll(async () => {
    const port = String(await getPort());
    env = {
      PGHOST: '127.0.0.1',
      PGPORT: port,
      PGUSER: 'postgres',
      PGPASSWORD: 'not needed',
      PGDATABASE: 'registry',
      PGSSLMODE: 'disable',
    };
    await execa('install', ['-d', '-o', 'postgres', '-m', '0700', folder, dumps]);
    const data = join(folder, 'data');
    const made = await asPostgres(
      'initdb',
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-N'],
      {},
    );
    if (made.exitCode !== 0) throw new Error(made.all ?? '');
    const args = [
      '-D',
      data,
      '-p',
      port,
      '-c',
      `unix_socket_directories=${folder}`,
      '-c',
      'listen_addresses=127.0.0.1',
    ];
    server = asPostgres('postgres', [...args, '-c', 'fsync=off'], {});
    await until(
      async () =>
        (await asPostgres('pg_isready', [], { ...env, PGDATABASE: 'postgres' })).exitCode === 0,
      'PostgreSQL does not answer',
    );
    await asPostgres('createdb', ['registry'], env);
    await sql('create table project (id serial primary key, name text unique)');
    await sql("insert into project (name) values ('cms'), ('dune')");
  }, LIMIT_MS);

  afterAll(async () => {
    server.kill('SIGINT');
    await server;
    rmSync(folder, { recursive: true, force: true });
  }, LIMIT_MS);

  test(
    'a dump brings back what was lost and what was changed, and takes away what came since',
    async () => {
      expect(await run('harbor-backup')).toMatchObject({ exitCode: 0 });
      await sql("delete from project where name = 'dune'");
      await sql('create table later (id int)');
      expect(await run('harbor-restore')).toMatchObject({ exitCode: 0 });
      expect(await sql('select name from project order by id')).toBe('cms\ndune');
      expect(await sql("select to_regclass('later') is null")).toBe('t');
      await sql("insert into project (name) values ('mu2e')");
      expect(await sql("select id from project where name = 'mu2e'")).toBe('3');
    },
    LIMIT_MS,
  );

  test(
    'a database that was restored can be dumped and restored again',
    async () => {
      expect(await run('harbor-backup')).toMatchObject({ exitCode: 0 });
      expect(await run('harbor-restore')).toMatchObject({ exitCode: 0 });
      expect(await sql('select count(*) from project')).toBe('3');
    },
    LIMIT_MS,
  );

  test(
    'nothing is restored under the feet of somebody who is connected',
    async () => {
      const guest = asPostgres('psql', ['-c', 'select pg_sleep(60)'], env);
      await until(
        async () =>
          (await sql(
            "select count(*) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()",
          )) === '1',
        'nobody connected',
      );
      const refused = await run('harbor-restore');
      guest.kill();
      await sql(
        "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()",
      );
      await guest;
      expect(refused).toMatchObject({ exitCode: 1 });
      expect(refused.all).toContain('scale core, jobservice and exporter to 0 first');
    },
    LIMIT_MS,
  );

  test(
    'a dump that is cut short changes nothing, and an old one goes while the newest stays',
    async () => {
      const broken = join(dumps, 'registry-99990101T000000Z.dump');
      writeFileSync(broken, 'PGDMP and no more');
      expect(await run('harbor-restore')).not.toMatchObject({ exitCode: 0 });
      expect(await sql('select count(*) from project')).toBe('3');
      await execa('touch', ['-d', '2020-01-01', broken]);
      await execa('chown', ['postgres', broken]);
      expect(await run('harbor-backup')).toMatchObject({ exitCode: 0 });
      const { stdout } = await execa('ls', [dumps]);
      expect(stdout).not.toContain('9999');
      expect(stdout).not.toContain('partial');
      expect(stdout.split('\n').length).toBeGreaterThanOrEqual(1);
    },
    LIMIT_MS,
  );

  test('without a database there is no dump, not even a part of one', async () => {
    const before = (await execa('ls', [dumps])).stdout;
    expect(await run('harbor-backup', { PGDATABASE: 'gone' })).not.toMatchObject({ exitCode: 0 });
    const after = (await execa('ls', [dumps])).stdout;
    expect(after.split('\n').filter((name) => name.endsWith('.dump'))).toEqual(before.split('\n'));
  });
});

interface Command {
  readonly command?: readonly string[];
}

function containersOf(spec: unknown): readonly Command[] {
  const {
    jobTemplate,
  }: { jobTemplate: { spec: { template: { spec: { containers: Command[] } } } } } = JSON.parse(
    JSON.stringify(spec),
  );
  return jobTemplate.spec.template.spec.containers;
}
