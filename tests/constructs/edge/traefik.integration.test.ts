import { traefikPanels } from '../../../constructs/edge/traefik-dashboard';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { untold } from '../../support/asked-series';
import {
  ask,
  askPlainly,
  certificateOf,
  seenBy,
  upgrade,
  type Answer,
  type Ask,
} from './real/client';
import { UNBROKEN, watchRenewal } from './real/renewal';
import { RunningSite } from './real/running-site';

const LIMIT_MS = 240_000;

describeWith(['traefik', 'openssl'], 'the real Traefik, told what we render', (pathOf) => {
  let site: RunningSite;
  const from = (address: string, host: string, more: Partial<Ask> = {}): Ask => ({
    port: site.ports.websecure,
    from: address,
    host: `${host}.example.org`,
    ...more,
  });
  const inside = (host: string, more?: Partial<Ask>): Ask => from('127.0.0.1', host, more);
  const outside = (host: string, more?: Partial<Ask>): Ask => from(site.address, host, more);
  const get = (host: string, path = '/'): Promise<Answer> => ask(inside(host, { path }));

  beforeAll(async () => {
    site = await RunningSite.start(pathOf('traefik'), pathOf('openssl'));
    const hosts = ['app', 'inside', 'own', 'anew', 'marked', 'exact.many', 'sticky', 'whole'];
    const ready = async (): Promise<boolean> => {
      const answers = await Promise.all(hosts.map((host) => get(host))).catch(() => []);
      return answers.length > 0 && answers.every(({ status }) => status === 200);
    };
    await until(ready, 'Traefik never served all routes').catch((error: unknown) => {
      throw new Error(`${String(error)}\n${site.log.slice(-4000)}`);
    });
  }, LIMIT_MS);
  afterAll(() => site.stop(), LIMIT_MS);

  test('hosts and paths lead to their Services, by whole segments', async () => {
    const name = async (path: string): Promise<string> => seenBy(await get('app', path)).name;
    expect(await name('/')).toBe('one');
    expect(await name('/two')).toBe('two');
    expect(await name('/two/more')).toBe('two');
    expect(await name('/twofold')).toBe('one');
    expect((await get('nobody')).status).toBe(404);
  });

  test('a rewrite takes the place of the path', async () => {
    const path = async (asked: string): Promise<string> => seenBy(await get('app', asked)).path;
    expect(await path('/cut')).toBe('/');
    expect(await path('/cut/a/b?c=d')).toBe('/a/b?c=d');
    expect(await path('/deep/down')).toBe('/very/deep/down');
    expect(await path('/two/kept')).toBe('/two/kept');
  });

  // Harbor's pages write names of repositories like that; Traefik 3.6.4 to 3.6.6 refused it.
  test.each(['/a%2Fb', '/library%252Ftool/artifacts', '/files/50%25', '/two/c%2Fd'])(
    '%s reaches the pods as it is written',
    async (path) => {
      expect(seenBy(await get('app', path)).path).toBe(path);
    },
  );

  test('a wildcard takes the hosts that have no route of their own', async () => {
    expect(seenBy(await get('any.many')).name).toBe('two');
    expect(seenBy(await get('exact.many')).name).toBe('one');
    expect((await get('too.deep.many')).status).toBe(404);
  });

  test('HTTP is sent to HTTPS', async () => {
    const { status, headers } = await askPlainly({
      ...inside('app', { path: '/two?x=1' }),
      port: site.ports.web,
    });
    expect(status).toBe(301);
    expect(headers).toMatchObject({ location: 'https://app.example.org/two?x=1' });
  });

  test('an address outside the allow list is refused, for HTTP and where TLS ends at the pods', async () => {
    expect((await ask(inside('inside'))).status).toBe(200);
    expect((await ask(outside('inside'))).status).toBe(403);
    expect(
      (await ask(outside('inside', { headers: { 'x-forwarded-for': '127.0.0.1' } }))).status,
    ).toBe(403);
    expect((await ask(outside('app'))).status).toBe(200);
    await expect(certificateOf(inside('whole-inside'))).resolves.toBeDefined();
    await expect(certificateOf(outside('whole-inside'))).rejects.toThrow();
    expect((await ask(inside('dashboard', { path: '/api/rawdata' }))).status).toBe(200);
    expect((await ask(outside('dashboard', { path: '/api/rawdata' }))).status).toBe(403);
  });

  test('each host shows its certificate, and no connection is older than TLS 1.3', async () => {
    expect((await certificateOf(inside('app'))).subjectAltName).toBe(
      'DNS:*.example.org, DNS:*.many.example.org',
    );
    expect((await certificateOf(inside('own'))).subjectAltName).toBe('DNS:own.example.org');
    expect((await certificateOf(inside('whole'))).subjectAltName).toContain(
      `DNS:tls.${site.apps}.svc`,
    );
    await expect(certificateOf(inside('app'), 'TLSv1.2')).rejects.toThrow();
  });

  test('pods whose certificate the authority signed are trusted, others are not', async () => {
    expect(seenBy(await get('anew')).name).toBe('tls');
    expect((await get('mistrusted')).status).toBe(500);
    expect(seenBy(await get('whole')).name).toBe('tls');
  });

  test('guards: a rate, names and passwords, a service that is asked, headers', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async () => (await get('slow')).status),
    );
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
    expect(statuses).toContain(429);
    expect((await get('people')).status).toBe(401);
    const authorization = `Basic ${Buffer.from('ada:lovelace').toString('base64')}`;
    const known = await ask(inside('people', { headers: { authorization } }));
    expect(seenBy(known)).toMatchObject({ name: 'one', authorization: null });
    expect((await get('asked')).status).toBe(401);
    const asked = await ask(inside('asked', { headers: { 'x-ticket': 'good', 'x-user': 'eve' } }));
    expect(seenBy(asked).user).toBe('ada');
    expect((await get('marked')).headers).toMatchObject({ 'x-frame-options': 'DENY' });
  });

  test('a browser is handed a cookie that names its pod, and keeps it', async () => {
    const { headers } = await get('sticky');
    const [cookie = ''] = String(headers['set-cookie']).split(';');
    expect(String(headers['set-cookie'])).toMatch(/HttpOnly; Secure/);
    const again = await ask(inside('sticky', { headers: { cookie } }));
    expect(again.headers).not.toHaveProperty('set-cookie');
    expect((await get('app')).headers).not.toHaveProperty('set-cookie');
  });

  test('a websocket carries bytes both ways', async () => {
    const socket = await upgrade(inside('app'));
    const heard = new Promise<string>((resolve) =>
      socket.once('data', (data: Buffer) => resolve(data.toString())),
    );
    socket.write('to and fro');
    expect(await heard).toBe('to and fro');
    socket.destroy();
  });

  test(
    'a certificate is renewed without a dropped connection or a failed request',
    async () => {
      const { certificate, key } = await site.authority.sign('own.example.org');
      const renew = (): Promise<void> =>
        site.cluster.apply([
          {
            apiVersion: 'v1',
            kind: 'Secret',
            metadata: { name: 'own', namespace: site.apps },
            type: 'kubernetes.io/tls',
            stringData: { 'tls.crt': certificate, 'tls.key': key },
          },
        ]);
      expect(await watchRenewal(inside('own'), renew)).toMatchObject(UNBROKEN);
    },
    LIMIT_MS,
  );

  test('metrics and the answer to probes are on ports of their own', async () => {
    const metrics = await fetch(`http://127.0.0.1:${site.ports.metrics}/metrics`);
    expect(await metrics.text()).toContain('traefik_entrypoint_requests_total');
    expect((await fetch(`http://127.0.0.1:${site.ports.ping}/ping`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${site.ports.ping}/api/rawdata`)).status).toBe(404);
  });

  test('it tells what its page of diagrams asks for', async () => {
    // A failure has to have been, before failures are counted.
    expect((await get('mistrusted')).status).toBe(500);
    const answer = await fetch(`http://127.0.0.1:${site.ports.metrics}/metrics`);
    const told = await answer.text();
    const asked = traefikPanels('ns').flatMap(({ queries }) => queries.map(({ expr }) => expr));
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.flatMap((expr) => untold(expr, told))).toEqual([]);
  });

  test('its rights are enough, and it uses every one of them', async () => {
    const shown = async (): Promise<boolean> => {
      const path = '{.status.loadBalancer.ingress[0].ip}';
      return (
        '' !==
        (await site.cluster.kubectl([
          'get',
          'ingress',
          'root',
          '-n',
          site.apps,
          '-o',
          `jsonpath=${path}`,
        ]))
      );
    };
    await until(shown, 'the Ingress never showed the address of the published Service');
    const { requests } = site.proxy;
    expect(requests.filter(({ status }) => status >= 400 && status !== 409)).toEqual([]);
    const used = (namespace: string): string[] =>
      [
        ...new Set(
          requests
            .filter((request) => request.namespace === namespace)
            .map(({ verb, group, resource }) => `${verb} ${group}/${resource}`),
        ),
      ].sort();
    expect(used('')).toEqual(site.granted('ClusterRole', '').sort());
    expect(used(site.apps)).toEqual(site.granted('Role', site.apps).sort());
  });
});
