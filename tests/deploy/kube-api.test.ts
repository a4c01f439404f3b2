import { KubeApi, KubeError } from '../../deploy/kube-api';
import { liveObjects } from '../../deploy/live';
import { refuseForeignObjects } from '../../deploy/ownership';
import { objectsOf, type Plan } from '../../plan/model';
import { messageOf } from '../support/message';
import { object, planFrom, planOfChart } from '../support/plan';
import { withApiServer } from './support/api-server';

const { server, api } = withApiServer();

const configMaps = (count: number): Plan =>
  planOfChart((chart) => {
    for (let at = 0; at < count; at += 1) object(chart, `v1 ConfigMap c${at}`);
  });
const item = (name: string, labels: object = {}): object => ({ metadata: { name, labels } });
const LIST = 'GET /api/v1/namespaces/ns/configmaps';

describe('the client', () => {
  test('finds the path of a kind, namespaced or not, and of one that is not served', async () => {
    expect(await api().pathOf('v1', 'ConfigMap', 'ns')).toBe('/api/v1/namespaces/ns/configmaps');
    expect(await api().pathOf('apps/v1', 'Deployment', 'ns', 'x')).toBe(
      '/apis/apps/v1/namespaces/ns/deployments/x',
    );
    expect(await api().pathOf('v1', 'Namespace', undefined, 'system:x')).toBe(
      '/api/v1/namespaces/system%3Ax',
    );
    expect(await api().pathOf('v1', 'Scale', 'ns')).toBeUndefined();
    expect(await api().pathOf('example.org/v1', 'Pool', undefined)).toBeUndefined();
  });

  test('asks again for a group that was not served, since the plan may bring it', async () => {
    await api().pathOf('example.org/v1', 'Pool', undefined);
    server().answers('GET /apis/example.org/v1', {
      resources: [{ kind: 'Pool', name: 'pools', namespaced: false }],
    });
    expect(await api().pathOf('example.org/v1', 'Pool', undefined)).toBe(
      '/apis/example.org/v1/pools',
    );
  });

  test("rejects with the server's own words", async () => {
    server().refuses('GET /api/v1/namespaces/x', 403, 'namespaces "x" is forbidden');
    const asking = api().get('/api/v1/namespaces/x');
    await expect(asking).rejects.toBeInstanceOf(KubeError);
    await expect(asking).rejects.toMatchObject({
      status: 403,
      reason: 'Refused',
      message: 'namespaces "x" is forbidden',
    });
  });

  test('rejects when there is no server, without trying for long', async () => {
    const gone = await KubeApi.open({
      server: server().url,
      credentials: () => Promise.resolve({}),
    });
    await server().stop();
    expect(await messageOf(gone.get('/version'))).toMatch(/ECONNREFUSED/);
    await gone.close();
  });
});

describe('live objects', () => {
  test('one or two are asked for by name', async () => {
    server().answers(`${LIST}/c0`, item('c0'));
    const live = await liveObjects(api(), objectsOf(configMaps(2)), 'everything');
    expect(server().requests).toEqual([`${LIST}/c0`, `${LIST}/c1`]);
    expect([...live]).toEqual([
      ['ns/configmap/c0', { ...item('c0'), apiVersion: 'v1', kind: 'ConfigMap' }],
    ]);
  });

  test('many are one list, read page by page; what else is there is left out', async () => {
    server().answersInTurn(
      LIST,
      { metadata: { continue: 'next=' }, items: [item('c0'), item('theirs')] },
      { metadata: {}, items: [item('c2')] },
    );
    const live = await liveObjects(api(), objectsOf(configMaps(3)), 'everything');
    expect(server().requests).toEqual([`${LIST}?limit=500`, `${LIST}?limit=500&continue=next%3D`]);
    expect([...live.keys()].sort()).toEqual(['ns/configmap/c0', 'ns/configmap/c2']);
  });

  test('many are asked for one by one where lists are not allowed', async () => {
    server().refuses(LIST, 403, 'forbidden');
    server().answers(`${LIST}/c1`, item('c1'));
    const live = await liveObjects(api(), objectsOf(configMaps(3)), 'metadata');
    expect([...live.keys()]).toEqual(['ns/configmap/c1']);
  });

  test('a kind that is not served yet has none', async () => {
    const plan = planOfChart((chart) => object(chart, 'example.org/v1 Pool fast'));
    expect(await liveObjects(api(), objectsOf(plan), 'everything')).toEqual(new Map());
  });

  test('rejects any other refusal', async () => {
    server().refuses(LIST, 500, 'etcdserver: request timed out');
    expect(await messageOf(liveObjects(api(), objectsOf(configMaps(3)), 'metadata'))).toBe(
      'etcdserver: request timed out',
    );
  });
});

describe('what belongs to somebody else', () => {
  const ours = { 'beamline/environment': 'test' };
  const refuse = (adopt: string[] = [], known: string[] = []): Promise<void> =>
    refuseForeignObjects(api(), configMaps(4), adopt, new Set(known));

  test('nothing is refused where nothing is there, or where it is ours', async () => {
    server().answers(LIST, { items: [item('c0', ours)] });
    await expect(refuse()).resolves.toBeUndefined();
  });

  test('rejects what is there without our mark, naming each object and whose it is', async () => {
    server().answers(LIST, {
      items: [
        item('c0', ours),
        item('c1', { 'beamline/environment': 'production' }),
        item('c2', { 'app.kubernetes.io/managed-by': 'Helm' }),
        item('c3'),
      ],
    });
    expect(await messageOf(refuse())).toBe(
      [
        "environment 'test' would take over objects that are not its own; rename ours, remove theirs, or list them under 'adopt' in the environment:",
        "  - 'ns/configmap/c1' belongs to environment 'production'",
        "  - 'ns/configmap/c2' belongs to Helm",
        "  - 'ns/configmap/c3' belongs to somebody else",
      ].join('\n'),
    );
    await expect(
      refuse(['ns/configmap/c1', 'ns/configmap/c2'], ['ns/configmap/c3']),
    ).resolves.toBeUndefined();
  });

  test('an empty plan asks nothing', async () => {
    await refuseForeignObjects(
      api(),
      planFrom(() => undefined),
      [],
      new Set(),
    );
    expect(server().requests).toEqual([]);
  });
});
