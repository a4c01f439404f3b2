import { execa } from 'execa';
import type { Page } from 'playwright-core';
import { join } from 'node:path';
import { z } from 'zod';

import { ask } from '../../../review/admission/ask';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { offered, People, picture, take, tokenOf } from './real/people';
import { SHARE } from './real/rendered';
import { RunningSite } from './real/running-site';
import type { SessionPod } from './real/session-node';

const LIMIT_MS = 240_000;
const user = z.looseObject({
  server: z.string().nullable(),
  servers: z.record(z.string(), z.looseObject({ ready: z.boolean() })).default({}),
});

describeWith(
  ['jupyterhub', 'dex', 'slapd', 'openssl', 'chromium'],
  'people with browsers at the real JupyterHub, KubeSpawner, proxy, Dex and directory, on what we render',
  (pathOf) => {
    let site: RunningSite;
    let people: People;
    let anna: Page;
    let ben: Page;
    let tokens: { anna: string; ben: string };

    beforeAll(async () => {
      site = await RunningSite.start({
        jupyterhub: pathOf('jupyterhub'),
        dex: pathOf('dex'),
        slapd: pathOf('slapd'),
        openssl: pathOf('openssl'),
      });
      people = await People.start(pathOf('chromium'), site.hostRules);
    }, LIMIT_MS);
    afterAll(async () => {
      await people.stop();
      await site.stop();
    }, LIMIT_MS);

    const podOf = async (name: string): Promise<SessionPod | undefined> =>
      (await site.sessions.pods()).find(({ metadata }) => metadata.name === `session-${name}`);
    const asUser = (
      token: string,
      method: string,
      path: string,
      body?: object,
    ): Promise<Response> =>
      fetch(`${site.hub.proxyUrl}/hub/api/${path}`, {
        method,
        headers: { authorization: `token ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const self = async (name: 'anna' | 'ben'): Promise<z.infer<typeof user>> =>
      user.parse(await (await asUser(tokens[name], 'GET', `users/${name}`)).json());
    const explained = <T>(promise: Promise<T>): Promise<T> =>
      promise.catch((error: unknown) => {
        throw new Error(`${String(error)}\n${site.hub.logs()}`);
      });

    test.each([
      ['anna', ['guest', 'analysis', 'gpu']],
      ['ben', ['guest', 'analysis']],
      ['carl', ['guest']],
    ])(
      '%s logs in and sees exactly the profiles of their groups',
      async (name, profiles) => {
        const page = await explained(people.login(name));
        expect(await explained(offered(page))).toEqual(profiles);
        await picture(page, `notebooks-profiles-${name}`);
        if (name === 'anna') anna = page;
        if (name === 'ben') ben = page;
      },
      LIMIT_MS,
    );

    test(
      'a profile that is taken becomes a session, which knows who comes',
      async () => {
        await explained(take(ben, 'analysis'));
        await picture(ben, 'notebooks-session-ben');
        expect(await ben.getByRole('heading').textContent()).toBe('Session of ben');
      },
      LIMIT_MS,
    );

    test(
      'its pod has the share, limits, labels and account that the profile says',
      async () => {
        expect(await podOf('ben')).toMatchObject({
          metadata: {
            namespace: site.names.notebooks,
            labels: {
              'app.kubernetes.io/component': 'singleuser-server',
              'app.kubernetes.io/part-of': 'notebooks',
              'beamline/profile': 'analysis',
            },
          },
          spec: {
            serviceAccountName: 'notebook',
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                image: 'quay.io/jupyter/scipy-notebook:2025-03-14',
                resources: {
                  requests: { cpu: '500m', memory: String(2 ** 30) },
                  limits: { cpu: '4', memory: String(8 * 2 ** 30) },
                },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ['ALL'] },
                },
                env: expect.arrayContaining([{ name: 'CMSSW_VERSION', value: '15_0_0' }]),
                volumeMounts: [
                  { name: 'home', mountPath: '/home/jovyan' },
                  {
                    name: 'share-0',
                    mountPath: '/cvmfs/cms.cern.ch',
                    readOnly: true,
                    mountPropagation: 'HostToContainer',
                  },
                ],
              },
            ],
            volumes: [
              { name: 'home', persistentVolumeClaim: { claimName: 'home-ben' } },
              { name: 'share-0', persistentVolumeClaim: { claimName: SHARE, readOnly: true } },
            ],
          },
        });
      },
      LIMIT_MS,
    );

    test(
      'that pod is admitted by restricted-v2 on OKD, and by Pod Security restricted, which its namespace enforces',
      async () => {
        const pod = await podOf('ben');
        const [question] = [{ metadata: pod?.metadata, spec: pod?.spec }];
        const annotations = {
          'openshift.io/sa.scc.uid-range': '1000000000/10000',
          'openshift.io/sa.scc.mcs': 's0:c1,c0',
        };
        const namespace = { name: site.names.notebooks, annotations };
        const verdict = ask({ target: 'okd 4.21', pod: question, namespace });
        expect(verdict).toMatchObject({ admitted: true, scc: 'restricted-v2' });
        const level = await site.cluster.kubectl([
          ...['get', 'namespace', site.names.notebooks, '-o'],
          'jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}',
        ]);
        expect(level).toBe('restricted');
      },
      LIMIT_MS,
    );

    test(
      'a profile of another group is refused by the API, too',
      async () => {
        tokens = {
          anna: await explained(tokenOf(anna, 'anna')),
          ben: await explained(tokenOf(ben, 'ben')),
        };
        expect((await asUser(tokens.ben, 'DELETE', 'users/ben/server')).status).toBeLessThan(300);
        await until(async () => (await podOf('ben')) === undefined, 'the session never ended');
        const pods = (): number =>
          site.asked.filter(({ verb, resource }) => verb === 'create' && resource === 'pods')
            .length;
        const before = pods();
        // The hub takes the request, as starting takes longer than an answer may; the start is what fails.
        const taken = await asUser(tokens.ben, 'POST', 'users/ben/server', { profile: 'gpu' });
        expect(taken.status).toBe(202);
        await until(
          () =>
            Promise.resolve(site.hub.logs().includes("profile 'gpu' is not there for your groups")),
          'the hub never refused',
        );
        await until(
          async () => Object.keys((await self('ben')).servers).length === 0,
          'the refused session is still pending',
        );
        expect(pods()).toBe(before);
        const other = await asUser(tokens.ben, 'POST', 'users/anna/server', { profile: 'guest' });
        expect([403, 404]).toContain(other.status);
        expect(await site.sessions.pods()).toEqual([]);
      },
      LIMIT_MS,
    );

    test(
      'a hub that fails loses nobody, and sessions go on meanwhile',
      async () => {
        await offered(anna);
        await explained(take(anna, 'analysis'));
        await offered(ben);
        await explained(take(ben, 'guest'));
        const before = (await podOf('anna'))?.metadata.uid;
        await site.hub.killHub();
        await anna.reload();
        expect(await anna.getByRole('heading').textContent()).toBe('Session of anna');
        await site.hub.startHub();
        expect(await self('anna')).toMatchObject({
          server: '/user/anna/',
          servers: { '': { ready: true } },
        });
        expect((await podOf('anna'))?.metadata.uid).toBe(before);
        await site.hub.killProxy();
        await site.hub.startProxy();
        // A proxy that begins anew knows no route but the one to the hub.
        await until(
          async () =>
            (await fetch(`${site.hub.proxyUrl}/user/anna/`, { redirect: 'manual' })).headers
              .get('location')
              ?.includes('/oauth2/authorize') === true,
          'the hub never told the new proxy its routes',
          LIMIT_MS / 2,
        );
        await anna.reload();
        expect(await anna.getByRole('heading').textContent()).toBe('Session of anna');
        await picture(anna, 'notebooks-session-after-restart');
      },
      LIMIT_MS,
    );

    test(
      'the culler stops a session that was idle too long, and no other',
      async () => {
        await site.hub.killHub();
        // Nobody waits an hour here: the hub's memory says that one has passed.
        const program = `import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
for table, key in ('users', 'id'), ('spawners', 'user_id'):
    database.execute(f"update {table} set last_activity = datetime('now', '-2 hours') where {key} = (select id from users where name = 'ben')")
database.execute("update spawners set started = datetime('now', '-2 hours')")
database.commit()`;
        await execa(join(pathOf('jupyterhub'), 'bin', 'python'), ['-c', program, site.hub.sqlite]);
        await site.hub.startHub();
        await until(
          async () => (await podOf('ben')) === undefined,
          `the idle session goes on\n${site.hub.logs()}`,
          LIMIT_MS / 2,
        );
        expect(await podOf('anna')).toBeDefined();
        expect((await self('ben')).servers).toEqual({});
        expect(site.hub.logs()).toMatch(/Culling server ben/);
        await ben.goto(ben.url());
        await picture(ben, 'notebooks-after-culling');
      },
      LIMIT_MS,
    );

    test(
      'the hub was refused nothing',
      () => {
        expect(site.asked.filter(({ status }) => status === 401 || status === 403)).toEqual([]);
      },
      LIMIT_MS,
    );
  },
);
