import fc from 'fast-check';

import { defaultSccs } from '../../../../constructs/targets/sccs/defaults';
import { sccManifest } from '../../../../constructs/targets/sccs/scc';

/** A value, or, so many times as often, none. */
const seldom = <T>(values: fc.Arbitrary<T>, often = 1): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: often, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values });
const some = <T>(...values: T[]): fc.Arbitrary<T | undefined> => seldom(fc.constantFrom(...values));
const rarely = <T>(...values: T[]): fc.Arbitrary<T | undefined> =>
  seldom(fc.constantFrom(...values), 4);
/** An object without the fields that were not drawn. */
const record = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> =>
  fc
    .record(fields)
    .map((drawn) =>
      Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)),
    );

const CAPABILITIES = ['NET_BIND_SERVICE', 'SETUID', 'KILL', 'CAP_SYS_ADMIN', 'SYS_CHROOT'];
const capabilities = record({
  add: seldom(fc.uniqueArray(fc.constantFrom(...CAPABILITIES), { minLength: 1, maxLength: 2 }), 3),
  drop: seldom(
    fc.uniqueArray(fc.constantFrom('ALL', 'KILL', 'MKNOD', 'SETUID', 'SETGID'), { minLength: 1 }),
  ),
});

const seLinux = fc.constantFrom(
  { level: 's0:c26,c0' },
  { level: 's0:c0,c26' },
  { level: 's0:c1,c2', type: 'spc_t' },
  { type: 'container_engine_t', level: 's0:c26,c0' },
  { user: 'u', role: 'r', level: 's0' },
);
const seccomp = fc.constantFrom(
  { type: 'RuntimeDefault' },
  { type: 'Unconfined' },
  { type: 'Localhost', localhostProfile: 'own.json' },
);
const USERS = [0, 1, 999, 1000, 65534, 65535, 1000650000, 1000650001, 1000660000];

const containerSecurity = record({
  runAsUser: rarely(...USERS),
  runAsGroup: rarely(0, 1000),
  runAsNonRoot: rarely(true, false),
  privileged: rarely(true, false),
  allowPrivilegeEscalation: rarely(true, false),
  readOnlyRootFilesystem: rarely(true, false),
  capabilities: seldom(capabilities),
  seLinuxOptions: seldom(seLinux, 8),
  seccompProfile: seldom(seccomp, 5),
  procMount: rarely('Default', 'Unmasked'),
  appArmorProfile: seldom(fc.constantFrom({ type: 'Unconfined' }, { type: 'RuntimeDefault' }), 8),
});

const container = (name: string): fc.Arbitrary<object> =>
  record({
    name: fc.constant(name),
    image: fc.constant('example.org/image:1'),
    securityContext: seldom(containerSecurity),
    ports: seldom(fc.constant([{ containerPort: 8080, hostPort: 8080 }]), 12),
  });

const list = (
  prefix: string,
  range: { readonly minLength: number; readonly maxLength: number },
): fc.Arbitrary<object[]> =>
  fc
    .array(fc.constant(0), range)
    .chain((slots) => fc.tuple(...slots.map((_, index) => container(`${prefix}${index}`))));

const VOLUMES: object[] = [
  { emptyDir: {} },
  { secret: { secretName: 's' } },
  { configMap: { name: 'c' } },
  { persistentVolumeClaim: { claimName: 'p' } },
  { hostPath: { path: '/data' } },
  { nfs: { server: 'nfs.example.org', path: '/' } },
  { csi: { driver: 'cvmfs.csi.cern.ch' } },
  { flexVolume: { driver: 'example.org/a' } },
  { projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
  { projected: { sources: [{ secret: { name: 's' } }] } },
  { cephfs: { monitors: ['m.example.org'] } },
  { image: { reference: 'example.org/data:1' } },
  { ephemeral: { volumeClaimTemplate: { spec: {} } } },
  { downwardAPI: { items: [] } },
  { flexVolume: { driver: 'example.org/b' } },
  { glusterfs: { endpoints: 'e', path: 'p' } },
  { rbd: { monitors: ['m.example.org'], image: 'i' } },
];
const volumes = fc
  .array(fc.constantFrom(...VOLUMES), { maxLength: 2 })
  .map((drawn) => drawn.map((volume, index) => ({ name: `v${index}`, ...volume })));

const PROFILES = ['runtime/default', 'docker/default', 'unconfined', 'localhost/own.json', 'odd'];
const annotations = record({
  'seccomp.security.alpha.kubernetes.io/pod': seldom(fc.constantFrom(...PROFILES), 8),
  'container.seccomp.security.alpha.kubernetes.io/c0': seldom(fc.constantFrom(...PROFILES), 10),
  'openshift.io/required-scc': seldom(
    fc.constantFrom('restricted-v2', 'anyuid', 'privileged', 'site-a', 'gone'),
    10,
  ),
  note: some('text'),
});

const SYSCTLS = [
  'kernel.shm_rmid_forced',
  'kernel.sem',
  'kernel.msgmax',
  'net.ipv4.tcp_rmem',
  'net.ipv4.ip_local_reserved_ports',
  'net.core.somaxconn',
];
const podSecurity = record({
  runAsUser: rarely(...USERS),
  runAsNonRoot: rarely(true, false),
  fsGroup: rarely(0, 1000, 1000650000, 1000650001),
  supplementalGroups: seldom(
    fc.array(fc.constantFrom(0, 1000, 1000650000, 1000650001), { minLength: 1, maxLength: 2 }),
    4,
  ),
  seLinuxOptions: seldom(seLinux, 6),
  seccompProfile: seldom(seccomp, 4),
  sysctls: seldom(
    fc
      .uniqueArray(fc.constantFrom(...SYSCTLS), { minLength: 1, maxLength: 2 })
      .map((names) => names.map((name) => ({ name, value: '1' }))),
    8,
  ),
});

/** Pods that ask for all sorts of things. */
export const pods = record({
  metadata: seldom(annotations).map((drawn) => ({
    name: 'pod',
    namespace: 'ns',
    ...(drawn === undefined ? {} : { annotations: drawn }),
  })),
  spec: record({
    serviceAccountName: fc.constantFrom('default', 'own'),
    securityContext: seldom(podSecurity),
    hostNetwork: seldom(fc.constant(true), 12),
    hostPID: seldom(fc.constant(true), 20),
    hostIPC: seldom(fc.constant(true), 20),
    hostUsers: rarely(true, false),
    os: seldom(fc.constantFrom({ name: 'linux' }, { name: 'windows' }), 15),
    containers: list('c', { minLength: 1, maxLength: 2 }),
    initContainers: seldom(list('i', { minLength: 1, maxLength: 1 })),
    volumes,
  }),
});

const ids = (ranges: object[]): fc.Arbitrary<object> =>
  fc.constantFrom({ type: 'RunAsAny' }, { type: 'MustRunAs' }, { type: 'MustRunAs', ranges });

/** An SCC of a site. */
const siteScc = (name: string): fc.Arbitrary<object> =>
  record({
    metadata: fc.constant({ name }),
    priority: fc.constantFrom(null, 0, 5, 10, 20),
    users: fc.constantFrom([], ['system:serviceaccount:ns:own'], ['ada']),
    groups: fc.constantFrom([], ['system:serviceaccounts:ns'], ['system:authenticated']),
    allowPrivilegedContainer: fc.boolean(),
    allowHostDirVolumePlugin: fc.boolean(),
    allowHostNetwork: fc.boolean(),
    allowHostPorts: fc.boolean(),
    allowHostPID: fc.boolean(),
    allowHostIPC: fc.boolean(),
    readOnlyRootFilesystem: fc.boolean(),
    allowPrivilegeEscalation: some(true, false),
    defaultAllowPrivilegeEscalation: rarely(true, false),
    allowedCapabilities: fc.constantFrom(null, ['*'], ['NET_BIND_SERVICE'], ['SETUID', 'KILL']),
    defaultAddCapabilities: fc.constantFrom(null, null, ['SYS_CHROOT']),
    requiredDropCapabilities: fc.constantFrom(null, ['ALL'], ['KILL', 'MKNOD']),
    runAsUser: fc.constantFrom(
      { type: 'RunAsAny' },
      { type: 'MustRunAsNonRoot' },
      { type: 'MustRunAsRange' },
      { type: 'MustRunAsRange', uidRangeMin: 1000, uidRangeMax: 65534 },
      { type: 'MustRunAs', uid: 1000 },
    ),
    seLinuxContext: fc.constantFrom(
      { type: 'RunAsAny' },
      { type: 'MustRunAs' },
      { type: 'MustRunAs', seLinuxOptions: { type: 'container_engine_t' } },
    ),
    fsGroup: ids([{ min: 1000, max: 2000 }]),
    supplementalGroups: ids([
      { min: 0, max: 0 },
      { min: 1000650000, max: 1000650001 },
    ]),
    seccompProfiles: fc.constantFrom(
      null,
      ['*'],
      ['runtime/default'],
      ['*', 'localhost/own.json'],
      ['docker/default', 'unconfined'],
    ),
    allowedUnsafeSysctls: fc.constantFrom(
      null,
      ['*'],
      ['net.core.*'],
      ['kernel.sem'],
      ['kernel.*', 'net.*'],
    ),
    forbiddenSysctls: fc.constantFrom(null, null, ['kernel.*'], ['*'], ['net.ipv4.tcp_rmem']),
    volumes: fc.constantFrom(
      null,
      [],
      ['*'],
      ['none'],
      ['emptyDir', 'secret'],
      ['flexVolume', 'configMap', 'projected'],
      ['hostPath', 'nfs', 'emptyDir'],
      ['ephemeral', 'image', 'csi', 'secret'],
      ['downwardAPI', 'glusterfs', 'rbd', 'persistentVolumeClaim'],
    ),
    allowedFlexVolumes: fc.constantFrom(
      undefined,
      [],
      [{ driver: 'example.org/b' }],
      [{ driver: 'example.org/a' }, { driver: 'example.org/b' }],
    ),
    userNamespaceLevel: rarely('AllowHostLevel', 'RequirePodLevel'),
  });

/** The SCCs of an OKD with up to two of the site's own, as a cluster would store or a person would write them. */
export const sccSets = (minor: number): fc.Arbitrary<object[]> =>
  fc
    .tuple(seldom(siteScc('site-a')), seldom(siteScc('site-b')))
    .map((own) => [
      ...defaultSccs(minor).map(sccManifest),
      ...own.filter((scc) => scc !== undefined),
    ]);

/** What RBAC lets each of the two subjects use. */
export const rights = fc.record({
  user: fc.uniqueArray(
    fc.constantFrom<string>(
      'restricted-v2',
      'restricted',
      'anyuid',
      'nonroot-v2',
      'privileged',
      'site-a',
    ),
  ),
  serviceAccount: fc.uniqueArray(
    fc.constantFrom<string>(
      'restricted-v3',
      'nonroot',
      'hostmount-anyuid',
      'hostnetwork-v2',
      'site-b',
    ),
  ),
});

/** Namespaces, mostly as OKD allots them. */
export const namespaces = fc.constantFrom<Record<string, string>>(
  { 'openshift.io/sa.scc.uid-range': '1000650000/10000', 'openshift.io/sa.scc.mcs': 's0:c26,c0' },
  {
    'openshift.io/sa.scc.uid-range': '1000650000-1000659999',
    'openshift.io/sa.scc.mcs': 's0:c26,c0',
    'openshift.io/sa.scc.supplemental-groups': '1000650000/2,1000/1',
  },
  {
    'openshift.io/sa.scc.uid-range': '1000650000/10000',
    'openshift.io/sa.scc.mcs': 's0:c26,c0',
    'openshift.io/sa.scc.supplemental-groups': '1000650000/10000',
  },
  // What a namespace lacks or has wrong only matters to the SCCs that ask for it.
  { 'openshift.io/sa.scc.mcs': 's0:c26,c0' },
  { 'openshift.io/sa.scc.uid-range': '1000650000/10000' },
  {
    'openshift.io/sa.scc.uid-range': '1/3',
    'openshift.io/sa.scc.mcs': 's0:c26,c0',
    'openshift.io/sa.scc.supplemental-groups': 'some',
  },
  {
    'openshift.io/sa.scc.uid-range': 'one/3',
    'openshift.io/sa.scc.mcs': 's0:c26,c0',
    'openshift.io/sa.scc.supplemental-groups': '5/0',
  },
);
