import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import type { LdapIdentityProps } from '../../../constructs/identity/identity-props';
import type { Manifest } from '../../../plan/model';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { Authority } from '../../support/authority';
import { Cluster } from '../../support/cluster';
import { Directory } from '../../support/directory';
import { laboratory } from '../../support/laboratory';
import { RecordingProxy } from '../../support/recording-proxy';
import { Browser } from './real/browser';
import { HOST, plannedDex, RunningDex } from './real/running-dex';

const LIMIT_MS = 180_000;
const namespace = `it-dex-${process.pid}`;
const role = z.looseObject({
  rules: z.array(z.object({ resources: z.array(z.string()), verbs: z.array(z.string()) })),
});
const anna = { user: 'anna', password: 'anna-secret' };
const ben = { user: 'ben', password: 'ben-secret' };

describeWith(['dex', 'slapd', 'openssl'], 'the real Dex, told what we render', (pathOf) => {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-dex-'));
  const cluster = new Cluster();
  let directory: Directory;
  let proxy: RecordingProxy;
  let dex: RunningDex;
  let browser: Browser;

  const props = (more: Partial<LdapIdentityProps> = {}): LdapIdentityProps => ({
    ...laboratory(directory),
    ...more,
  });
  const run = (name: string, more?: Partial<LdapIdentityProps>): Promise<RunningDex> =>
    RunningDex.start(pathOf('dex'), plannedDex(props(more), namespace), {
      folder: join(folder, name),
      namespace,
      cluster,
      api: proxy.url,
    });

  beforeAll(async () => {
    const programs = { slapd: pathOf('slapd'), openssl: pathOf('openssl') };
    directory = await Directory.start(join(folder, 'ldap'), programs);
    const tree = plannedDex(props(), namespace);
    await cluster.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
    const installed = ['CustomResourceDefinition', 'ServiceAccount', 'Role', 'RoleBinding'];
    const objects: Manifest[] = JSON.parse(
      JSON.stringify(installed.flatMap((kind) => tree.all(kind))),
    );
    await cluster.apply(objects);
    // Just established, their storage answers 'too many requests' for a moment; Dex would then try to make them itself.
    const kinds = tree.names('CustomResourceDefinition').join(',');
    const listed = (): Promise<boolean> =>
      cluster.kubectl(['get', kinds, '-n', namespace]).then(
        () => true,
        () => false,
      );
    await until(listed, 'what Dex keeps could not be listed', 60_000);
    proxy = await RecordingProxy.start(cluster.server);
    dex = await run('first');
    browser = new Browser(dex.url);
  }, LIMIT_MS);

  afterAll(async () => {
    dex.stop();
    await proxy.stop();
    directory.stop();
    await cluster.kubectl(['delete', 'ns', namespace, '--wait=false', '--ignore-not-found']);
    rmSync(folder, { recursive: true, force: true });
  }, LIMIT_MS);

  test('it describes itself under the name that browsers and services reach it by', async () => {
    const found = await browser.discover();
    expect(found).toMatchObject({
      issuer: `https://${HOST}`,
      authorization_endpoint: `https://${HOST}/auth`,
      token_endpoint: `https://${HOST}/token`,
    });
  });

  test('who logs in is known to the service by name, mail and groups', async () => {
    const { claims } = await browser.tokensOf(anna);
    expect(claims).toMatchObject({
      iss: `https://${HOST}`,
      aud: 'harbor',
      preferred_username: 'anna',
      email: 'anna@example.org',
    });
    expect([...(claims.groups ?? [])].sort()).toEqual(['analysis', 'site-admins']);
  });

  test('a wrong password, nobody, and a filter in place of a name are refused', async () => {
    for (const trial of [
      { ...anna, password: 'wrong' },
      { user: 'nobody', password: 'anna-secret' },
      { user: '*', password: 'anna-secret' },
      { user: 'anna)(uid=*', password: 'anna-secret' },
      { user: 'anna', password: '' },
    ]) {
      const outcome = await browser.login(trial);
      expect(outcome).not.toHaveProperty('code');
    }
  });

  test('a redirect that the service did not name is refused, and so is a service that is not known', async () => {
    const elsewhere = await browser.login({ ...anna, redirectUri: 'https://evil.example.org/' });
    expect(elsewhere).toMatchObject({ status: 400 });
    expect('text' in elsewhere ? elsewhere.text : '').toContain('Unregistered redirect_uri');
    const stranger = new Browser(dex.url, 'stranger');
    expect('status' in (await stranger.login(anna))).toBe(true);
  });

  test('a code is worth nothing without the secret of the service, and only once', async () => {
    const outcome = await browser.login(anna);
    if (!('code' in outcome)) throw new Error('no code');
    expect((await browser.exchange(outcome.code, 'another secret')).status).toBe(401);
    expect((await browser.exchange(outcome.code)).status).toBe(200);
    expect((await browser.exchange(outcome.code)).ok).toBe(false);
  });

  test(
    'a login that began at one pod ends at another; keys are one for both',
    async () => {
      const other = await run('second');
      try {
        const outcome = await browser.login(anna);
        if (!('code' in outcome)) throw new Error('no code');
        expect((await new Browser(other.url).exchange(outcome.code)).status).toBe(200);
      } finally {
        other.stop();
      }
    },
    LIMIT_MS,
  );

  test(
    'who is taken out of a group is out of it at the next login, and who is gone gets in no more',
    async () => {
      const scope = 'openid profile groups offline_access';
      const { claims, refresh = '' } = await browser.tokensOf({ ...ben, scope });
      expect(claims.groups).toEqual(['analysis']);
      await directory.change(
        'dn: cn=analysis,ou=groups,dc=example,dc=org\nchangetype: modify\ndelete: member\nmember: uid=ben,ou=people,dc=example,dc=org\n',
      );
      expect((await browser.tokensOf(ben)).claims.groups ?? []).toEqual([]);
      await directory.change('dn: uid=ben,ou=people,dc=example,dc=org\nchangetype: delete\n');
      expect(await browser.login(ben)).not.toHaveProperty('code');
      expect((await browser.refresh(refresh)).ok).toBe(false);
    },
    LIMIT_MS,
  );

  test(
    'StartTLS takes the same authority, and a directory that shows another certificate gets no password',
    async () => {
      const startTls = await run('start-tls', { url: directory.plainUrl });
      const stranger = await Authority.make(pathOf('openssl'));
      const mistrusting = await run('mistrusting', { ca: stranger.certificate });
      try {
        expect(await new Browser(startTls.url).login(anna)).toHaveProperty('code');
        const refused = await new Browser(mistrusting.url).login(anna);
        expect(refused).toMatchObject({ status: 500 });
        expect(mistrusting.log).toContain('certificate signed by unknown authority');
      } finally {
        stranger.clear();
        startTls.stop();
        mistrusting.stop();
      }
    },
    LIMIT_MS,
  );

  test('its rights are enough, and it asks for nothing beyond its namespace', async () => {
    const refused = (): readonly unknown[] =>
      proxy.requests.filter(({ status }) => status === 401 || status === 403);
    await until(() => Promise.resolve(proxy.requests.length > 0), 'Dex asked for nothing');
    expect(refused()).toEqual([]);
    expect([...new Set(proxy.requests.map((request) => request.namespace))]).toEqual([namespace]);
    const { rules } = role.parse(plannedDex(props(), namespace).one('Role'));
    const granted = rules.flatMap(({ verbs }) => verbs).sort();
    expect([...new Set(proxy.requests.map(({ verb }) => verb))].sort()).toEqual(granted);
  });
});
