import {
  clusterRoleOf,
  defaultUses,
  sccOfClusterRole,
} from '../../../../constructs/targets/sccs/bindings';
import { defaultSccs } from '../../../../constructs/targets/sccs/defaults';
import { sccManifest } from '../../../../constructs/targets/sccs/scc';

const names = (minor: number): string[] => defaultSccs(minor).map(({ name }) => name);
const named = (minor: number, wanted: string) => {
  const found = defaultSccs(minor).find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`OKD 4.${minor} has no ${wanted}`);
  return found;
};

const FIRST = [
  ...['anyuid', 'hostaccess', 'hostmount-anyuid', 'hostnetwork', 'nonroot', 'privileged'],
  'restricted',
];

test('every release has the SCCs of its manifests', () => {
  expect(names(0)).toEqual(FIRST);
  expect(names(10)).toEqual(FIRST);
  const second = [...FIRST, 'hostnetwork-v2', 'nonroot-v2', 'restricted-v2'].sort();
  expect(names(11)).toEqual(second);
  expect(names(16)).toEqual(second);
  expect(names(17)).toEqual([...second, 'hostmount-anyuid-v2'].sort());
  expect(names(21)).toEqual(
    [...second, 'hostmount-anyuid-v2', 'nested-container', 'restricted-v3'].sort(),
  );
});

test.each([
  [0, []],
  [11, []],
  [12, ['ephemeral']],
  [13, ['csi', 'ephemeral']],
  [20, ['csi', 'ephemeral', 'image']],
])('minor %i allows volumes of all sorts of its time', (minor, more) => {
  const old = [
    'configMap',
    'downwardAPI',
    'emptyDir',
    'persistentVolumeClaim',
    'projected',
    'secret',
  ];
  expect(named(minor, 'restricted').volumes).toEqual([...old, ...more].sort());
  expect(named(minor, 'hostmount-anyuid').volumes).toEqual(
    expect.arrayContaining(['hostPath', 'nfs']),
  );
  expect(named(minor, 'privileged').volumes).toEqual(['*']);
});

test('restricted is for everybody up to 4.10, then bindings say who may use what', () => {
  expect(named(10, 'restricted').groups).toEqual(['system:authenticated']);
  expect(named(11, 'restricted').groups).toEqual([]);
  const everybody = (minor: number, upgraded = false): string[] =>
    defaultUses(minor, upgraded)
      .filter(({ group }) => group === 'system:authenticated')
      .map(({ scc }) => scc);
  expect(everybody(10)).toEqual([]);
  expect(everybody(11)).toEqual(['restricted-v2']);
  expect(everybody(21)).toEqual(['restricted-v2', 'restricted-v3']);
  expect(everybody(15, true)).toEqual(['restricted-v2', 'restricted']);
});

test('the role of hostmount-anyuid led nowhere before 4.15', () => {
  expect(clusterRoleOf('hostmount-anyuid', 14)).toBeUndefined();
  expect(sccOfClusterRole('system:openshift:scc:hostmount', 14)).toBe('hostmount');
  expect(clusterRoleOf('hostmount-anyuid', 15)).toBe('system:openshift:scc:hostmount-anyuid');
  expect(clusterRoleOf('restricted-v3', 19)).toBeUndefined();
  expect(clusterRoleOf('nonroot', 0)).toBeUndefined();
});

test('as an object, an SCC is spelled as a cluster stores it', () => {
  expect(sccManifest(named(21, 'restricted-v2'))).toMatchObject({
    apiVersion: 'security.openshift.io/v1',
    metadata: { name: 'restricted-v2' },
    allowPrivilegeEscalation: false,
    allowedCapabilities: ['NET_BIND_SERVICE'],
    defaultAddCapabilities: null,
    requiredDropCapabilities: ['ALL'],
    seccompProfiles: ['runtime/default'],
    runAsUser: { type: 'MustRunAsRange' },
    priority: null,
  });
  expect(sccManifest(named(21, 'restricted-v3'))).toMatchObject({
    userNamespaceLevel: 'RequirePodLevel',
  });
});
