import { type Chart } from 'cdk8s';

import { httpProbe, type ContainerProps } from '../../../constructs/kit/containers';
import { exceptionsOf } from '../../../constructs/kit/exceptions';
import { kubeObject } from '../../../constructs/kit/objects';
import { podTemplate, type PodProps } from '../../../constructs/kit/pods';
import { deployment } from '../../../constructs/kit/workloads';
import type { TargetName } from '../../../constructs/targets';
import { chartFor, rendered, type Synthesized } from '../../support/synth';

const part = { name: 'hub', instance: 'main', component: 'web', partOf: 'notebooks' };
const container: ContainerProps = {
  name: 'hub',
  image: 'registry.example.org/hub:1.2.3',
  resources: { cpu: '100m', memory: '128Mi' },
  probes: { readiness: httpProbe('http', '/ready'), liveness: httpProbe('http', '/live') },
};
const minimal: PodProps = { serviceAccount: 'hub', containers: [container] };

function hub(target: TargetName, replicas: number, pod: Partial<PodProps> = {}): Synthesized {
  return rendered((chart) => {
    deployment(chart, 'Hub', { ...minimal, ...pod, name: 'hub', part, replicas });
  }, target);
}

test('a pod follows every house rule when nothing is said', () => {
  const { template } = podTemplate(chartFor(), part, 1, minimal);
  expect(template).toEqual({
    metadata: {
      labels: {
        'app.kubernetes.io/name': 'hub',
        'app.kubernetes.io/instance': 'main',
        'app.kubernetes.io/component': 'web',
        'app.kubernetes.io/part-of': 'notebooks',
      },
    },
    spec: {
      serviceAccountName: 'hub',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 30,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'hub',
          image: 'registry.example.org/hub:1.2.3',
          imagePullPolicy: 'IfNotPresent',
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } },
          readinessProbe: { httpGet: { port: 'http', path: '/ready', scheme: 'HTTP' } },
          livenessProbe: { httpGet: { port: 'http', path: '/live', scheme: 'HTTP' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
          },
        },
      ],
    },
  });
});

test('every prop reaches the pod', () => {
  const everything: Required<Omit<PodProps, 'root'>> = {
    apart: true,
    hostNetwork: { exempt: 'the front door of a site without load balancers' },
    serviceAccount: 'other',
    usesApi: true,
    containers: [
      {
        ...container,
        command: ['/hub'],
        args: ['--debug'],
        env: [{ name: 'A', value: 'b' }],
        ports: { http: 8081 },
        resources: { cpu: '1', memory: '1Gi', memoryLimit: '2Gi' },
        mounts: [{ name: 'data', mountPath: '/data' }],
        scratch: { '/tmp': '1Gi' },
      },
    ],
    volumes: [{ name: 'data', emptyDir: {} }],
    initContainers: [
      {
        name: 'prepare',
        image: 'registry.example.org/hub:1.2.3',
        resources: { cpu: '10m', memory: '16Mi' },
      },
    ],
    config: [],
    priorityClass: 'site-services',
    annotations: { 'openshift.io/required-scc': 'restricted-v2' },
    graceSeconds: 5,
    nodes: { pool: 'infra' },
    tolerations: [{ key: 'infra', operator: 'Exists' }],
    user: 1000,
    fixedUser: false,
    volumeGroup: 100,
  };
  const { template } = podTemplate(chartFor(), part, 1, everything);
  expect(template.metadata).toMatchObject({ annotations: everything.annotations });
  expect(template.spec).toMatchObject({
    priorityClassName: 'site-services',
    initContainers: [{ name: 'prepare' }],
    serviceAccountName: 'other',
    automountServiceAccountToken: true,
    terminationGracePeriodSeconds: 5,
    nodeSelector: { pool: 'infra' },
    tolerations: [{ key: 'infra', operator: 'Exists' }],
    securityContext: {
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 100,
      fsGroupChangePolicy: 'OnRootMismatch',
    },
    containers: [
      {
        command: ['/hub'],
        args: ['--debug'],
        env: [{ name: 'A', value: 'b' }],
        ports: [{ name: 'http', containerPort: 8081 }],
        resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '2Gi' } },
        volumeMounts: [
          { name: 'data', mountPath: '/data' },
          { name: 'hub-scratch-0', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [
      { name: 'data', emptyDir: {} },
      { name: 'hub-scratch-0', emptyDir: { sizeLimit: '1Gi' } },
    ],
  });
});

test('OKD picks the UID, so that restricted-v2 admits the pod', () => {
  const { template } = podTemplate(chartFor('okd 4.21'), part, 1, { ...minimal, volumeGroup: 100 });
  expect(template.spec?.securityContext).toEqual({
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  });
});

test('a UID that files belong to is named on OKD as well', () => {
  const pod = { ...minimal, user: 1000, fixedUser: true };
  const { template } = podTemplate(chartFor('okd 4.21'), part, 1, pod);
  expect(template.spec?.securityContext).toMatchObject({ runAsUser: 1000 });
  expect(template.spec?.securityContext).not.toHaveProperty('fsGroup');
});

test('the group of its claims goes with a UID that is named on OKD', () => {
  const pod = { ...minimal, user: 1000, fixedUser: true, volumeGroup: 100 };
  const { template } = podTemplate(chartFor('okd 4.21'), part, 1, pod);
  expect(template.spec?.securityContext).toMatchObject({ runAsUser: 1000, fsGroup: 100 });
});

test('an OKD whose restricted SCC refuses profiles gets none, which is recorded', () => {
  const old = hub('okd 4.10', 1);
  expect(old.one('Deployment')).toMatchObject({
    spec: { template: { spec: { securityContext: { runAsNonRoot: true } } } },
  });
  expect(JSON.stringify(old.objects)).not.toContain('seccomp');
  expect(old.exceptions).toEqual([
    {
      rule: 'seccomp',
      reason: "the restricted SCC of 'okd 4.10' refuses every pod that names a seccomp profile",
    },
  ]);
});

test('Kubernetes before the seccomp field gets the annotation', () => {
  const { template } = podTemplate(chartFor('kubernetes 1.18'), part, 1, minimal);
  expect(template.metadata?.annotations).toEqual({
    'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default',
  });
  expect(template.spec?.securityContext).not.toHaveProperty('seccompProfile');
});

test('where there is no startup probe, the liveness probe waits as long', () => {
  const slow: ContainerProps = {
    ...container,
    probes: {
      ...container.probes,
      startup: { ...httpProbe('http', '/live'), periodSeconds: 5, failureThreshold: 60 },
    },
  };
  const podFor = (target: TargetName) =>
    podTemplate(chartFor(target), part, 1, { ...minimal, containers: [slow] }).template.spec
      ?.containers[0];
  expect(podFor('kubernetes 1.18')).toMatchObject({ startupProbe: { failureThreshold: 60 } });
  expect(podFor('okd 3.11')).toMatchObject({ livenessProbe: { initialDelaySeconds: 300 } });
  expect(podFor('okd 3.11')).not.toHaveProperty('startupProbe');
});

test('what is left out with a reason is recorded on the object', () => {
  const bare: ContainerProps = {
    ...container,
    probes: { readiness: { exempt: 'no port' }, liveness: { exempt: 'ends by itself' } },
    writableRoot: { exempt: 'writes beside its binary' },
  };
  const { exceptions, ...made } = hub('kubernetes 1.34', 1, { containers: [bare] });
  expect(exceptions).toEqual([
    { rule: 'readiness-probe', container: 'hub', reason: 'no port' },
    { rule: 'liveness-probe', container: 'hub', reason: 'ends by itself' },
    { rule: 'read-only-root', container: 'hub', reason: 'writes beside its binary' },
  ]);
  expect(JSON.stringify(made)).not.toContain('Probe');
  expect(JSON.stringify(made)).toContain('"readOnlyRootFilesystem":false');
});

test('more than one replica is spread and has a budget', () => {
  const two = hub('kubernetes 1.34', 2);
  const selector = { matchLabels: { 'app.kubernetes.io/instance': 'main' } };
  expect(two.one('PodDisruptionBudget')).toMatchObject({
    apiVersion: 'policy/v1',
    spec: { maxUnavailable: 1, selector, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
  });
  expect(two.one('Deployment')).toMatchObject({
    spec: {
      template: {
        spec: {
          topologySpreadConstraints: [
            { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
            { topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
          ],
        },
      },
    },
  });
  expect(hub('kubernetes 1.34', 1).all('PodDisruptionBudget')).toEqual([]);
});

test('OKD 3.11 spreads by anti-affinity and has the budget of its time', () => {
  const old = hub('okd 3.11', 2);
  expect(old.one('PodDisruptionBudget')).toMatchObject({ apiVersion: 'policy/v1beta1' });
  expect(JSON.stringify(old.objects)).not.toMatch(/unhealthyPodEviction|topologySpread/);
  expect(JSON.stringify(old.objects)).toContain('failure-domain.beta.kubernetes.io/zone');
});

test('the selector leaves out what changes', () => {
  const labels = (version: string): unknown =>
    rendered((chart) => {
      deployment(chart, 'Hub', {
        ...minimal,
        name: 'hub',
        part: { ...part, version },
        replicas: 1,
      });
    }).one('Deployment')['spec'];
  const selector = {
    selector: { matchLabels: expect.not.objectContaining({ 'app.kubernetes.io/version': 'v1' }) },
  };
  expect(labels('v1')).toMatchObject(selector);
  expect(labels('v1')).not.toEqual(labels('v2'));
});

test('pods roll when their configuration changes, and only then', () => {
  const checksum = (data: Record<string, string>, label: string): unknown => {
    const chart: Chart = chartFor();
    const config = kubeObject(chart, 'Config', 'ConfigMap', {
      metadata: { name: 'hub', labels: { label } },
      data,
    });
    const { template } = podTemplate(chart, part, 1, { ...minimal, config: [config] });
    return template.metadata?.annotations?.['beamline/config-checksum'];
  };
  expect(checksum({ a: '1' }, 'x')).toMatch(/^[0-9a-f]{32}$/);
  expect(checksum({ a: '1' }, 'x')).toBe(checksum({ a: '1' }, 'y'));
  expect(checksum({ a: '1' }, 'x')).not.toBe(checksum({ a: '2' }, 'x'));
});

test('exceptions stay with the object they are about', () => {
  const chart = chartFor('okd 4.10');
  const made = deployment(chart, 'Hub', { ...minimal, name: 'hub', part, replicas: 1 });
  expect(exceptionsOf(made)).toHaveLength(1);
  expect(exceptionsOf(chart)).toEqual([]);
});

test('pods that must be apart never share a node, on every target', () => {
  const required = [
    {
      topologyKey: 'kubernetes.io/hostname',
      labelSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/name': 'hub' }) },
    },
  ];
  for (const target of ['kubernetes 1.34', 'okd 3.11'] as const) {
    expect(hub(target, 2, { apart: true }).one('Deployment')).toMatchObject({
      spec: {
        template: {
          spec: {
            affinity: {
              podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required },
            },
          },
        },
      },
    });
  }
});

test('a container can be told that it is about to be stopped', () => {
  const told = hub('kubernetes 1.34', 1, {
    containers: [{ ...container, preStop: ['/bin/drain', '--now'] }],
  });
  expect(told.one('Deployment')).toMatchObject({
    spec: {
      template: {
        spec: {
          containers: [{ lifecycle: { preStop: { exec: { command: ['/bin/drain', '--now'] } } } }],
        },
      },
    },
  });
});
