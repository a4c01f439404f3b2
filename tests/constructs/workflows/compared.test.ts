import { z } from 'zod';

import type { TargetName } from '../../../constructs/targets';
import { ReanaClusterReads } from '../../../constructs/workflows/cluster-reads';
import { Reana } from '../../../constructs/workflows/reana';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';
import { chartFor, synth, Synthesized, type Rendered } from '../../support/synth';
import { backup, inside, login, mail, minimal, onOkd, pooler, sessions, withDask } from './support';

const container = z.object({
  name: z.string(),
  readinessProbe: z.unknown().optional(),
  livenessProbe: z.unknown().optional(),
  resources: z.object({ requests: z.object({ cpu: z.string(), memory: z.string() }) }).optional(),
});
const template = z.object({ spec: z.object({ containers: z.array(container) }) });
const workload = z.union([
  z.object({ spec: z.object({ template }) }).transform(({ spec }) => spec.template.spec),
  z
    .object({ spec: z.object({ jobTemplate: z.object({ spec: z.object({ template }) }) }) })
    .transform(({ spec }) => spec.jobTemplate.spec.template.spec),
]);
const RUNNING = ['Deployment', 'StatefulSet', 'DaemonSet'];
const podsOf = (objects: readonly Rendered[]) =>
  objects
    .filter(({ kind }) => [...RUNNING, 'Job', 'CronJob'].includes(kind))
    .map((object) => ({ object, ...workload.parse(object) }));

const everything: Partial<ReanaProps> = {
  sessions,
  mail,
  login,
  pooler,
  voms: {},
  database: { ...inside, backup },
};
const { rootInRuns = 'refused' } = onOkd;

/** Upstream's chart 0.9.4 at its defaults, counted: every pod, every pod, nine rules, five, three. */
test.each<[TargetName, string, ReanaProps]>([
  ['kubernetes 1.34', '0.9.4', minimal],
  ['kubernetes 1.34', '0.9.4 with everything', { ...minimal, ...everything }],
  ['kubernetes 1.34', 'the alpha', { ...minimal, release: '0.95.0-alpha.5' }],
  ['kubernetes 1.34', 'the alpha with everything', { ...withDask, ...everything }],
  ['okd 4.21', '0.9.4 with everything', { ...onOkd, ...everything }],
  ['okd 4.21', 'the alpha with everything', { ...withDask, ...everything, rootInRuns }],
])('on %s, %s has none of what upstream’s chart has', (target, _, props) => {
  const { objects } = synth(Reana, props, target);
  const pods = podsOf(objects);
  const unprobed = pods.filter(
    ({ object, containers }) =>
      RUNNING.includes(object.kind) &&
      !containers.some(
        (one) => one.readinessProbe !== undefined && one.livenessProbe !== undefined,
      ),
  );
  const withoutRequests = pods.filter(({ containers }) =>
    containers.some(({ resources }) => resources === undefined),
  );
  expect({
    pods: pods.length >= 9,
    unprobed: unprobed.map(({ object }) => object.metadata.name),
    withoutRequests: withoutRequests.map(({ object }) => object.metadata.name),
    ofTheCluster: objects.filter(({ kind }) => kind.startsWith('Cluster')),
    hostPaths: JSON.stringify(objects).split('hostPath').length - 1,
  }).toEqual({ pods: true, unprobed: [], withoutRequests: [], ofTheCluster: [], hostPaths: 0 });
});

test('the rules over the cluster that are offered apart are two, and read', () => {
  const chart = chartFor();
  new ReanaClusterReads(chart, 'Reads', { namespace: 'reana' });
  const { rules } = z
    .object({ rules: z.array(z.object({ verbs: z.array(z.string()) })) })
    .parse(new Synthesized(chart).one('ClusterRole'));
  expect(rules.map(({ verbs }) => verbs.join())).toEqual(['list', 'list']);
});
