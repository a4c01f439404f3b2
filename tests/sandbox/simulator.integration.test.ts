import { z } from 'zod';

import type { ApiClient } from '../../sandbox/control-plane/api';
import { startControlPlane } from '../../sandbox/control-plane/control-plane';
import { clear, connect, eventually, testSpec } from './support/control-plane';
import { CEPH_CLUSTERS, THINGS } from './support/things';

jest.setTimeout(180_000);

const spec = testSpec('okd', { okd: '4.21' });
const CLAIMS = '/api/v1/namespaces/default/persistentvolumeclaims';
const MERGE = 'application/merge-patch+json';
let api: ApiClient;

beforeAll(async () => {
  await startControlPlane(spec);
  api = connect(spec);
  for (const { path, body } of THINGS) await api.send('POST', path, body);
});

afterAll(async () => {
  await api.close();
  await clear(spec);
});

const object = z.looseObject({
  spec: z.looseObject({}).default({}),
  status: z.looseObject({}).default({}),
});

/** Waits until an object is as wanted, by asking whether it matches. */
async function becomes(path: string, wanted: object): Promise<z.infer<typeof object>> {
  return eventually(`${path} as ${JSON.stringify(wanted)}`, async () => {
    const answer = await api.call('GET', path);
    if (answer.status !== 200) return undefined;
    const found = object.parse(answer.body);
    return contains(found, wanted) ? found : undefined;
  });
}

function contains(found: unknown, wanted: object): boolean {
  try {
    expect(found).toMatchObject(wanted);
    return true;
  } catch {
    return false;
  }
}

async function volumeOf(claim: string): Promise<string> {
  const { spec: bound } = await becomes(`${CLAIMS}/${claim}`, { status: { phase: 'Bound' } });
  return `/api/v1/persistentvolumes/${z.string().parse(bound['volumeName'])}`;
}

test('binds a claim at once, grows it, and deletes its volume with it', async () => {
  const volume = await volumeOf('now');
  expect(await api.send('GET', volume)).toMatchObject({
    metadata: { annotations: { 'pv.kubernetes.io/provisioned-by': 'example.org/nfs' } },
    spec: { persistentVolumeReclaimPolicy: 'Delete', capacity: { storage: '1Gi' } },
  });
  await api.send(
    'PATCH',
    `${CLAIMS}/now`,
    { spec: { resources: { requests: { storage: '3Gi' } } } },
    MERGE,
  );
  await becomes(`${CLAIMS}/now`, { status: { capacity: { storage: '3Gi' } } });

  await api.send('DELETE', `${CLAIMS}/now`);
  await eventually('the end of the volume', async () =>
    (await api.call('GET', volume)).status === 404 ? true : undefined,
  );
});

test('binds a claim when its first pod comes, and keeps its volume', async () => {
  const volume = await volumeOf('used');
  await becomes('/api/v1/namespaces/default/pods/user', { status: { phase: 'Running' } });
  expect(object.parse(await api.send('GET', `${CLAIMS}/unused`)).status).toMatchObject({
    phase: 'Pending',
  });
  await api.send('DELETE', '/api/v1/namespaces/default/pods/user');
  await api.send('DELETE', `${CLAIMS}/used`);
  await becomes(volume, { status: { phase: 'Released' } });
});

test('binds the claims of in-tree classes that Kubernetes no longer has a provisioner for', async () => {
  await volumeOf('old');
});

test('finishes jobs', async () => {
  await becomes('/apis/batch/v1/namespaces/default/jobs/once', { status: { succeeded: 1 } });
});

test('gives load balancers and ingresses an address', async () => {
  const at = (ip: string): object => ({ status: { loadBalancer: { ingress: [{ ip }] } } });
  await becomes('/api/v1/namespaces/default/services/front', at('192.0.2.2'));
  await becomes('/apis/networking.k8s.io/v1/namespaces/default/ingresses/front', at('192.0.2.1'));
});

test('admits routes', async () => {
  await becomes('/apis/route.openshift.io/v1/namespaces/default/routes/front', {
    status: {
      ingress: [{ host: 'front.example.org', conditions: [{ type: 'Admitted', status: 'True' }] }],
    },
  });
});

test("stores OKD's own kinds as they are written", async () => {
  expect(await api.send('GET', '/apis/user.openshift.io/v1/groups/physicists')).toMatchObject({
    users: ['ada'],
  });
  const path = '/apis/security.openshift.io/v1/securitycontextconstraints/restricted-v2';
  expect(await api.send('GET', path)).toMatchObject({ allowPrivilegeEscalation: false });
});

test('makes the resources of an operator ready whose definition came later', async () => {
  await api.send('POST', CEPH_CLUSTERS.path, CEPH_CLUSTERS.body);
  const path = '/apis/ceph.rook.io/v1/namespaces/default/cephclusters';
  await eventually('the kind CephCluster', async () =>
    (await api.call('GET', path)).status === 200 ? true : undefined,
  );
  await api.send('POST', path, {
    apiVersion: 'ceph.rook.io/v1',
    kind: 'CephCluster',
    metadata: { name: 'ceph' },
  });
  await becomes(`${path}/ceph`, { status: { phase: 'Ready', ceph: { health: 'HEALTH_OK' } } });
});
