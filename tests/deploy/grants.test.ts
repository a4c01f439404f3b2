import { refuseMissingGrants } from '../../deploy/grants';
import { objectsOf } from '../../plan/model';
import { splitPlan } from '../../plan/split';
import { messageOf } from '../support/message';
import { object, planOfChart } from '../support/plan';
import { withApiServer } from './support/api-server';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const scc = {
  rules: [{ apiGroups: ['security.openshift.io'], resources: ['x'], verbs: ['use'] }],
};
const granted = splitPlan(
  objectsOf(
    planOfChart((chart) => {
      object(chart, 'rbac.authorization.k8s.io/v1 ClusterRole reads', { rules: [] });
      object(chart, 'rbac.authorization.k8s.io/v1 Role runs-scc', scc);
    }),
  ),
).admin;

const { server, api } = withApiServer();

beforeEach(() =>
  server().answers(`GET ${RBAC}`, {
    resources: [{ name: 'roles', kind: 'Role', namespaced: true }],
  }),
);

test("a project's part waits for what the admin of the cluster has to apply, and says what and how", async () => {
  expect(await messageOf(refuseMissingGrants(api(), 'guest', granted))).toBe(
    "the admin of the cluster has yet to apply 'ns/role.rbac.authorization.k8s.io/runs-scc'; " +
      "'beamline render guest --split' writes them to a file of their own",
  );
});

test('it is deployed once that is there; what only he can read is not asked for', async () => {
  const role = { metadata: { name: 'runs-scc', namespace: 'ns' } };
  server().answers(`GET ${RBAC}/namespaces/ns/roles/runs-scc`, role);
  await expect(refuseMissingGrants(api(), 'guest', granted)).resolves.toBeUndefined();
  expect(server().requests.join()).not.toContain('clusterroles');
});

test('nothing is asked where nothing is granted elsewhere', async () => {
  await refuseMissingGrants(api(), 'guest', []);
  expect(server().requests).toEqual([]);
});
