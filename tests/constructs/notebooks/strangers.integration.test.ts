import { z } from 'zod';

import type { NotebookProfile } from '../../../constructs/notebooks/profile';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { addPeople, type Newcomer } from './real/newcomers';
import { PROFILES } from './real/rendered';
import { RunningSite } from './real/running-site';
import { Visitor } from './real/visitor';

const LIMIT_MS = 240_000;
const DIGEST = `@sha256:${'0a'.repeat(32)}`;
/** Sessions that the namespace has room for. */
const ROOM = 6;

const NEWCOMERS: readonly Newcomer[] = [
  { uid: 'Max.Muster@cern.ch', called: 'Max Muster', groups: [] },
  { uid: 'zofie', called: 'Žofie Nováková-Łuczak 李', groups: ['beam-test'] },
  { uid: 'eva.k', called: 'Eva K.', groups: ['beam-test', 'gpu-users'] },
  { uid: 'eva-k', called: "Eva O'K <b>", groups: ['gpu-users'] },
  { uid: `long-${'x'.repeat(80)}`, called: 'Long', groups: [] },
  { uid: 'late', called: 'Late', groups: [] },
];

const [guest, , gpu] = PROFILES;
const profiles = (): NotebookProfile[] => {
  if (guest === undefined || gpu === undefined) throw new Error('the usual profiles are gone');
  return [
    guest,
    { ...guest, name: 'beam', title: 'Beam test', groups: ['beam-test'] },
    { ...gpu, groups: ['gpu-users'], customImage: false },
    { ...guest, name: 'own', title: 'Image of your own', customImage: true },
  ];
};

const pods = z.object({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({
        name: z.string(),
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()),
      }),
      spec: z.looseObject({
        volumes: z.array(
          z.looseObject({
            persistentVolumeClaim: z.looseObject({ claimName: z.string() }).optional(),
          }),
        ),
        containers: z.array(
          z.looseObject({
            image: z.string(),
            resources: z.looseObject({ limits: z.record(z.string(), z.string()) }),
          }),
        ),
      }),
    }),
  ),
});
type Pod = z.infer<typeof pods>['items'][number];

describeWith(
  ['jupyterhub', 'dex', 'slapd', 'openssl'],
  'people whom nobody thought of, at the real hub',
  (pathOf) => {
    let site: RunningSite;
    const visitors = new Map<string, Visitor>();

    /** The hub knows people by lower-case names. */
    const login = async (account: string): Promise<Visitor> => {
      const found = visitors.get(account);
      if (found !== undefined) return found;
      const visitor = new Visitor(account.toLowerCase(), site.doors, account);
      visitors.set(account, visitor);
      await visitor.login();
      return visitor;
    };
    const explained = <T>(promise: Promise<T>): Promise<T> =>
      promise.catch((error: unknown) => {
        throw new Error(`${String(error)}\n${site.hub.logs()}`);
      });
    const podOf = async (user: string): Promise<Pod | undefined> => {
      const args = ['get', 'pods', '-n', site.names.notebooks, '-o', 'json'];
      const { items } = pods.parse(JSON.parse(await site.cluster.kubectl(args)));
      return items.find(
        ({ metadata }) => metadata.annotations['hub.jupyter.org/username'] === user,
      );
    };
    /** Whether the hub neither starts nor ends a session of theirs. */
    const settled = async (visitor: Visitor): Promise<boolean> => {
      const { text } = await visitor.ask('GET', `users/${visitor.user}`);
      const { pending }: { pending: unknown } = JSON.parse(text);
      return pending === null;
    };
    const claimOf = async (user: string): Promise<string | undefined> =>
      (await podOf(user))?.spec.volumes.flatMap(
        ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [],
      )[0];
    const offered = async (visitor: Visitor): Promise<string[]> => {
      const { text } = await visitor.page('https://hub.example.org/hub/spawn');
      return [...text.matchAll(/name="profile"[^>]*value="([^"]*)"/g)].map(([, name = '']) => name);
    };

    beforeAll(async () => {
      const parts = {
        jupyterhub: pathOf('jupyterhub'),
        dex: pathOf('dex'),
        slapd: pathOf('slapd'),
        openssl: pathOf('openssl'),
      };
      site = await RunningSite.start(parts, {
        play: 'crowd',
        profiles: profiles(),
        quota: { cpu: 40, memoryGiB: 100, pods: ROOM, storageGiB: 200 },
      });
      await addPeople(site.directory, NEWCOMERS, ['beam-test', 'gpu-users']);
    }, LIMIT_MS);
    afterAll(async () => {
      for (const visitor of visitors.values()) visitor.leave();
      await site.stop();
    }, LIMIT_MS);

    test.each([
      ['Max.Muster@cern.ch', 'guest', ['guest', 'own']],
      ['zofie', 'beam', ['guest', 'beam', 'own']],
      ['eva.k', 'beam', ['guest', 'beam', 'gpu', 'own']],
      ['eva-k', 'guest', ['guest', 'gpu', 'own']],
      [`long-${'x'.repeat(80)}`, 'guest', ['guest', 'own']],
    ])(
      '%s logs in, takes %s and opens the session',
      async (account, profile, profiles) => {
        const visitor = await explained(login(account));
        expect(await offered(visitor)).toEqual(profiles);
        await explained(visitor.start(profile));
        await explained(visitor.open());
        const { metadata, spec } = (await podOf(visitor.user)) ?? {};
        expect(metadata?.labels['beamline/profile']).toBe(profile);
        expect(Object.keys(spec?.containers[0]?.resources.limits ?? {})).toEqual(['cpu', 'memory']);
      },
      LIMIT_MS,
    );

    test(
      'nobody has the home of somebody whose name is spelled alike',
      async () => {
        const claims = await Promise.all([...visitors.values()].map(({ user }) => claimOf(user)));
        expect(claims).not.toContain(undefined);
        expect(new Set(claims).size).toBe(claims.length);
      },
      LIMIT_MS,
    );

    test(
      'an image of one’s own: from the list with a digest, and not from a registry that begins alike',
      async () => {
        const carl = await explained(login('carl'));
        const wants = (image: unknown): Promise<unknown> =>
          carl.ask('POST', 'users/carl/server', {
            profile: 'own',
            'image--unlisted-choice': image,
          });
        for (const image of [
          `quay.io/jupyter-evil/x${DIGEST}`,
          `quay.io/jupyter.evil.org/x${DIGEST}`,
          'quay.io/jupyter/x:3.12-latest',
          'quay.io/jupyter/x:1.0\n',
          [`quay.io/jupyter/x${DIGEST}`],
        ]) {
          await wants(image);
          await until(() => settled(carl), `the hub still starts ${String(image)}`);
          expect(await podOf('carl')).toBeUndefined();
        }
        await wants(`quay.io/jupyter/x:1.0${DIGEST}`);
        await until(async () => (await podOf('carl')) !== undefined, 'the image was not taken');
        const { spec } = (await podOf('carl')) ?? {};
        expect(spec?.containers[0]?.image).toBe(`quay.io/jupyter/x:1.0${DIGEST}`);
        await explained(carl.open());
      },
      LIMIT_MS,
    );

    test(
      'the GPU of one group: for who is in it, and for nobody else',
      async () => {
        const [within, without] = [await login('eva.k'), await login('zofie')];
        const asks = async (visitor: Visitor): Promise<Pod | undefined> => {
          const server = `users/${visitor.user}/server`;
          await visitor.ask('DELETE', server);
          const gone = async (): Promise<boolean> => (await podOf(visitor.user)) === undefined;
          await until(gone, 'the session did not end');
          await until(() => settled(visitor), 'the session still ends');
          await visitor.ask('POST', server, { profile: 'gpu' });
          // No node here has one, so the pod waits; the hub goes on asking after it.
          const came = async (): Promise<boolean> => !(await gone()) || settled(visitor);
          await until(came, 'neither a pod came, nor a reason why not');
          return podOf(visitor.user);
        };
        const pod = await explained(asks(within));
        expect(pod?.metadata.labels['beamline/profile']).toBe('gpu');
        expect(pod?.spec.containers[0]?.resources.limits['nvidia.com/mig-1g.5gb']).toBe('1');
        expect(await explained(asks(without))).toBeUndefined();
      },
      LIMIT_MS,
    );

    test(
      'who comes when the quota is used up is told so, and comes in when somebody left',
      async () => {
        await explained((await login('zofie')).start('guest'));
        const late = await explained(login('late'));
        await expect(late.start('guest')).rejects.toThrow(/no room.*quota/);
        expect(await podOf('late')).toBeUndefined();
        const carl = await login('carl');
        await carl.ask('DELETE', 'users/carl/server');
        await until(async () => (await podOf('carl')) === undefined, 'the session did not end');
        await explained(late.start('guest'));
        await explained(late.open());
      },
      LIMIT_MS,
    );
  },
);
