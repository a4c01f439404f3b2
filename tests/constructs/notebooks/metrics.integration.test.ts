import { z } from 'zod';

import { hubPanels } from '../../../constructs/notebooks/hub-dashboard';
import { hubAlerts } from '../../../constructs/notebooks/hub-monitoring';
import { describeWith } from '../../parts/need';
import { untold } from '../../support/asked-series';
import { RunningSite } from './real/running-site';
import { Visitor } from './real/visitor';

const LIMIT_MS = 240_000;

/** How Prometheus is told to ask: the path, and the Secret whose text it shows. */
const serviceMonitor = z.looseObject({
  spec: z.looseObject({
    endpoints: z.tuple([
      z.looseObject({
        path: z.string(),
        authorization: z.object({
          type: z.literal('Bearer'),
          credentials: z.object({ name: z.string(), key: z.string() }),
        }),
      }),
    ]),
  }),
});
const secret = z.looseObject({ stringData: z.record(z.string(), z.string()) });

describeWith(
  ['jupyterhub', 'dex', 'slapd', 'openssl'],
  'what the real hub tells Prometheus, as the ServiceMonitor says',
  (pathOf) => {
    let site: RunningSite;
    let ben: Visitor;

    const monitor = (): z.infer<typeof serviceMonitor>['spec']['endpoints'][0] =>
      serviceMonitor.parse(site.tree.one('ServiceMonitor')).spec.endpoints[0];
    const textOf = (key: string): string => {
      const { name } = monitor().authorization.credentials;
      return secret.parse(site.tree.one('Secret', name)).stringData[key] ?? '';
    };
    /** Asks as Prometheus does, with a text of the Secret. */
    const ask = (key: string): Promise<Response> =>
      fetch(`${site.hub.url}${monitor().path}`, {
        headers: { authorization: `Bearer ${textOf(key)}` },
      });

    beforeAll(async () => {
      const parts = {
        jupyterhub: pathOf('jupyterhub'),
        dex: pathOf('dex'),
        slapd: pathOf('slapd'),
        openssl: pathOf('openssl'),
      };
      site = await RunningSite.start(parts, { play: 'crowd' });
      ben = new Visitor('ben', site.doors);
      await ben.login();
      await ben.start('guest');
    }, LIMIT_MS);
    afterAll(async () => {
      ben.leave();
      await site.stop();
    }, LIMIT_MS);

    test(
      'nobody reads it without the token, or with another of the hub’s',
      async () => {
        expect((await fetch(`${site.hub.url}${monitor().path}`)).status).toBe(403);
        expect((await ask('proxy-token')).status).toBe(403);
        expect((await ben.page('https://hub.example.org/hub/metrics')).status).toBe(403);
      },
      LIMIT_MS,
    );

    test(
      'the token is good for nothing else',
      async () => {
        const headers = {
          authorization: `Bearer ${textOf(monitor().authorization.credentials.key)}`,
        };
        for (const path of ['users', 'users/ben', 'groups', 'proxy', 'services'])
          expect((await fetch(`${site.hub.url}/hub/api/${path}`, { headers })).status).toBe(403);
      },
      LIMIT_MS,
    );

    test(
      'it has every metric, label and value that diagrams and alerts ask for',
      async () => {
        const answer = await ask(monitor().authorization.credentials.key);
        expect(answer.status).toBe(200);
        const told = await answer.text();
        const asked = [
          ...hubPanels('ns').flatMap(({ queries }) => queries.map(({ expr }) => expr)),
          ...hubAlerts('ns').map(({ expr }) => expr),
        ];
        // The nodes tell how full claims are.
        const own = asked.filter((expr) => !expr.includes('kubelet_'));
        expect(own.length).toBeGreaterThan(6);
        expect(own.flatMap((expr) => untold(expr, told))).toEqual([]);
        // And it counts: the session that Ben started.
        expect(told).toMatch(/^jupyterhub_running_servers 1\.0$/m);
        expect(told).toMatch(
          /^jupyterhub_server_spawn_duration_seconds_count\{status="success"\} 1\.0$/m,
        );
      },
      LIMIT_MS,
    );
  },
);
