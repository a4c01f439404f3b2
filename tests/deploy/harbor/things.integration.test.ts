import { connect, createServer, type Socket } from 'node:net';

import {
  createThing,
  isSameThing,
  readThing,
  removeThing,
  updateThing,
} from '../../../deploy/harbor/things';
import type { JsonObject } from '../../../plan/model';
import { harborContract, type Contract } from '../../../sandbox/harbor/contract';
import type { HarborContents } from '../../../sandbox/harbor/harbor-contents';
import { HarborStandIn } from '../../../sandbox/harbor/harbor-stand-in';

/**
 * Against a stand-in that holds requests and answers to Harbor's own contract. It is no Harbor: what Harbor does beyond the contract
 * is written from its sources.
 */
let standIn: HarborStandIn;
let harbor: HarborContents;
let contract: Contract;

beforeAll(async () => {
  contract = await harborContract();
}, 120_000);

beforeEach(async () => {
  standIn = new HarborStandIn(() => Promise.resolve(contract), false);
  await standIn.start();
  harbor = standIn.harbor('site');
});

afterEach(async () => {
  await standIn.stop();
  expect(standIn.problems).toEqual([]);
});

const thing = (kind: string, spec: JsonObject): JsonObject => ({
  kind,
  connection: standIn.connection('site'),
  spec,
});
const hub = {
  name: 'hub',
  type: 'docker-hub',
  url: 'https://hub.docker.com',
  user: 'site',
  password: 'secret',
};
const cms = {
  name: 'cms',
  public: false,
  quotaGiB: 200,
  cacheOf: '',
  scanOnPush: true,
  refuseFrom: 'critical',
};
const puller = { project: 'cms', name: 'puller', may: ['pull'], days: -1, token: 'Rb1token' };
const group = { project: 'cms', kind: 'group', who: 'cms-admins', people: 'oidc', role: 'admin' };
const retention = {
  project: 'cms',
  schedule: '0 0 2 * * *',
  keep: [
    { rule: { newest: 10 }, repositories: '**', tags: '**' },
    { rule: { pulledWithinDays: 90 }, repositories: 'analysis/**', tags: 'v*' },
  ],
};
const replication = {
  name: 'to-cern',
  direction: 'push',
  registry: 'hub',
  repositories: 'cms/**',
  tags: 'v*',
  to: 'fermilab',
  when: 'scheduled',
  schedule: '0 0 3 * * *',
};
/** Every kind, with what must be there before, a change, and what somebody may do to it by hand. */
const KINDS: readonly [
  kind: string,
  before: readonly [string, JsonObject][],
  spec: JsonObject,
  change: JsonObject,
  collection: string,
][] = [
  ['HarborRegistry', [], hub, { url: 'https://mirror.example.org' }, 'registries'],
  ['HarborProject', [], cms, { quotaGiB: 300, public: true, refuseFrom: 'none' }, 'projects'],
  ['HarborMember', [['HarborProject', cms]], group, { role: 'guest' }, 'members/1'],
  ['HarborRobot', [['HarborProject', cms]], puller, { may: ['pull', 'push'] }, 'robots'],
  [
    'HarborRetention',
    [['HarborProject', cms]],
    retention,
    { schedule: '0 0 4 * * *' },
    'retentions',
  ],
  [
    'HarborReplication',
    [['HarborRegistry', hub]],
    replication,
    { tags: '**', when: 'by-hand', schedule: '' },
    'policies',
  ],
];

describe.each(KINDS)('%s', (kind, before, spec, change, collection) => {
  const made = async (): Promise<{ id: string; wanted: JsonObject }> => {
    for (const [other, what] of before) await createThing(thing(other, what));
    const wanted = thing(kind, spec);
    return { id: await createThing(wanted), wanted };
  };

  test('what was made is read back as it was asked for', async () => {
    const { id, wanted } = await made();
    expect(await readThing(id, wanted)).toEqual(wanted);
  });

  test('making it again takes over what is there', async () => {
    const { id, wanted } = await made();
    expect(await createThing(wanted)).toBe(id);
    expect(harbor.all(collection).size).toBe(1);
  });

  test('a change arrives, and nothing differs afterwards', async () => {
    const { id, wanted } = await made();
    const changed = thing(kind, { ...spec, ...change });
    expect(isSameThing(wanted, changed)).toBe(false);
    await updateThing(id, changed);
    expect(await readThing(id, changed)).toEqual(changed);
  });

  test('what was removed is gone, by us or by hand, and may be removed again', async () => {
    const { id, wanted } = await made();
    harbor.all(collection).delete(Number(id));
    expect(await readThing(id, wanted)).toBeUndefined();
    await removeThing(id, wanted);
    const again = await createThing(wanted);
    await removeThing(again, wanted);
    expect(await readThing(again, wanted)).toBeUndefined();
  });
});

test('reading changes nothing', async () => {
  const id = await createThing(thing('HarborProject', cms));
  standIn.takeChanges();
  await readThing(id, thing('HarborProject', cms));
  expect(standIn.takeChanges()).toEqual([]);
});

test('drift by hand is seen, and repaired', async () => {
  const wanted = thing('HarborProject', cms);
  const id = await createThing(wanted);
  const there = harbor.all('projects').get(Number(id));
  harbor.all('projects').set(Number(id), {
    ...there,
    metadata: { public: 'true', auto_scan: 'true', prevent_vul: 'false', severity: 'low' },
  });
  const live = await readThing(id, wanted);
  expect(live).toMatchObject({ spec: { public: true, refuseFrom: 'none' } });
  expect(isSameThing(live ?? {}, wanted)).toBe(false);
  await updateThing(id, wanted);
  expect(await readThing(id, wanted)).toEqual(wanted);
});

test('a cache is made of a registry by name', async () => {
  await createThing(thing('HarborRegistry', hub));
  const cache = thing('HarborProject', { ...cms, name: 'dockerhub', cacheOf: 'hub' });
  const id = await createThing(cache);
  expect(await readThing(id, cache)).toEqual(cache);
  await expect(
    createThing(thing('HarborProject', { ...cms, name: 'quay', cacheOf: 'quay' })),
  ).rejects.toThrow("Harbor has no registry 'quay'");
});

test('a robot gets the token that its pull Secrets have, and a new one when that changes', async () => {
  await createThing(thing('HarborProject', cms));
  const id = await createThing(thing('HarborRobot', puller));
  expect(harbor.tokens.get(Number(id))).toBe('Rb1token');
  await updateThing(id, thing('HarborRobot', { ...puller, token: 'Rb1other' }));
  expect(harbor.tokens.get(Number(id))).toBe('Rb1other');
});

test('a robot whose token is refused does not stay', async () => {
  await createThing(thing('HarborProject', cms));
  await expect(createThing(thing('HarborRobot', { ...puller, token: 'weak' }))).rejects.toThrow(
    'Harbor answered 400 to PATCH /robots/',
  );
  expect(harbor.all('robots').size).toBe(0);
});

test('a project with images in it is not deleted', async () => {
  const id = await createThing(thing('HarborProject', cms));
  harbor
    .all('projects')
    .set(Number(id), { ...harbor.all('projects').get(Number(id)), repo_count: 2 });
  await expect(removeThing(id, thing('HarborProject', cms))).rejects.toThrow(
    'contains repositories, can not be deleted',
  );
});

test('a group of LDAP is known by its distinguished name', async () => {
  await createThing(thing('HarborProject', cms));
  const member = thing('HarborMember', {
    ...group,
    people: 'ldap',
    who: 'cn=cms,ou=groups,dc=example,dc=org',
  });
  const id = await createThing(member);
  expect(await createThing(member)).toBe(id);
  expect(await readThing(id, member)).toEqual(member);
});

test('a wrong password and a Harbor that is away are told without the password', async () => {
  const wrong = {
    ...thing('HarborProject', cms),
    connection: { ...standIn.connection('site'), password: 'guessed' },
  };
  await expect(createThing(wrong)).rejects.toThrow(/^Harbor answered 401 to GET \/projects\/cms/);
  const away = {
    ...wrong,
    connection: { ...standIn.connection('site'), url: 'http://127.0.0.1:9', password: 'guessed' },
  };
  const error: unknown = await createThing(away).catch((reason: unknown) => reason);
  expect(String(error)).toContain('Harbor at http://127.0.0.1:9/api/v2.0 cannot be reached');
  expect(String(error)).not.toContain('guessed');
});

test.each([
  [1, 'made'],
  [2, 'cannot be reached: read ECONNRESET'],
] as const)(
  'a connection that is closed without an answer is tried once more, and not forever (%i closed: %s)',
  async (closed, outcome) => {
    let seen = 0;
    const target = new URL(standIn.connection('site').url);
    const sockets = new Set<Socket>();
    const door = createServer((incoming) => {
      sockets.add(incoming);
      seen += 1;
      if (seen <= closed) {
        incoming.once('data', () => incoming.resetAndDestroy());
        return;
      }
      const onward = connect(Number(target.port), target.hostname);
      sockets.add(onward);
      incoming.pipe(onward).pipe(incoming);
    });
    await new Promise<void>((ready) => door.listen(0, '127.0.0.1', ready));
    const address = door.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const connection = { ...standIn.connection('site'), url: `http://127.0.0.1:${port}/site` };
    const told = await createThing({ ...thing('HarborProject', cms), connection }).then(
      () => 'made',
      String,
    );
    for (const socket of sockets) socket.destroy();
    door.close();
    expect(told).toContain(outcome);
  },
);

test('the contract refuses what Harbor would', () => {
  const url = new URL('http://h/api/v2.0/projects');
  expect(contract.requestProblems('POST', url, { project_name: 'a' })).toEqual([]);
  expect(contract.requestProblems('POST', url, { project: 'a' })).not.toEqual([]);
  expect(contract.requestProblems('POST', url, { project_name: 1 })).not.toEqual([]);
  expect(
    contract.requestProblems('GET', new URL('http://h/api/v2.0/projects?nmae=a'), undefined),
  ).not.toEqual([]);
  expect(contract.requestProblems('PATCH', url, {})).toEqual([
    'PATCH /api/v2.0/projects is not in the contract',
  ]);
});
