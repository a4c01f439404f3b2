import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { z } from 'zod';

import { Kerberos } from '../../../constructs/identity/kerberos';
import { secretFromConfig } from '../../../constructs/kit/secret-value';
import { describeWith } from '../../parts/need';
import { Directory } from '../../support/directory';
import { Realm, Ticketed } from '../../support/realm';
import { chartFor, Synthesized } from '../../support/synth';

const LIMIT_MS = 120_000;
const file = z.looseObject({ data: z.record(z.string(), z.string()) });
const SERVICE = 'ldap/localhost';

describeWith(['kerberos', 'slapd', 'openssl'], 'a realm, as we tell programs of it', (pathOf) => {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-realm-'));
  const keytab = join(folder, 'service.keytab');
  let realm: Realm;
  let directory: Directory;
  let anna: Ticketed;

  /** What pods get: `krb5.conf`, and the keytab as the cluster would hand it out. */
  function rendered(setting: string): { krb5Conf: string; keytab: Buffer } {
    const chart = chartFor();
    const kerberos = new Kerberos(chart, 'Realm', {
      realm: realm.name,
      kdcs: [`127.0.0.1:${realm.port}`],
      domains: ['localhost'],
    });
    kerberos.configIn(chart);
    kerberos.keytabIn(chart, {
      name: 'ldap',
      principal: SERVICE,
      file: secretFromConfig('ldapKeytab'),
      expires: 'never',
    });
    const tree = new Synthesized(chart);
    const encoded = (file.parse(tree.one('Secret')).data['keytab'] ?? '').replace(
      '${secret:config:ldapKeytab}',
      setting,
    );
    return {
      krb5Conf: file.parse(tree.one('ConfigMap')).data['krb5.conf'] ?? '',
      keytab: Buffer.from(encoded, 'base64'),
    };
  }

  const client = (name: string): Ticketed =>
    new Ticketed(join(folder, name), rendered('').krb5Conf);

  beforeAll(async () => {
    realm = await Realm.start(join(folder, 'realm'), dirname(pathOf('kerberos')));
    for (const [who, password] of [
      ['anna', 'anna-ticket'],
      ['ben', 'ben-ticket'],
    ])
      await realm.change(`addprinc -pw ${password} ${who}`);
    await realm.change(`addprinc -randkey ${SERVICE}`);
    const exported = join(folder, 'exported.keytab');
    await realm.change(`ktadd -k ${exported} ${SERVICE}`);
    // As an admin sets it: `base64 -w0 exported.keytab | pulumi config set --secret beamline:ldapKeytab`.
    writeFileSync(keytab, rendered(readFileSync(exported).toString('base64')).keytab);
    anna = client('anna');
    await realm.ready(anna, 'anna', 'anna-ticket');
    directory = await Directory.start(
      join(folder, 'ldap'),
      { slapd: pathOf('slapd'), openssl: pathOf('openssl') },
      {
        settings: [
          'sasl-host localhost',
          `sasl-realm ${realm.name}`,
          'authz-regexp "^uid=([^,]+),.*cn=gssapi,cn=auth$" "uid=$1,ou=people,dc=example,dc=org"',
        ],
        env: { ...client('service').env, KRB5_KTNAME: keytab },
      },
    );
  }, LIMIT_MS);

  afterAll(() => {
    directory.stop();
    realm.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const whoAmI = (who: Ticketed) =>
    who.run('ldapwhoami', [
      '-Q',
      // The name as it is written: on loopback the tools would put that of the machine in its place.
      '-N',
      '-Y',
      'GSSAPI',
      '-H',
      directory.plainUrl.replace('127.0.0.1', 'localhost'),
    ]);

  test('a password is worth a ticket of the realm, which can be forwarded', async () => {
    expect(await anna.run('kinit', ['anna'], 'wrong')).toMatchObject({ exitCode: 1 });
    expect(await anna.run('kinit', ['anna'], 'anna-ticket')).toMatchObject({ exitCode: 0 });
    const { all } = await anna.run('klist', ['-f']);
    expect(all).toContain(`Default principal: anna@${realm.name}`);
    expect(all).toMatch(/Flags: .*F/);
  });

  test('a program shows by its keytab who it is; one of a file that is no keytab does not', async () => {
    const service = client('by-keytab');
    expect(await service.run('kinit', ['-k', '-t', keytab, SERVICE])).toMatchObject({
      exitCode: 0,
    });
    expect((await service.run('klist', [])).all).toContain(`${SERVICE}@${realm.name}`);
    const nonsense = join(folder, 'nonsense');
    writeFileSync(nonsense, 'no keytab');
    expect(await service.run('kinit', ['-k', '-t', nonsense, SERVICE])).not.toMatchObject({
      exitCode: 0,
    });
  });

  test('who has a ticket is known to the directory without a password, and nobody else', async () => {
    await anna.run('kinit', ['anna'], 'anna-ticket');
    expect(await whoAmI(anna)).toEqual({
      exitCode: 0,
      all: 'dn:uid=anna,ou=people,dc=example,dc=org',
    });
    const nobody = client('nobody');
    expect(await whoAmI(nobody)).not.toMatchObject({ exitCode: 0 });
  });

  test('who is removed from the realm gets no ticket any more', async () => {
    const ben = client('ben');
    expect(await ben.run('kinit', ['ben'], 'ben-ticket')).toMatchObject({ exitCode: 0 });
    await realm.change('delprinc -force ben');
    expect((await ben.run('kinit', ['ben'], 'ben-ticket')).all).toContain('not found in Kerberos');
  });

  test('keys that were made anew make the old keytab worthless', async () => {
    await realm.change(`cpw -randkey ${SERVICE}`);
    const service = client('too-late');
    expect((await service.run('kinit', ['-k', '-t', keytab, SERVICE])).exitCode).not.toBe(0);
  });
});
