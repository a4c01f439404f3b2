import { autoscaler } from '../../../constructs/kit/autoscaler';
import type { TaskProps } from '../../../constructs/kit/containers';
import { daemonSet } from '../../../constructs/kit/daemon-set';
import { hintsOf } from '../../../constructs/kit/hints';
import { cronJob, job } from '../../../constructs/kit/jobs';
import { alerts, scrape } from '../../../constructs/kit/monitoring';
import { statefulSet } from '../../../constructs/kit/stateful-set';
import { deployment } from '../../../constructs/kit/workloads';
import { houseRuleProblems } from '../../support/house-rules';
import { chartFor, rendered, Synthesized } from '../../support/synth';

const part = { name: 'store', instance: 'main', component: 'db', partOf: 'registry' };
const task: TaskProps = {
  name: 'dump',
  image: 'registry.example.org/dump:1.2.3',
  resources: { cpu: '100m', memory: '128Mi' },
};
const probe = { tcpSocket: { port: 5432 } };
const server = { ...task, probes: { readiness: probe, liveness: probe } };

test('the pods of a StatefulSet have claims of their own and one leaves at a time', () => {
  const tree = rendered((chart) => {
    statefulSet(chart, 'Set', {
      name: 'db',
      part,
      replicas: 2,
      service: 'db',
      serviceAccount: 'db',
      claims: [{ name: 'data', className: 'fast', size: '10Gi' }],
      containers: [server],
    });
  });
  expect(tree.one('StatefulSet')).toMatchObject({
    spec: {
      serviceName: 'db',
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { storageClassName: 'fast', resources: { requests: { storage: '10Gi' } } },
        },
      ],
    },
  });
  expect(tree.names('PodDisruptionBudget')).toEqual(['db']);
  expect(tree.objects.flatMap((one) => houseRuleProblems(one, []))).toEqual([]);
});

test('a Job and a CronJob end, have a deadline and need no probes', () => {
  const tree = rendered((chart) => {
    const props = { part, serviceAccount: 'db', containers: [task], deadlineSeconds: 600 };
    job(chart, 'Init', { ...props, name: 'init', restart: 'OnFailure', backoffLimit: 2 });
    cronJob(chart, 'Backup', { ...props, name: 'backup', restart: 'Never', schedule: '0 3 * * *' });
  });
  expect(tree.one('Job')).toMatchObject({
    spec: { backoffLimit: 2, activeDeadlineSeconds: 600 },
  });
  expect(tree.one('CronJob')).toMatchObject({
    spec: { concurrencyPolicy: 'Forbid', jobTemplate: { spec: { backoffLimit: 6 } } },
  });
  expect(tree.objects.flatMap((one) => houseRuleProblems(one, []))).toEqual([]);
});

test('a CronJob that only people start is suspended', () => {
  const jobs = rendered((chart) => {
    const props = { part, serviceAccount: 'store', containers: [task], deadlineSeconds: 60 };
    cronJob(chart, 'Restore', {
      ...props,
      name: 'restore',
      restart: 'Never',
      schedule: '0 3 * * *',
      suspend: true,
    });
  });
  expect(jobs.one('CronJob')['spec']).toMatchObject({ suspend: true });
});

test('more privilege is recorded with its reason, container by container', () => {
  const tree = rendered((chart) => {
    daemonSet(chart, 'Nodes', {
      name: 'nodes',
      part,
      serviceAccount: 'nodes',
      root: { exempt: 'mounts' },
      containers: [{ ...server, elevated: { exempt: 'mounts', context: { privileged: true } } }],
    });
  });
  expect(tree.one('DaemonSet')).toMatchObject({
    spec: {
      template: {
        spec: {
          securityContext: { runAsUser: 0 },
          containers: [{ securityContext: { privileged: true } }],
        },
      },
    },
  });
  expect(tree.exceptions.map(({ rule, container }) => [rule, container])).toEqual([
    ['non-root', undefined],
    ['privilege-escalation', 'dump'],
    ['capabilities', 'dump'],
  ]);
});

test.each([
  ['kubernetes 1.34', { metrics: [{ type: 'Resource' }, { type: 'Pods' }] }],
  ['okd 3.11', { targetCPUUtilizationPercentage: 70 }],
] as const)('an autoscaler on %s owns the replicas', (target, spec) => {
  const chart = chartFor(target);
  const workload = deployment(chart, 'Web', {
    name: 'web',
    part,
    replicas: 2,
    serviceAccount: 'web',
    containers: [server],
  });
  autoscaler(chart, 'Scale', {
    part,
    workload,
    min: 2,
    max: 5,
    cpuPercent: 70,
    metrics: [{ type: 'Pods' }],
    calmSeconds: 60,
  });
  expect(new Synthesized(chart).one('HorizontalPodAutoscaler')).toMatchObject({
    metadata: { name: 'web' },
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 5, ...spec },
  });
  expect(hintsOf(workload).ignoreChanges).toEqual(['spec.replicas']);
});

test('metrics are collected where the site has the operator, and nowhere else', () => {
  const on = { by: 'prometheus-operator', labels: { release: 'site' } } as const;
  const rules = [
    { alert: 'Down', expr: 'up == 0', for: '5m', severity: 'critical', summary: 'it is down' },
  ] as const;
  const both = rendered((chart) => {
    scrape(chart, 'Scrape', on, { name: 'db', part, port: 'metrics', path: '/m' });
    alerts(chart, 'Alerts', on, { name: 'db', part, rules });
  });
  expect(both.one('ServiceMonitor')).toMatchObject({
    metadata: { labels: { release: 'site' } },
    spec: { endpoints: [{ port: 'metrics', path: '/m' }] },
  });
  expect(both.one('PrometheusRule')).toMatchObject({
    spec: { groups: [{ rules: [{ alert: 'Down', labels: { severity: 'critical' } }] }] },
  });
  const none = rendered((chart) => {
    scrape(chart, 'Scrape', 'none', { name: 'db', part, port: 'metrics' });
    alerts(chart, 'Alerts', 'none', { name: 'db', part, rules });
  });
  expect(none.objects).toEqual([]);
});
