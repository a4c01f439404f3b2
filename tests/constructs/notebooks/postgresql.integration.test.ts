import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { Authority } from '../../support/authority';
import { HubPostgres } from './real/hub-postgres';
import { RunningSite } from './real/running-site';
import { Visitor } from './real/visitor';

const LIMIT_MS = 240_000;

describeWith(
  ['jupyterhub', 'dex', 'slapd', 'openssl', 'postgresql'],
  'the real hub on a real PostgreSQL that takes TLS alone, as we render it',
  (pathOf) => {
    const database = new HubPostgres(pathOf('postgresql'), pathOf('openssl'));
    const visitors = new Map<string, Visitor>();
    let site: RunningSite | undefined;

    const start = (says?: Parameters<HubPostgres['forHub']>[0]): Promise<RunningSite> =>
      RunningSite.start(
        {
          jupyterhub: pathOf('jupyterhub'),
          dex: pathOf('dex'),
          slapd: pathOf('slapd'),
          openssl: pathOf('openssl'),
        },
        { ...database.forHub(says), play: 'crowd' },
      );
    const running = (): RunningSite => {
      if (site === undefined) throw new Error('the site was not started');
      return site;
    };
    const visitor = (name: string): Visitor => {
      const found = visitors.get(name) ?? new Visitor(name, running().doors);
      visitors.set(name, found);
      return found;
    };
    const explained = <T>(promise: Promise<T>): Promise<T> =>
      promise.catch((error: unknown) => {
        throw new Error(`${String(error)}\n${running().hub.logs()}`);
      });
    /** Whose sessions the hub remembers. */
    const remembered = async (): Promise<string[]> => {
      const having =
        'select u.name from users u join spawners s on s.user_id = u.id where s.server_id is not null order by 1';
      return (await database.sql(having)).split('\n').filter((line) => line !== '');
    };
    const podsOf = (name: string): Promise<string> =>
      running().cluster.kubectl([
        ...['get', 'pods', `session-${name}`, '-n', running().names.notebooks],
        ...['--ignore-not-found', '-o', 'jsonpath={.status.phase}'],
      ]);
    const seen = async (): Promise<string[]> => [...(await running().crowd.seen()).keys()].sort();

    beforeAll(() => database.make(), LIMIT_MS);
    afterAll(async () => {
      for (const one of visitors.values()) one.leave();
      await site?.stop();
      await database.clear();
    }, LIMIT_MS);

    test(
      'a server that shows a certificate of somebody else gets no password',
      async () => {
        const stranger = await Authority.make(pathOf('openssl'));
        const refused = start({ authorities: stranger.certificate });
        await expect(refused).rejects.toThrow(/certificate verify failed/);
        stranger.clear();
        expect(await database.sql("select to_regclass('users') is null")).toBe('t');
      },
      LIMIT_MS,
    );

    test(
      'another password than the Secret’s is refused with a reason',
      async () => {
        const refused = start({ password: 'of yesterday' });
        await expect(refused).rejects.toThrow(/password authentication failed for user "hub"/);
      },
      LIMIT_MS,
    );

    test(
      'the hub makes its schema, over TLS, and somebody gets a session',
      async () => {
        site = await start();
        const connection =
          "select distinct s.ssl, a.usename from pg_stat_ssl s join pg_stat_activity a using (pid) where a.datname = 'jupyterhub' and a.usename <> 'admin'";
        expect(await database.sql(connection)).toBe('t|hub');
        expect(await database.sql('select count(*) from alembic_version')).toBe('1');
        await explained(visitor('ben').login());
        await explained(visitor('ben').start('analysis'));
        await explained(visitor('ben').open());
        expect(await remembered()).toEqual(['ben']);
      },
      LIMIT_MS,
    );

    test(
      'a hub that is killed while somebody waits for a session loses neither them nor the others',
      async () => {
        await explained(visitor('carl').login());
        running().crowd.halt();
        const waiting = visitor('carl').start('guest');
        waiting.catch(() => undefined);
        await until(async () => (await podsOf('carl')) === 'Running', 'no pod of carl came up');
        await running().hub.killHub();
        visitor('carl').leave(); // The proxy lets them wait; they reload the page.
        await expect(waiting).rejects.toThrow();
        running().crowd.proceed();
        await explained(running().hub.startHub());
        expect(await remembered()).toContain('ben');
        await explained(visitor('ben').open());
        // Who was waiting comes again: to the session that came up meanwhile, or by the form.
        if (!(await remembered()).includes('carl')) await explained(visitor('carl').start('guest'));
        await explained(visitor('carl').open());
        expect(await remembered()).toEqual(['ben', 'carl']);
        expect(await seen()).toEqual(['session-ben', 'session-carl']);
      },
      LIMIT_MS,
    );

    test(
      'a database that goes away and comes back is found again, without a restart of the hub',
      async () => {
        await database.stop();
        await database.start();
        // Whoever comes first is told of an error, and the hub connects anew.
        const inside = (): Promise<boolean> =>
          visitor('anna')
            .login()
            .then(
              () => true,
              () => false,
            );
        await until(inside, 'the hub never found its database again', 60_000);
        await explained(visitor('anna').start('guest'));
        await explained(visitor('anna').open());
        expect(await remembered()).toEqual(['anna', 'ben', 'carl']);
      },
      LIMIT_MS,
    );
  },
);
