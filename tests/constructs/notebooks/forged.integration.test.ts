import { z } from 'zod';

import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { PROFILES } from './real/rendered';
import { RunningSite } from './real/running-site';
import { Visitor, type Answer } from './real/visitor';

const LIMIT_MS = 240_000;
const pods = z.object({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        serviceAccountName: z.string(),
        nodeSelector: z.record(z.string(), z.string()).default({}),
        volumes: z.array(z.looseObject({ name: z.string() })),
        containers: z.array(
          z.looseObject({
            image: z.string(),
            args: z.array(z.string()).default([]),
            command: z.array(z.string()).default([]),
            resources: z.looseObject({ limits: z.record(z.string(), z.string()) }),
            securityContext: z.looseObject({ privileged: z.boolean().default(false) }),
          }),
        ),
      }),
    }),
  ),
});
type Pod = z.infer<typeof pods>['items'][number];

/** Fields by which somebody wants more than a profile gives, as KubeSpawner's own form names some, and its traitlets others. */
const WISHES = {
  image: 'docker.io/evil/miner:1.0',
  'profile-option-guest--image': 'docker.io/evil/miner:1.0',
  'profile-option-guest--image--unlisted-choice': 'docker.io/evil/miner:1.0',
  'image--unlisted-choice': 'docker.io/evil/miner:1.0',
  cmd: '/bin/sh',
  privileged: 'true',
  cpu_limit: '64',
  mem_limit: '256G',
  node_selector: '{"gpu":"yes"}',
  service_account: 'hub',
} as const;

describeWith(
  ['jupyterhub', 'dex', 'slapd', 'openssl'],
  'people who ask the real hub for more than they may have',
  (pathOf) => {
    let site: RunningSite;
    const visitors: Visitor[] = [];

    /** Ben is of the group 'analysis', carl of none, and 'gpu' is for site-admins. */
    const login = async (name: string): Promise<Visitor> => {
      const visitor = new Visitor(name, site.doors);
      visitors.push(visitor);
      await visitor.login();
      return visitor;
    };
    const podsOf = async (name: string): Promise<Pod[]> => {
      const args = ['get', 'pods', '-n', site.names.notebooks, '-o', 'json'];
      const { items } = pods.parse(JSON.parse(await site.cluster.kubectl(args)));
      return items.filter(({ metadata }) => metadata.name.startsWith(`session-${name}`));
    };
    const user = z.looseObject({ servers: z.record(z.string(), z.unknown()).default({}) });
    const sessionsOf = async (visitor: Visitor): Promise<string[]> => {
      const { text } = await visitor.ask('GET', `users/${visitor.user}`);
      return Object.keys(user.parse(JSON.parse(text)).servers).sort();
    };
    /** Whatever the hub answers, in the end there is no session of it. */
    const comesToNothing = async (visitor: Visitor, asked: Promise<Answer>): Promise<void> => {
      const before = (await podsOf(visitor.user)).map(({ metadata }) => metadata.name);
      const { status } = await asked;
      expect([200, 202, 400, 403, 404, 500]).toContain(status);
      await until(
        async () => (await sessionsOf(visitor)).length === before.length,
        'still pending',
      );
      expect((await podsOf(visitor.user)).map(({ metadata }) => metadata.name)).toEqual(before);
    };

    beforeAll(async () => {
      const parts = {
        jupyterhub: pathOf('jupyterhub'),
        dex: pathOf('dex'),
        slapd: pathOf('slapd'),
        openssl: pathOf('openssl'),
      };
      const sessions = { perUser: 2, idleMinutes: 60, longestHours: 24 };
      site = await RunningSite.start(parts, { play: 'crowd', sessions });
    }, LIMIT_MS);
    afterAll(async () => {
      for (const visitor of visitors) visitor.leave();
      await site.stop();
    }, LIMIT_MS);

    test(
      'the profile of another group: by the form, a link, and the API, spelled one way or another',
      async () => {
        const carl = await login('carl');
        const api = (profile: unknown): Promise<Answer> =>
          carl.ask('POST', 'users/carl/server', { profile });
        await comesToNothing(carl, carl.send('/hub/spawn/carl', { profile: 'gpu' }));
        await comesToNothing(carl, carl.page('https://hub.example.org/hub/spawn?profile=analysis'));
        for (const profile of ['gpu', ['gpu'], { slug: 'gpu' }, 'GPU: one slice', ' gpu', 2])
          await comesToNothing(carl, api(profile));
        // A start that failed leaves its name, which counts among those of one person.
        await comesToNothing(
          carl,
          carl.ask('POST', 'users/carl/servers/second', { profile: 'gpu' }),
        );
      },
      LIMIT_MS,
    );

    test(
      'what the profile does not give: the pod is that of the profile, whatever else is asked for',
      async () => {
        const carl = await login('carl');
        const first = await carl.send('/hub/spawn/carl', { profile: 'guest', ...WISHES });
        expect(first.url.pathname).toBe('/hub/spawn-pending/carl');
        await carl.ask('POST', 'users/carl/servers/second', { profile: 'guest', ...WISHES });
        await until(async () => (await podsOf('carl')).length === 2, 'there are not two sessions');
        const [guest] = PROFILES;
        for (const { metadata, spec } of await podsOf('carl')) {
          expect(metadata.labels['beamline/profile']).toBe('guest');
          expect(spec).toMatchObject({ serviceAccountName: 'notebook', nodeSelector: {} });
          expect(spec.volumes.map(({ name }) => name)).toEqual(['home']);
          expect(spec.containers).toMatchObject([
            {
              image: guest?.image,
              command: [],
              resources: { limits: { cpu: '1', memory: String(2 ** 30) } },
              securityContext: { privileged: false },
            },
          ]);
          expect(JSON.stringify(spec.containers)).not.toContain('/bin/sh');
        }
      },
      LIMIT_MS,
    );

    test(
      'more sessions than one person may have: by the form, a link, and the API',
      async () => {
        const carl = await login('carl');
        await until(async () => (await sessionsOf(carl)).length === 2, 'there are not two');
        const third = '/hub/spawn/carl/third';
        await comesToNothing(carl, carl.send(third, { profile: 'guest' }));
        await comesToNothing(carl, carl.page(`https://hub.example.org${third}?profile=guest`));
        await comesToNothing(carl, carl.ask('POST', 'users/carl/servers/third', {}));
      },
      LIMIT_MS,
    );

    test(
      'the session of somebody else: to start, to see, to stop, or to open',
      async () => {
        const ben = await login('ben');
        await comesToNothing(ben, ben.send('/hub/spawn/carl', { profile: 'guest' }));
        const asked = [
          ben.ask('POST', 'users/carl/server', { profile: 'guest' }),
          ben.ask('POST', 'users/anna/server', { profile: 'guest' }),
          ben.ask('DELETE', 'users/carl/server'),
          ben.ask('GET', 'users/carl/server/progress'),
          ben.ask('GET', 'users/carl'),
          ben.ask('GET', 'users'),
          ben.ask('POST', 'users/mallory'),
          ben.ask('PATCH', 'users/ben', { admin: true }),
          ben.ask('POST', 'groups/site-admins/users', { users: ['ben'] }),
        ];
        for (const { status } of await Promise.all(asked)) expect([403, 404]).toContain(status);
        const { status, text } = await ben.page('https://hub.example.org/user/carl/');
        expect(status).toBe(403);
        expect(text).not.toContain('Session of');
        expect((await podsOf('carl')).length).toBe(2);
      },
      LIMIT_MS,
    );

    test(
      'a request without the token of a page, as a foreign site would send it',
      async () => {
        const ben = await login('ben');
        const { status } = await ben.page('https://hub.example.org/hub/spawn/ben', {
          method: 'POST',
          mode: 'same-origin',
          type: 'application/x-www-form-urlencoded',
          body: 'profile=guest',
        });
        expect(status).toBe(403);
        expect(await podsOf('ben')).toEqual([]);
      },
      LIMIT_MS,
    );
  },
);
