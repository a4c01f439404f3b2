import { Chart } from 'cdk8s';
import { z } from 'zod';

import { ReanaClusterReads } from '../../../constructs/workflows/cluster-reads';
import { Reana } from '../../../constructs/workflows/reana';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';
import { chartFor, synth, Synthesized } from '../../support/synth';
import { API_CALLS, type ApiCall } from './api-calls';
import { apart, minimal, onOkd, sessions, storageClass, withDask } from './support';

const rules = z.array(
  z.strictObject({
    apiGroups: z.array(z.string()),
    resources: z.array(z.string()),
    verbs: z.array(z.string()),
  }),
);

function pairsOf(granted: z.infer<typeof rules>): string[] {
  return granted
    .flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource} ${verb}`)),
      ),
    )
    .sort();
}

test.each([
  ['without notebooks', minimal, ['always']],
  ['with notebooks', { ...minimal, sessions }, ['always', 'sessions']],
  [
    'with CVMFS for jobs',
    { ...minimal, cvmfs: { kind: 'class', class: storageClass('reana-cvmfs', 'ReadOnlyMany') } },
    ['always', 'cvmfs'],
  ],
  ['with Dask', withDask, ['always', 'dask']],
] satisfies [string, ReanaProps, ApiCall['when'][]][])(
  '%s, the Roles grant the calls of the sources and nothing else',
  (_, props, when) => {
    const made = synth(Reana, props);
    for (const account of ['infrastructure', 'runtime'] as const) {
      const granted = z.object({ rules }).parse(made.one('Role', `reana-${account}`)).rules;
      const wanted = API_CALLS.filter(
        (call) => call.account === account && when.some((one) => one === call.when),
      );
      expect(pairsOf(granted)).toEqual(
        [
          ...new Set(wanted.map(({ group, resource, verb }) => `${group}/${resource} ${verb}`)),
        ].sort(),
      );
    }
  },
);

test('the operator for Dask is granted its calls and nothing else', () => {
  const granted = z
    .object({ rules })
    .parse(synth(Reana, withDask).one('Role', 'reana-dask-operator')).rules;
  const wanted = API_CALLS.filter(({ account }) => account === 'dask-operator');
  expect(pairsOf(granted)).toEqual(
    wanted.map(({ group, resource, verb }) => `${group}/${resource} ${verb}`).sort(),
  );
});

test('the two rules over the cluster are those that the sources call', () => {
  const chart = chartFor();
  new ReanaClusterReads(chart, 'Reads', { namespace: 'reana' });
  const granted = z.object({ rules }).parse(new Synthesized(chart).one('ClusterRole')).rules;
  const wanted = API_CALLS.filter(({ when }) => when === 'clusterReads');
  expect(pairsOf(granted)).toEqual(
    wanted.map(({ group, resource, verb }) => `${group}/${resource} ${verb}`).sort(),
  );
});

test('rights: one Role for each ServiceAccount that calls the API, those of notebooks only with notebooks', () => {
  const rules = (props: ReanaProps): string =>
    JSON.stringify(synth(Reana, props).one('Role', 'reana-infrastructure'));
  expect(synth(Reana, minimal).names('Role')).toEqual(['reana-infrastructure', 'reana-runtime']);
  expect(rules(minimal)).not.toContain('deployments');
  expect(rules({ ...minimal, sessions })).toContain('deployments');
  expect(synth(Reana, onOkd, 'okd 4.21').names('Role')).toEqual([
    'default-scc-nonroot-v2',
    'reana-infrastructure',
    'reana-runtime',
    'reana-runtime-scc-anyuid',
  ]);
});

describe('with runs in a namespace of their own', () => {
  const made = synth(Reana, apart);
  const roles = z.object({
    metadata: z.object({ name: z.string(), namespace: z.string() }),
    rules,
  });
  const granted = (namespace: string, name: string): string[] =>
    made
      .all('Role')
      .map((role) => roles.parse(role))
      .filter(({ metadata }) => metadata.namespace === namespace && metadata.name === name)
      .flatMap((role) => pairsOf(role.rules));

  test('what REANA does to runs is granted there, and beside its own Secrets it counts pods', () => {
    const called = (account: string): string[] =>
      [
        ...new Set(
          API_CALLS.filter((call) => call.account === account && call.when === 'always').map(
            ({ group, resource, verb }) => `${group}/${resource} ${verb}`,
          ),
        ),
      ].sort();
    expect(granted('reana-runs', 'reana-infrastructure')).toEqual(called('infrastructure'));
    expect(granted('reana-runs', 'reana-runtime')).toEqual(called('runtime'));
    expect(granted('test', 'reana-infrastructure')).toEqual(['/pods list']);
    expect(granted('test', 'reana-runtime')).toEqual([]);
  });

  test('programs are told of it, and policies of each name the other', () => {
    const server = JSON.stringify(made.one('Deployment', 'reana-server'));
    expect(server).toContain('"REANA_RUNTIME_KUBERNETES_NAMESPACE","value":"reana-runs"');
    expect(server).toContain('"REANA_INFRASTRUCTURE_KUBERNETES_NAMESPACE","value":"test"');
    const runs = made.one('NetworkPolicy', 'reana-runs');
    expect(runs.metadata.namespace).toBe('reana-runs');
    expect(JSON.stringify(runs)).toContain('"kubernetes.io/metadata.name":"test"');
    const database = JSON.stringify(made.one('NetworkPolicy', 'reana-db'));
    expect(database).toContain('"kubernetes.io/metadata.name":"reana-runs"');
  });

  test('that namespace is no other REANA’s', () => {
    const chart = chartFor('kubernetes 1.34', 'reana-runs');
    const first = new Chart(chart, 'First', { namespace: 'test' });
    new Reana(first, 'Reana', apart);
    expect(() => new Reana(chart, 'Second', minimal)).toThrow(
      "namespace 'reana-runs' has a REANA already",
    );
  });
});
