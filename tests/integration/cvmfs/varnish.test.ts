import { describeWith } from '../../parts/need';
import { inBatches, replay } from './support/replay';
import {
  contentOf,
  fetchThrough,
  loopbackNetwork,
  Origin,
  Squid,
  type Fetched,
  type Proxy,
} from './support/squid';
import { Varnish } from './support/varnish';

const REQUESTS = 3000;

describeWith(['squid', 'varnish'], 'two Varnishes with what the construct renders', (pathOf) => {
  const network = loopbackNetwork();
  const client = `${network}.50`;
  let origin: Origin;
  let proxies: readonly [Varnish, Varnish];
  let squid: Squid;

  beforeAll(async () => {
    origin = await Origin.start(`${network}.20`);
    const proxy = (last: number): Varnish =>
      new Varnish(`${network}.${last}`, `${network}.0/24`, origin);
    proxies = [proxy(11), proxy(12)];
    squid = new Squid(pathOf('squid'), `${network}.13`, `${network}.0/24`, origin);
    await Promise.all([...proxies, squid].map((one) => one.start()));
  }, 90_000);
  afterAll(() => {
    for (const proxy of [...proxies, squid]) proxy.remove();
    origin.stop();
  });

  test('Varnish compiles it', async () => {
    expect(await proxies[1].complaints()).toEqual([]);
  }, 30_000);

  test('of the same requests it has as many objects as Squid has', async () => {
    const asked = replay(REQUESTS);
    const fetchedBy = async (proxy: Proxy): Promise<number> => {
      origin.asked.clear();
      for (const batch of inBatches(asked, 20))
        await Promise.all(batch.map((object) => through(proxy, object)));
      return origin.total;
    };
    const objects = new Set(asked).size;
    expect(await fetchedBy(squid)).toBe(objects);
    expect(await fetchedBy(proxies[0])).toBe(objects);
  }, 90_000);

  test('many that ask for a new object at once make it fetch one', async () => {
    origin.asked.clear();
    await Promise.all(Array.from({ length: 40 }, () => through(proxies[0], 'new')));
    expect(origin.total).toBe(1);
  });

  const other = (from: string, to: string): string => origin.urlOf(1).replace(from, to);
  test.each([
    { who: 'a stranger', from: '127.0.0.1', url: () => origin.urlOf(1) },
    { who: 'a client that wants another server', from: client, url: () => 'http://example.net/' },
    {
      who: 'a client that wants another port',
      from: client,
      url: () => other(`:${origin.port}`, ':22'),
    },
    {
      who: 'a client that wants a server of a longer name',
      from: client,
      url: () => other('s1.', 'x.s1.'),
    },
  ])('$who is refused', async ({ from, url }) => {
    origin.asked.clear();
    expect((await fetchThrough(proxies[0], url(), from)).status).toBe(403);
    expect(origin.total).toBe(0);
  });

  test('a proxy that is killed under load costs no request of a client that knows both', async () => {
    const seen: Fetched[] = [];
    let current = 0;
    let moves = 0;
    /** What the CVMFS client does with `http://a|http://b`: on to the next one, and it stays there. */
    const ask = async (object: number): Promise<Fetched> => {
      const chosen = current;
      try {
        return await through(proxies[chosen === 0 ? 0 : 1], object);
      } catch (error) {
        if (moves > 50) throw error;
        moves += 1;
        if (current === chosen) current = 1 - chosen;
        return ask(object);
      }
    };
    for (const [i, batch] of inBatches(replay(1200), 20).entries()) {
      const answers = batch.map(ask);
      if (i === 20) proxies[0].kill();
      seen.push(...(await Promise.all(answers)));
    }
    expect(seen).toHaveLength(1200);
    expect(seen.every(({ status }) => status === 200)).toBe(true);
    expect(current).toBe(1);
  }, 60_000);

  async function through(proxy: Proxy, object: number | string): Promise<Fetched> {
    const url = origin.urlOf(object);
    const fetched = await fetchThrough(proxy, url, client);
    if (fetched.body !== contentOf(new URL(url).pathname))
      throw new Error(`${url} answered ${fetched.status}: ${fetched.body.slice(0, 300)}`);
    return fetched;
  }
});
