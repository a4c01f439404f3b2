import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';
import { stringify } from 'yaml';
import { z } from 'zod';

import { ReanaClusterReads } from '../../../constructs/workflows/cluster-reads';
import { Reana } from '../../../constructs/workflows/reana';
import { cachedTool } from '../../../sandbox/toolchain/ensure-tools';
import { Cluster } from '../../support/cluster';
import { chartFor, Synthesized } from '../../support/synth';
import { API_CALLS, type ApiCall } from './api-calls';
import { storageClass, withDask } from './support';

const NAMESPACE = 'reana-rights-it';
/** Another project of the cluster, in which REANA has nothing to say. */
const ELSEWHERE = 'default';
const PREFIX = 'rights-it';
const ACCOUNTS = ['infrastructure', 'runtime', 'dask-operator'] as const;
const LIMIT_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'beamline-reana-rights-'));
const cluster = new Cluster();
const kubeconfigs = new Map<ApiCall['account'], string>();

const review = z.object({
  spec: z.object({
    resourceAttributes: z.object({
      verb: z.string(),
      resource: z.string(),
      group: z.string().optional(),
      subresource: z.string().optional(),
    }),
  }),
  status: z.object({ allowed: z.boolean() }),
});
const reviews = z.union([
  z.object({ items: z.array(review) }),
  review.transform((one) => ({ items: [one] })),
]);

type Question = Pick<ApiCall, 'account' | 'verb' | 'group' | 'resource'> & {
  readonly namespace: string | undefined;
};

const written = ({ verb, group, resource }: Pick<ApiCall, 'verb' | 'group' | 'resource'>): string =>
  `${verb} ${group === '' ? '' : `${group}/`}${resource}`;

/** What of all this the API server refuses, asked with the ServiceAccount's own token by SelfSubjectAccessReview. */
async function allowed(
  account: ApiCall['account'],
  questions: readonly Question[],
): Promise<boolean[]> {
  const documents = questions.map(({ verb, group, resource, namespace }) => {
    const [plural = '', subresource] = resource.split('/');
    return stringify({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, group, resource: plural, subresource, namespace } },
    });
  });
  const { stdout } = await execa(
    cachedTool('kubectl') ?? 'kubectl',
    [
      '--kubeconfig',
      kubeconfigs.get(account) ?? '',
      'create',
      '--validate=false',
      '-o',
      'json',
      '-f',
      '-',
    ],
    { input: documents.join('---\n'), timeout: 60_000 },
  );
  // kubectl prints one document after another.
  const answers = stdout
    .split(/^(?=\{$)/m)
    .flatMap((text) => reviews.parse(JSON.parse(text)).items);
  return answers.map(({ status }) => status.allowed);
}

beforeAll(async () => {
  const chart = chartFor('kubernetes 1.34', NAMESPACE);
  new Reana(chart, 'Reana', {
    ...withDask,
    prefix: PREFIX,
    cvmfs: { kind: 'class', class: storageClass(`${PREFIX}-cvmfs`, 'ReadOnlyMany') },
    sessions: { inactiveDays: 7, ingressAnnotations: {} },
    clusterReads: true,
  });
  new ReanaClusterReads(chart, 'Reads', { namespace: NAMESPACE, prefix: PREFIX });
  const rendered = new Synthesized(chart);
  await cluster.apply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    ...['ServiceAccount', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].flatMap(
      (kind) => rendered.all(kind),
    ),
  ]);
  for (const account of ACCOUNTS) {
    kubeconfigs.set(account, await cluster.kubeconfigOf(`${PREFIX}-${account}`, NAMESPACE, folder));
  }
}, LIMIT_MS);

afterAll(async () => {
  const name = `beamline:${NAMESPACE}:${PREFIX}-reads`;
  const left = [`ns/${NAMESPACE}`, `clusterrole/${name}`, `clusterrolebinding/${name}`];
  await cluster.kubectl(['delete', '--ignore-not-found', '--wait=false', ...left]);
  rmSync(folder, { recursive: true, force: true });
}, LIMIT_MS);

describe.each(ACCOUNTS)('the ServiceAccount %s', (account) => {
  const own = API_CALLS.filter((call) => call.account === account);
  const placed =
    (namespace: string) =>
    (call: ApiCall): Question => ({
      ...call,
      namespace: call.when === 'clusterReads' ? undefined : namespace,
    });

  test(
    'may make every call of the sources',
    async () => {
      const answers = await allowed(account, own.map(placed(NAMESPACE)));
      const refused = own.filter((_, at) => answers[at] !== true);
      expect(refused.map((call) => `${written(call)} (${call.source})`)).toEqual([]);
      expect(answers).toHaveLength(own.length);
    },
    LIMIT_MS,
  );

  test(
    'may make none of them in another namespace',
    async () => {
      const namespaced = own.filter(({ when }) => when !== 'clusterReads');
      const answers = await allowed(account, namespaced.map(placed(ELSEWHERE)));
      expect(answers).toEqual(namespaced.map(() => false));
    },
    LIMIT_MS,
  );

  test(
    'may do nothing else to what it knows, nor to what others keep there',
    async () => {
      const wanted = new Set(own.map(written));
      const resources = [
        ...new Map(
          API_CALLS.map(({ group, resource }) => [`${group}/${resource}`, { group, resource }]),
        ).values(),
        { group: '', resource: 'configmaps' },
        { group: '', resource: 'persistentvolumeclaims' },
        { group: '', resource: 'pods/exec' },
        { group: '', resource: 'serviceaccounts/token' },
        { group: 'rbac.authorization.k8s.io', resource: 'rolebindings' },
        { group: 'networking.k8s.io', resource: 'networkpolicies' },
      ];
      const verbs = [
        'get',
        'list',
        'watch',
        'create',
        'update',
        'patch',
        'delete',
        'deletecollection',
      ];
      const questions = resources
        .flatMap((resource) =>
          verbs.map((verb): Question => ({ ...resource, verb, account, namespace: NAMESPACE })),
        )
        .filter((question) => !wanted.has(written(question)))
        // A namespace says nothing of nodes: the rule over the cluster answers for every one.
        .filter(({ resource, verb }) => resource !== 'nodes' || verb !== 'list');
      const answers = await allowed(account, questions);
      expect(questions.filter((_, at) => answers[at] === true).map(written)).toEqual([]);
      expect(answers).toHaveLength(questions.length);
    },
    LIMIT_MS,
  );
});
