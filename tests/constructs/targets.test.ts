import { App, Chart } from 'cdk8s';
import fc from 'fast-check';

import { Target, targetOf, type Capability, type TargetName } from '../../constructs/targets';
import { APIS, type ApiVersion } from '../../constructs/targets/apis';
import { CAPABILITIES } from '../../constructs/targets/capabilities';
import type { CapabilityRow } from '../../constructs/targets/capability';
import { chartFor } from '../support/synth';

const kinds = keysOf(APIS);
const capabilities = keysOf(CAPABILITIES);
const GUIDE = 'https://kubernetes.io/docs/reference/using-api/deprecation-guide/';

test('knows 17 versions of OKD and 19 of Kubernetes', () => {
  const of = (flavour: string): number =>
    Target.all.filter((target) => target.flavour === flavour).length;
  expect([of('okd'), of('kubernetes')]).toEqual([17, 19]);
});

test('knows the Kubernetes inside every OKD', () => {
  const minors = Target.all
    .filter(({ flavour }) => flavour === 'okd')
    .map(({ name, kubernetesMinor }) => [name, kubernetesMinor]);
  expect(minors).toEqual([
    ['okd 3.11', 11],
    ...Array.from({ length: 16 }, (_, index) => [`okd 4.${index + 6}`, index + 19]),
  ]);
});

test.each([
  ['okd 4.5', 'okd 4.6'],
  ['openshift 4.12', 'okd 4.12'],
  ['k8s 1.30', 'kubernetes 1.30'],
  ['Kubernetes 1.34', 'kubernetes 1.34'],
  ['kubernetes 1.34 ', 'kubernetes 1.34'],
])("rejects the target '%s' and proposes '%s'", (text, nearest) => {
  expect(() => Target.parse(text)).toThrow(
    new Error(
      `target '${text}' is not known; allowed are 'okd 3.11', 'okd 4.6' to 'okd 4.21' and ` +
        `'kubernetes 1.18' to 'kubernetes 1.36'; did you mean '${nearest}'?`,
    ),
  );
});

test.each([
  ['okd 3.11', 'Ingress', 'extensions/v1beta1'],
  ['okd 3.11', 'CronJob', 'batch/v1beta1'],
  ['okd 3.11', 'PodDisruptionBudget', 'policy/v1beta1'],
  ['okd 3.11', 'HorizontalPodAutoscaler', 'autoscaling/v1'],
  ['okd 3.11', 'CustomResourceDefinition', 'apiextensions.k8s.io/v1beta1'],
  ['okd 3.11', 'PriorityClass', 'scheduling.k8s.io/v1beta1'],
  ['okd 3.11', 'Route', 'route.openshift.io/v1'],
  ['okd 4.6', 'Ingress', 'networking.k8s.io/v1'],
  ['okd 4.7', 'CronJob', 'batch/v1beta1'],
  ['okd 4.8', 'CronJob', 'batch/v1'],
  ['okd 4.9', 'HorizontalPodAutoscaler', 'autoscaling/v2beta2'],
  ['okd 4.21', 'OAuth', 'config.openshift.io/v1'],
  ['kubernetes 1.18', 'Ingress', 'networking.k8s.io/v1beta1'],
  ['kubernetes 1.18', 'IngressClass', 'networking.k8s.io/v1beta1'],
  ['kubernetes 1.20', 'PodDisruptionBudget', 'policy/v1beta1'],
  ['kubernetes 1.21', 'PodDisruptionBudget', 'policy/v1'],
  ['kubernetes 1.22', 'HorizontalPodAutoscaler', 'autoscaling/v2beta2'],
  ['kubernetes 1.36', 'HorizontalPodAutoscaler', 'autoscaling/v2'],
  ['kubernetes 1.28', 'FlowSchema', 'flowcontrol.apiserver.k8s.io/v1beta3'],
] as const)('on %s, %s is %s', (target, kind, apiVersion) => {
  expect(Target.parse(target).apiVersion(kind)).toBe(apiVersion);
});

test.each([
  [
    'okd 3.11',
    'OAuth',
    "'okd 3.11' (Kubernetes 1.11) has no OAuth, which is served as config.openshift.io/v1 " +
      'on OKD since 4.1 (https://github.com/openshift/api)',
  ],
  [
    'kubernetes 1.34',
    'Route',
    "'kubernetes 1.34' has no Route, which is served as route.openshift.io/v1 " +
      'on every OKD (https://github.com/openshift/api)',
  ],
  [
    'kubernetes 1.25',
    'PodSecurityPolicy',
    "'kubernetes 1.25' has no PodSecurityPolicy, which is served as policy/v1beta1 " +
      `from Kubernetes 1.10 up to 1.24 (${GUIDE}#psp-v125)`,
  ],
] as const)('rejects on %s the kind %s, saying where it is served', (target, kind, message) => {
  expect(() => Target.parse(target).apiVersion(kind)).toThrow(new Error(message));
});

test('rejects a capability that is missing, with the reason and the alternative', () => {
  expect(Target.parse('okd 3.11').problemsOf('an ingress class', 'ingress-class')).toEqual([
    "an ingress class needs IngressClass, which 'okd 3.11' (Kubernetes 1.11) lacks " +
      `(since Kubernetes 1.18, ${GUIDE}#ingressclass-v122); ` +
      'use the annotation kubernetes.io/ingress.class',
  ]);
  expect(Target.parse('okd 4.6').problemsOf('an ingress class', 'ingress-class')).toEqual([]);
});

const has: readonly [TargetName, readonly Capability[], readonly Capability[]][] = [
  ['okd 3.11', ['scc', 'in-tree-glusterfs'], ['scc-v2', 'csi', 'psa', 'server-side-apply']],
  ['okd 4.10', ['scc'], ['scc-v2', 'psa', 'seccomp-field', 'network-policy-egress']],
  ['okd 4.11', ['scc-v2', 'psa', 'seccomp-field'], ['psp']],
  ['okd 4.12', ['in-tree-glusterfs', 'network-policy-egress'], ['glusterfs-client']],
  ['okd 4.13', ['volume-snapshots'], ['in-tree-glusterfs']],
  ['okd 4.20', ['user-namespaces', 'crio-fuse-device', 'server-side-apply'], ['psp']],
  ['kubernetes 1.18', ['psp', 'seccomp-annotation', 'startup-probe'], ['scc', 'seccomp-field']],
  ['kubernetes 1.34', ['psa', 'user-namespaces'], ['psp', 'in-tree-cephfs', 'route']],
];
test.each(has)('%s has %j and lacks %j', (name, present, absent) => {
  const target = Target.parse(name);
  expect(present.filter((capability) => !target.has(capability))).toEqual([]);
  expect(absent.filter((capability) => target.has(capability))).toEqual([]);
});

test('nothing that a target has is lost by the next version, but for what says until when', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...capabilities),
      fc.nat(Target.all.length - 2),
      (capability, index) => {
        const [older, newer] = Target.all.slice(index, index + 2);
        if (older === undefined || newer === undefined || older.flavour !== newer.flavour) return;
        const row: CapabilityRow = CAPABILITIES[capability];
        const span = older.flavour === 'okd' ? (row.okd ?? row.kubernetes) : row.kubernetes;
        const ends = span !== 'never' && span.until !== undefined;
        if (older.has(capability) && !ends) expect(newer.has(capability)).toBe(true);
      },
    ),
  );
});

test('has() and problemsOf() agree, as do serves() and apiVersion()', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Target.all),
      fc.constantFrom(...capabilities),
      fc.constantFrom(...kinds),
      (target, capability, kind) => {
        expect(target.problemsOf('it', capability)).toHaveLength(target.has(capability) ? 0 : 1);
        if (target.serves(kind)) expect(target.apiVersion(kind)).toMatch(/^([a-z0-9.]+\/)?v\d/);
        else expect(() => target.apiVersion(kind)).toThrow(`has no ${kind}`);
      },
    ),
  );
});

test('every row names where its facts are from', () => {
  const versions: readonly ApiVersion[] = Object.values(APIS).flat();
  const rows: readonly CapabilityRow[] = Object.values(CAPABILITIES);
  for (const { source } of [...versions, ...rows]) expect(source).toMatch(/^https:\/\//);
});

test('a construct finds the target of its tree', () => {
  expect(targetOf(chartFor('okd 4.12')).name).toBe('okd 4.12');
});

test('rejects a tree without a target', () => {
  const chart = new Chart(new App(), 'lost');
  expect(() => targetOf(chart)).toThrow(
    new Error("'lost' stands in a tree without a target; call attachTarget on its root first"),
  );
});

function keysOf<K extends string>(record: Readonly<Record<K, unknown>>): K[] {
  const isKey = (key: string): key is K => key in record;
  return Object.keys(record).filter(isKey);
}
