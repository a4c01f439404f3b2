import { describeWith } from '../../parts/need';
import { inBatches, replay } from './support/replay';
import {
  contentOf,
  fetchThrough,
  loopbackNetwork,
  Origin,
  Squid,
  type Fetched,
} from './support/squid';

const REQUESTS = 3000;

describeWith(['squid'], 'two proxies with what the construct renders', (pathOf) => {
  const network = loopbackNetwork();
  const client = `${network}.50`;
  let origin: Origin;
  let proxies: readonly [Squid, Squid];

  beforeAll(async () => {
    origin = await Origin.start(`${network}.20`);
    const proxy = (last: number): Squid =>
      new Squid(pathOf('squid'), `${network}.${last}`, `${network}.0/24`, origin);
    proxies = [proxy(11), proxy(12)];
    await Promise.all(proxies.map((one) => one.start()));
  }, 60_000);
  afterAll(() => {
    for (const proxy of proxies) proxy.remove();
    origin.stop();
  });

  test('Squid has nothing to say against it', async () => {
    expect(await proxies[0].complaints()).toEqual([]);
  });

  test('an object is fetched from the Stratum 1 once, however often it is asked for', async () => {
    origin.asked.clear();
    const asked = replay(REQUESTS);
    for (const batch of inBatches(asked, 20))
      await Promise.all(batch.map((object) => through(proxies[0], object)));
    expect(origin.total).toBe(new Set(asked).size);
    const hitRatio = 1 - origin.total / asked.length;
    expect(hitRatio).toBeGreaterThan(0.9);
  }, 60_000);

  test('many that ask for a new object at once make it fetch one', async () => {
    origin.asked.clear();
    await Promise.all(Array.from({ length: 40 }, () => through(proxies[0], 'new')));
    expect(origin.total).toBe(1);
  });

  test.each([
    { who: 'a stranger', from: '127.0.0.1', url: () => origin.urlOf(1) },
    { who: 'a client that wants another server', from: client, url: () => 'http://example.net/' },
    {
      who: 'a client that wants another port',
      from: client,
      url: () => origin.urlOf(1).replace(`:${origin.port}`, ':22'),
    },
    {
      who: 'a client that asks for the manager',
      from: client,
      url: () => `http://${proxies[0].address}:3128/squid-internal-mgr/info`,
    },
  ])('$who is refused', async ({ from, url }) => {
    expect((await fetchThrough(proxies[0], url(), from)).status).toBe(403);
  });

  test('a proxy that is killed under load costs no request of a client that knows both', async () => {
    const seen: Fetched[] = [];
    let moves = 0;
    let current = 0;
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
    const batches = inBatches(replay(1200), 20);
    for (const [i, batch] of batches.entries()) {
      const answers = batch.map(ask);
      if (i === 20) proxies[0].kill();
      seen.push(...(await Promise.all(answers)));
    }
    expect(seen).toHaveLength(1200);
    expect(seen.every(({ status }) => status === 200)).toBe(true);
    expect(current).toBe(1);
  }, 60_000);

  async function through(proxy: Squid, object: number | string): Promise<Fetched> {
    const url = origin.urlOf(object);
    const fetched = await fetchThrough(proxy, url, client);
    if (fetched.body !== contentOf(new URL(url).pathname))
      throw new Error(`${url} answered ${fetched.status}: ${fetched.body.slice(0, 300)}`);
    return fetched;
  }
});
