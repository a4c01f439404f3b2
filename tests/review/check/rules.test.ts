import { ApiObject, Chart } from 'cdk8s';

import { find } from '../../../constructs/kit/findings';
import { exempt } from '../../../constructs/kit/exceptions';
import { podsMadeBy } from '../../../constructs/kit/made-elsewhere';
import { Target } from '../../../constructs/targets';
import { findingsOf } from '../../../review/check/check';
import { images } from '../../../review/check/rules/images';
import type { CheckFinding } from '../../../review/check/finding';
import { schemaPin } from '../../../review/check/schemas/pins';
import { Schemas } from '../../../review/check/schemas/schemas';
import { readUpstream } from '../../../constructs/kit/upstream';
import { ensureUpstream } from '../../../upstream/fetch';
import { object, planOfChart, podSpec, type Fields } from '../../support/plan';

let current: Schemas;
let old: Schemas;

beforeAll(async () => {
  for (const minor of [34, 21]) await ensureUpstream(schemaPin(minor));
  current = new Schemas(readUpstream(schemaPin(34)), []);
  old = new Schemas(readUpstream(schemaPin(21)), []);
}, 600_000);

/** What check finds in one chart, without the notes. */
function found(build: (chart: Chart) => void, schemas = current): CheckFinding[] {
  const target = Target.parse(schemas === current ? 'kubernetes 1.34' : 'kubernetes 1.21');
  return findingsOf(planOfChart(build, { target }), schemas).filter(
    ({ severity }) => severity !== 'note',
  );
}

/** The finding of a rule, as `rule object: reason`. */
function said(findings: readonly CheckFinding[]): string[] {
  return findings.map(({ rule, object: id, reason }) => `${rule} ${id ?? ''}: ${reason}`);
}

const labels = { app: 'web' };

/** A Deployment of pods labelled `app: web` whose container opens port http. */
function web(chart: Chart, container: Fields = {}, more: Fields = {}, pod: Fields = {}): void {
  object(chart, 'apps/v1 Deployment web', {
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: podSpec(
          { automountServiceAccountToken: false, ...pod },
          {
            ports: [{ name: 'http', containerPort: 8080 }],
            resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '1Gi' } },
            ...container,
          },
        ),
      },
      ...more,
    },
  });
}

function service(chart: Chart, port: Fields, selector: Fields = labels): void {
  object(chart, 'v1 Service web', { spec: { selector, ports: [port] } });
}

test('an environment without faults has no findings', () => {
  expect(
    found((chart) => {
      web(chart);
      service(chart, { name: 'http', port: 80, targetPort: 'http' });
    }),
  ).toEqual([]);
});

describe('schemas', () => {
  test.each([
    [{ spec: { replicas: '3' } }, 'schema/invalid', 'spec.replicas must be integer'],
    [
      { spec: { replcas: 3 } },
      'schema/unknown-field',
      "spec has no field 'replcas'; did you mean 'replicas'?",
    ],
    [{ spec: {} }, 'schema/invalid', "spec lacks 'selector'"],
  ])('%j is refused', (fields, rule, reason) => {
    const selector = { matchLabels: labels };
    const template = {
      metadata: { labels },
      spec: podSpec({ automountServiceAccountToken: false }),
    };
    const spec =
      Object.keys(fields.spec).length === 0 ? { template } : { selector, template, ...fields.spec };
    const findings = found((chart) => void object(chart, 'apps/v1 Deployment web', { spec }));
    expect(said(findings)).toContain(`${rule} ns/deployment.apps/web: ${reason}`);
    expect(findings.every(({ severity }) => severity === 'error')).toBe(true);
  });

  test('amounts and ports may be numbers or texts', () => {
    expect(
      found((chart) => {
        web(chart, {
          resources: { requests: { cpu: 1, memory: '1Gi' }, limits: { memory: '1Gi' } },
        });
        service(chart, { name: 'http', port: 80, targetPort: 8080 });
      }),
    ).toEqual([]);
  });

  test('a kind that nothing describes is said to be unchecked', () => {
    const findings = found((chart) => void object(chart, 'example.org/v1 Thing one'));
    expect(said(findings)).toEqual([
      "schema/unknown-kind ns/thing.example.org/one: neither 'kubernetes 1.34' nor a CustomResourceDefinition of the plan describes example.org/v1 Thing, so nothing of it was checked",
    ]);
  });

  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    spec: {
      group: 'example.org',
      names: { kind: 'Thing' },
      versions: [
        {
          name: 'v1',
          served: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  required: ['size'],
                  properties: {
                    size: { type: 'integer', nullable: true },
                    port: { 'x-kubernetes-int-or-string': true },
                    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  },
                },
              },
            },
          },
        },
        { name: 'v0', served: false },
      ],
    },
  };

  test.each([
    [{ size: 1, port: 'http', free: { any: 'thing' } }, []],
    [{ size: 1, port: 80 }, []],
    [
      { port: true },
      ["schema/invalid spec lacks 'size'", 'schema/invalid spec.port must be string,integer'],
    ],
    [
      { size: 1, shape: 2 },
      ["schema/unknown-field spec has no field 'shape'; did you mean 'size'?"],
    ],
  ])('the definition of a custom kind holds for %j', (spec, expected) => {
    const schemas = new Schemas(readUpstream(schemaPin(34)), [crd]);
    const plan = planOfChart((chart) => void object(chart, 'example.org/v1 Thing one', { spec }));
    const texts = findingsOf(plan, schemas).map(({ rule, reason }) => `${rule} ${reason}`);
    expect(texts).toEqual(expected);
  });

  test('a version of a custom kind that is not served is refused', () => {
    const schemas = new Schemas(readUpstream(schemaPin(34)), [crd]);
    const plan = planOfChart((chart) => void object(chart, 'example.org/v0 Thing one'));
    expect(findingsOf(plan, schemas)).toMatchObject([
      {
        rule: 'api/not-served',
        fix: "Use example.org/v1, or ask the target: target.apiVersion('Thing').",
      },
    ]);
  });
});

describe('API versions', () => {
  const cron = {
    spec: {
      schedule: '@daily',
      jobTemplate: {
        spec: {
          template: {
            spec: podSpec({ automountServiceAccountToken: false, restartPolicy: 'Never' }),
          },
        },
      },
    },
  };

  test('one that is gone is refused with the release that dropped it', () => {
    const findings = found((chart) => void object(chart, 'batch/v1beta1 CronJob night', cron));
    expect(findings).toMatchObject([
      {
        rule: 'api/not-served',
        severity: 'error',
        object: 'ns/cronjob.batch/night',
        reason:
          "'kubernetes 1.34' does not serve batch/v1beta1 CronJob; it went with Kubernetes 1.25",
        fix: "Use batch/v1, or ask the target: target.apiVersion('CronJob').",
      },
    ]);
  });

  test('one that is still served beside its successor is warned of', () => {
    const findings = found((chart) => void object(chart, 'batch/v1beta1 CronJob night', cron), old);
    expect(findings.find(({ rule }) => rule === 'api/deprecated')).toMatchObject({
      severity: 'warning',
      fix: 'Use batch/v1.',
    });
  });
});

describe('selectors', () => {
  test('a workload that does not select its own pods is refused', () => {
    const findings = found((chart) =>
      web(chart, {}, { selector: { matchLabels: { app: 'wed' } } }),
    );
    expect(said(findings)).toEqual([
      'selector/not-own-pods ns/deployment.apps/web: spec.selector asks for app=wed, but the pods of its template are labelled app=web',
    ]);
  });

  test.each([
    ['v1 Service web', { spec: { selector: { app: 'wed' }, ports: [{ port: 80 }] } }],
    [
      'policy/v1 PodDisruptionBudget web',
      { spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'wed' } } } },
    ],
    [
      'networking.k8s.io/v1 NetworkPolicy web',
      { spec: { podSelector: { matchLabels: { app: 'wed' } } } },
    ],
    [
      'policy/v1 PodDisruptionBudget other',
      {
        spec: {
          maxUnavailable: 1,
          selector: { matchExpressions: [{ key: 'app=wed', operator: 'Exists' }] },
        },
      },
    ],
  ])('%s that is about no pod is warned of', (what, fields) => {
    const findings = found((chart) => {
      web(chart);
      object(chart, what, fields);
    });
    expect(findings).toMatchObject([
      {
        rule: 'selector/matches-nothing',
        severity: 'warning',
        reason: expect.stringContaining('app=wed'),
      },
    ]);
  });

  test('unless it says who makes the pods', () => {
    const findings = found((chart) => {
      const policy = object(chart, 'networking.k8s.io/v1 NetworkPolicy users', {
        spec: { podSelector: { matchLabels: { app: 'notebook' } } },
      });
      podsMadeBy(policy, 'kubespawner');
    });
    expect(findings).toEqual([]);
  });
});

describe('ports', () => {
  test.each([
    ['http', []],
    [8080, []],
    [
      'https',
      [
        "port/closed ns/service/web: port 'w' leads to 'https', which no container of ns/deployment.apps/web opens; it opens 'http', 8080",
      ],
    ],
    [
      8081,
      [
        "port/closed ns/service/web: port 'w' leads to 8081, which no container of ns/deployment.apps/web opens; it opens 'http', 8080",
      ],
    ],
  ])('a Service that leads to %j', (targetPort, expected) => {
    const findings = found((chart) => {
      web(chart);
      service(chart, { name: 'w', port: 80, targetPort });
    });
    expect(said(findings)).toEqual(expected);
  });

  test('a probe of a port that the container has not is refused', () => {
    const findings = found((chart) =>
      web(chart, { readinessProbe: { httpGet: { port: 'ready' } } }),
    );
    expect(findings).toMatchObject([{ rule: 'port/probe', severity: 'error' }]);
  });

  test.each([
    [
      'networking.k8s.io/v1 Ingress web',
      {
        rules: [
          {
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: 'web', port: { name: 'https' } } },
                },
              ],
            },
          },
        ],
      },
    ],
    [
      'networking.k8s.io/v1 Ingress web',
      {
        rules: [
          {
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: 'web', port: { number: 81 } } },
                },
              ],
            },
          },
        ],
      },
    ],
  ])('%s to a port that the Service has not is refused', (what, spec) => {
    const findings = found((chart) => {
      web(chart);
      service(chart, { name: 'http', port: 80, targetPort: 'http' });
      object(chart, what, { spec });
    });
    expect(findings).toMatchObject([{ rule: 'port/no-such-service-port', severity: 'error' }]);
  });
});

test('a token that nothing gives rights to, and rights to everything, are pointed out', () => {
  const findings = found((chart) => {
    object(chart, 'v1 ServiceAccount web');
    web(chart, {}, {}, { automountServiceAccountToken: true, serviceAccountName: 'web' });
    object(chart, 'rbac.authorization.k8s.io/v1 ClusterRole all', {
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
    });
  });
  expect(findings.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual([
    'error rbac/wildcard',
    'warning rbac/token-without-rights',
  ]);
});

describe('quotas', () => {
  const quota = (chart: Chart, hard: Fields): void =>
    void object(chart, 'v1 ResourceQuota all', { spec: { hard } });

  test.each([
    [{ 'requests.cpu': '1' }, 2, []],
    [
      { 'requests.cpu': '1' },
      3,
      ["the pods of namespace 'ns' come to 1.5 of requests.cpu when all run, and the quota has 1"],
    ],
    [
      { 'requests.memory': '2Gi' },
      3,
      [
        "the pods of namespace 'ns' come to 3072 MiB of requests.memory when all run, and the quota has 2Gi",
      ],
    ],
    [
      { pods: '2' },
      3,
      ["the pods of namespace 'ns' come to 3 of pods when all run, and the quota has 2"],
    ],
  ])('%j with %i pods', (hard, replicas, expected) => {
    const findings = found((chart) => {
      quota(chart, hard);
      web(chart, {}, { replicas });
    });
    expect(findings.map(({ reason }) => reason)).toEqual(expected);
  });

  test("the autoscaler's most counts, not what the workload starts with", () => {
    const findings = found((chart) => {
      quota(chart, { 'requests.cpu': '1' });
      web(chart, {}, { replicas: 1 });
      object(chart, 'autoscaling/v2 HorizontalPodAutoscaler web', {
        spec: {
          maxReplicas: 4,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        },
      });
    });
    expect(findings).toMatchObject([{ rule: 'quota/exceeded' }]);
  });

  test('a container without an amount that the quota counts would be refused', () => {
    const findings = found((chart) => {
      quota(chart, { 'limits.cpu': '8' });
      web(chart);
    });
    expect(findings).toMatchObject([{ rule: 'quota/unsized', object: 'ns/deployment.apps/web' }]);
  });

  test('unless the namespace has a default', () => {
    const findings = found((chart) => {
      quota(chart, { 'limits.cpu': '8' });
      object(chart, 'v1 LimitRange all', {
        spec: { limits: [{ type: 'Container', default: { cpu: '1' } }] },
      });
      web(chart);
    });
    expect(findings).toEqual([]);
  });
});

describe('conflicts', () => {
  test('a user namespace and an NFS volume', () => {
    const findings = found((chart) => {
      new ApiObject(chart, 'Volume', {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: 'share' },
        spec: { nfs: { server: 'nfs.example.org', path: '/' } },
      });
      object(chart, 'v1 PersistentVolumeClaim share', { spec: { volumeName: 'share' } });
      web(
        chart,
        {},
        {},
        {
          hostUsers: false,
          volumes: [{ name: 'share', persistentVolumeClaim: { claimName: 'share' } }],
        },
      );
    });
    expect(findings).toMatchObject([{ rule: 'conflict/user-namespace-nfs', severity: 'error' }]);
  });

  test.each([
    [{ maxUnavailable: 0 }, 2, true],
    [{ minAvailable: 2 }, 2, true],
    [{ minAvailable: 1 }, 2, false],
    [{ maxUnavailable: 1 }, 1, false],
  ])('a budget of %j over %i pods', (budget, replicas, blocks) => {
    const findings = found((chart) => {
      web(chart, {}, { replicas });
      object(chart, 'policy/v1 PodDisruptionBudget web', {
        spec: { selector: { matchLabels: labels }, ...budget },
      });
    });
    expect(findings.map(({ rule }) => rule)).toEqual(
      blocks ? ['conflict/budget-blocks-drain'] : [],
    );
  });

  test('an autoscaler of a container that requests no CPU', () => {
    const findings = found((chart) => {
      web(chart, { resources: {} });
      object(chart, 'autoscaling/v2 HorizontalPodAutoscaler web', {
        spec: {
          maxReplicas: 4,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        },
      });
    });
    expect(findings).toMatchObject([
      { rule: 'conflict/scaler-without-requests', severity: 'error' },
    ]);
  });

  test("a policy for pods on the node's network", () => {
    const findings = found((chart) => {
      web(chart, {}, {}, { hostNetwork: true });
      object(chart, 'networking.k8s.io/v1 NetworkPolicy web', {
        spec: { podSelector: { matchLabels: labels } },
      });
    });
    expect(findings).toMatchObject([{ rule: 'conflict/policy-on-host-network' }]);
  });
});

test('values that fit the schema and that the API server refuses', () => {
  const findings = found((chart) => {
    web(chart, { livenessProbe: { httpGet: { port: 'http' }, tcpSocket: { port: 'http' } } });
    object(chart, 'v1 Service web', { spec: { selector: labels, ports: [] } });
  });
  expect(said(findings)).toEqual([
    "api/refused ns/deployment.apps/web: container 'server' has a livenessProbe that asks in 2 ways: the API server refuses it",
    'api/refused ns/service/web: it has no port: the API server refuses it',
  ]);
});

test('images without a digest are one finding, and those with one are none', () => {
  const plan = planOfChart((chart) => {
    web(chart);
    web(new Chart(chart, 'other', { namespace: 'other' }), {
      image: `example.org/locked:1@sha256:${'a'.repeat(64)}`,
    });
  });
  expect(images(plan, 'none', 'warning')).toMatchObject([
    { rule: 'image/unlocked', reason: '1 images are named by tag alone: example.org/server:1' },
  ]);
});

test('what constructs found and the departures they admit come along, with their place', () => {
  const plan = planOfChart((chart) => {
    const settings = object(chart, 'v1 ConfigMap settings');
    find(settings, {
      rule: 'storage/over-committed',
      severity: 'warning',
      reason: 'too much',
      fix: 'less',
    });
    exempt(settings, { rule: 'host-access', reason: 'it must' });
  });
  expect(findingsOf(plan, current)).toEqual([
    {
      rule: 'storage/over-committed',
      severity: 'warning',
      object: 'ns/configmap/settings',
      path: 'chart/ConfigMap-settings',
      source: [],
      reason: 'too much',
      fix: 'less',
    },
    {
      rule: 'house/host-access',
      severity: 'note',
      object: 'ns/configmap/settings',
      path: 'chart/ConfigMap-settings',
      source: [],
      reason: 'it must',
      fix: 'Nothing, if the reason holds.',
    },
  ]);
});
