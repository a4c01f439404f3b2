import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';
import getPort from 'get-port';

import { until } from '../integration/support/processes';
import { Authority } from './authority';

/** People and groups of a small laboratory. One member of a group has left long ago. */
const TREE = `dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
dc: example
o: Example Lab

dn: ou=people,dc=example,dc=org
objectClass: organizationalUnit
ou: people

dn: ou=groups,dc=example,dc=org
objectClass: organizationalUnit
ou: groups

dn: cn=reader,dc=example,dc=org
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: reader-secret

${['anna', 'ben', 'carl'].map(person).join('\n')}
dn: cn=site-admins,ou=groups,dc=example,dc=org
objectClass: groupOfNames
cn: site-admins
member: uid=anna,ou=people,dc=example,dc=org

dn: cn=analysis,ou=groups,dc=example,dc=org
objectClass: groupOfNames
cn: analysis
member: uid=anna,ou=people,dc=example,dc=org
member: uid=ben,ou=people,dc=example,dc=org
member: uid=left,ou=people,dc=example,dc=org
`;

function person(uid: string): string {
  return `dn: uid=${uid},ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: ${uid}
cn: ${uid}
sn: Example
mail: ${uid}@example.org
userPassword: ${uid}-secret
`;
}

const ADMIN = 'cn=admin,dc=example,dc=org';

/** How its programs come here. */
export interface DirectoryPrograms {
  readonly slapd: string;
  readonly openssl: string;
}

/** What a directory is told beyond its tree. */
export interface DirectoryOptions {
  /**
   * Lines of slapd.conf before the database.
   *
   * @default []
   */
  readonly settings?: readonly string[];
  /**
   * Variables of its process.
   *
   * @default {}
   */
  readonly env?: Readonly<Record<string, string>>;
}

/** A real slapd with the laboratory's tree, on loopback: over TLS, and over StartTLS. A password in clear is refused. */
export class Directory {
  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
    /** Over TLS from the first byte. */
    readonly url: string,
    /** Where StartTLS is spoken. */
    readonly plainUrl: string,
    /** The authority of its certificate, in PEM. */
    readonly ca: string,
  ) {}

  static async start(
    folder: string,
    { slapd, openssl }: DirectoryPrograms,
    { settings = [], env = {} }: DirectoryOptions = {},
  ): Promise<Directory> {
    mkdirSync(join(folder, 'data'), { recursive: true });
    const authority = await Authority.make(openssl);
    const { certificate, key } = await authority.sign('localhost', '127.0.0.1');
    const files = { 'ca.crt': authority.certificate, 'ldap.crt': certificate, 'ldap.key': key };
    authority.clear();
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const schemas = ['core', 'cosine', 'inetorgperson'];
    writeFileSync(
      join(folder, 'slapd.conf'),
      [
        ...schemas.map((name) => `include /etc/ldap/schema/${name}.schema`),
        'modulepath /usr/lib/ldap',
        'moduleload back_mdb',
        'moduleload memberof',
        `TLSCertificateFile ${join(folder, 'ldap.crt')}`,
        `TLSCertificateKeyFile ${join(folder, 'ldap.key')}`,
        `pidfile ${join(folder, 'slapd.pid')}`,
        'security simple_bind=128',
        ...settings,
        'database mdb',
        'suffix "dc=example,dc=org"',
        `rootdn "${ADMIN}"`,
        'rootpw admin-secret',
        `directory ${join(folder, 'data')}`,
        'overlay memberof',
        '',
      ].join('\n'),
    );
    const [tls, plain] = [
      await getPort({ host: '127.0.0.1' }),
      await getPort({ host: '127.0.0.1' }),
    ];
    const [url, plainUrl] = [`ldaps://127.0.0.1:${tls}`, `ldap://127.0.0.1:${plain}`];
    const args = ['-h', `${url} ${plainUrl}`, '-f', join(folder, 'slapd.conf'), '-d', '0'];
    const child = spawn(slapd, args, { stdio: 'ignore', env: { ...process.env, ...env } });
    const directory = new Directory(folder, child, url, plainUrl, files['ca.crt']);
    const answers = async (): Promise<boolean> =>
      (await directory.ldap('ldapsearch', ['-s', 'base', '-b', '', 'namingContexts'])).exitCode ===
      0;
    await until(answers, 'slapd did not answer', 30_000);
    const added = await directory.ldap('ldapadd', [], TREE);
    if (added.exitCode !== 0) throw new Error(`slapd refused its tree: ${added.stderr}`);
    return directory;
  }

  /** Changes the tree, as LDIF says it. */
  async change(ldif: string): Promise<void> {
    const { exitCode, stderr } = await this.ldap('ldapmodify', [], ldif);
    if (exitCode !== 0) throw new Error(`slapd refused: ${stderr}`);
  }

  stop(): void {
    this.process.kill('SIGKILL');
  }

  private ldap(
    tool: string,
    args: readonly string[],
    input?: string,
  ): Promise<{ exitCode: number | undefined; stderr: string }> {
    return execa(tool, ['-x', '-H', this.url, '-D', ADMIN, '-w', 'admin-secret', ...args], {
      reject: false,
      timeout: 20_000,
      env: { LDAPTLS_CACERT: join(this.folder, 'ca.crt') },
      ...(input === undefined ? {} : { input }),
    });
  }
}
