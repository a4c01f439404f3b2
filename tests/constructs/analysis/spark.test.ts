import { Chart } from 'cdk8s';
import { z } from 'zod';

import type { ObjectBucket } from '../../../constructs/contracts';
import {
  SparkHistoryServer,
  type SparkHistoryServerProps,
} from '../../../constructs/analysis/spark-history';
import { SparkJob, type SparkJobProps } from '../../../constructs/analysis/spark-job';
import {
  SparkOperator,
  type SparkOperatorProps,
} from '../../../constructs/analysis/spark-operator';
import { UPSTREAM_FILES } from '../../../constructs/versions';
import { ensureUpstream } from '../../../upstream/fetch';
import { houseRuleProblems } from '../../support/house-rules';
import { messageFrom } from '../../support/message';
import { chartFor, rendered, synth, type Synthesized } from '../../support/synth';
import { atlas, cms, cvmfs, identity, ingress } from './support';

const { sparkApplications, sparkScheduledApplications, sparkConnects } = UPSTREAM_FILES;
beforeAll(
  () =>
    Promise.all(
      [sparkApplications, sparkScheduledApplications, sparkConnects].map((pin) =>
        ensureUpstream(pin),
      ),
    ),
  120_000,
);

const operator: SparkOperatorProps = { tenants: [cms, atlas], identity };
const monitoring = { by: 'prometheus-operator', labels: { release: 'site' } } as const;
const bucket: ObjectBucket = {
  endpoint: 'https://s3.example.org:8443',
  bucket: 'events',
  accessKey: { name: 'events', key: 'access' },
  secretKey: { name: 'events', key: 'secret' },
  ready: cvmfs.ready,
};
const onShare: SparkHistoryServerProps = {
  host: 'spark.example.org',
  ingress,
  events: { kind: 'share', share: { ...cvmfs, readOnly: false } },
};
const onS3: SparkHistoryServerProps = {
  ...onShare,
  events: {
    kind: 's3',
    bucket,
    image: 'registry.example.org/spark-s3:4.0.4',
    registries: ['registry.example.org'],
  },
};
const job: Omit<SparkJobProps, 'operator'> = {
  name: 'skim',
  namespace: 'cms',
  image: 'registry.example.org/skim:1.2.3',
  registries: ['registry.example.org'],
  sparkVersion: '4.0.4',
  program: { language: 'Python', file: 'local:///opt/skim.py' },
  driver: { cores: 1, memoryMiB: 2048, overheadMiB: 512 },
  executors: { count: 4, cores: 2, memoryMiB: 4096, overheadMiB: 1024 },
};

function withJob(change: Partial<SparkJobProps> = {}): Synthesized {
  return rendered((chart) => {
    const made = new SparkOperator(chart, 'Operator', { ...operator, definitions: 'cluster' });
    new SparkJob(chart, 'Job', { ...job, operator: made, ...change });
  }, 'okd 4.21');
}

describe.each(['okd 4.21', 'kubernetes 1.34'] as const)('on %s', (target) => {
  test('operator and history servers follow the house rules', () => {
    for (const made of [
      synth(
        SparkOperator,
        { ...operator, monitoring, monitoringNamespaces: ['monitoring'], definitions: 'cluster' },
        target,
      ),
      synth(SparkHistoryServer, onShare, target),
      synth(SparkHistoryServer, onS3, target),
    ]) {
      const problems = made.objects.flatMap((object) => houseRuleProblems(object, made.exceptions));
      expect(problems).toEqual([]);
    }
  });
});

test("rights are in the tenants' namespaces, without one over the cluster, Secrets or everything", () => {
  const made = synth(SparkOperator, operator, 'okd 4.21');
  expect(made.all('ClusterRole')).toEqual([]);
  expect(made.all('Role').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
    'cms/test-spark-operator',
    'cms/spark-driver',
    'cms/spark-people',
    'atlas/test-spark-operator',
    'atlas/spark-driver',
    'atlas/spark-people',
    'test/spark-operator',
  ]);
  expect(JSON.stringify(made.all('Role'))).not.toMatch(/"\*"|"secrets"/);
  expect(made.all('CustomResourceDefinition')).toHaveLength(3);
});

test('a history server on S3 reads its keys from a Secret', () => {
  const made = synth(SparkHistoryServer, onS3, 'okd 4.21');
  const text = JSON.stringify(made.one('Deployment'));
  expect(text).toContain('"secretKeyRef":{"key":"secret","name":"events"}');
  expect(text).toContain('-Dspark.hadoop.fs.s3a.endpoint=https://s3.example.org:8443');
  expect(JSON.stringify(made.one('NetworkPolicy', 'spark-history'))).toContain('8443');
});

test('a job is an application of its tenant, with the shares there, and templates for unprivileged pods', () => {
  const application = withJob().one('SparkApplication', 'skim');
  expect(application.metadata.namespace).toBe('cms');
  const mounts = [{ mountPath: '/cvmfs/cms.cern.ch', readOnly: true }];
  expect(application).toMatchObject({
    spec: {
      driver: {
        serviceAccount: 'spark-driver',
        memory: '2048m',
        template: {
          spec: {
            automountServiceAccountToken: true,
            securityContext: { runAsNonRoot: true },
            containers: [{ name: 'spark-kubernetes-driver', volumeMounts: mounts }],
          },
        },
      },
      executor: {
        instances: 4,
        template: {
          spec: {
            automountServiceAccountToken: false,
            containers: [{ name: 'spark-kubernetes-executor', volumeMounts: mounts }],
          },
        },
      },
    },
  });
});

test('a job with a schedule is made again and again, one at a time', () => {
  const made = withJob({ schedule: '0 3 * * *' }).one('ScheduledSparkApplication', 'skim');
  expect(z.object({ concurrencyPolicy: z.string() }).parse(made['spec'])).toEqual({
    concurrencyPolicy: 'Forbid',
  });
});

test.each<[string, Partial<SparkJobProps>, RegExp]>([
  ['a moving tag', { image: 'registry.example.org/skim:latest' }, /must have an exact tag/],
  [
    'an image from a registry outside the list',
    { image: 'docker.io/skim/skim:1.2.3' },
    /must come from one of 'registries', registry.example.org/,
  ],
  [
    'a namespace that is not a tenant',
    { namespace: 'lhcb' },
    /'namespace' 'lhcb' is not a tenant of the operator, cms, atlas/,
  ],
  [
    "memory above the tenant's quota",
    { executors: { ...job.executors, count: 60 } },
    /need 303 GiB, above the quota of tenant 'cms', 256/,
  ],
  [
    "cores above the tenant's quota",
    { executors: { ...job.executors, count: 40 } },
    /need 81 cores, above the quota of tenant 'cms', 64/,
  ],
  ['a Spark without templates', { sparkVersion: '2.4.8' }, /must be 3.0.0 or newer, as pods/],
  [
    'no memory beside the program',
    { driver: { ...job.driver, overheadMiB: 0 } },
    /'driver.overheadMiB' must be at least 384/,
  ],
])('a job with %s is refused', (_, change, message) => {
  expect(messageFrom(() => withJob(change))).toMatch(message);
});

test.each<[string, Partial<SparkOperatorProps>, RegExp]>([
  [
    'a group that is unknown',
    { tenants: [{ ...cms, groups: ['lhcb'] }] },
    /group 'lhcb' is not one of the identity provider's/,
  ],
  ['no tenant', { tenants: [] }, /must list at least one/],
  ['one namespace twice', { tenants: [cms, cms] }, /has the namespace 'cms' twice/],
  ['half a pod', { replicas: 0.5 }, /'replicas' must be a whole number from 1, got '0.5'/],
])('an operator with %s is refused', (_, change, message) => {
  expect(messageFrom(() => synth(SparkOperator, { ...operator, ...change }))).toMatch(message);
});

test.each<[string, SparkHistoryServerProps, RegExp]>([
  ['no host', { ...onShare, host: 'spark' }, /'host' must be a host name/],
  [
    'a share that is read-only',
    { ...onShare, events: { kind: 'share', share: cvmfs } },
    /'events.share' must be writable/,
  ],
  [
    'an image with a moving tag',
    {
      ...onS3,
      events: {
        ...onS3.events,
        kind: 's3',
        bucket,
        registries: ['quay.io'],
        image: 'quay.io/a/b:latest',
      },
    },
    /'events': 'image' must have an exact tag/,
  ],
])('a history server with %s is refused', (_, props, message) => {
  const build = (): unknown =>
    new SparkHistoryServer(new Chart(chartFor(), 'x', { namespace: 'x' }), 'History', props);
  expect(messageFrom(build)).toMatch(message);
});
