import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stringify } from 'yaml';
import { z } from 'zod';

import { DaskDefinitions } from '../../../constructs/workflows/dask-definitions';
import { Reana } from '../../../constructs/workflows/reana';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { RecordedAccount } from '../../support/recorded-account';
import { chartFor, Synthesized } from '../../support/synth';
import { Program } from '../analysis/real/program';
import { freePorts } from '../edge/real/backends';
import { Cluster } from '../../support/cluster';
import { API_CALLS } from './api-calls';
import { withDask } from './support';

const LIMIT_MS = 300_000;
const NAMESPACE = `reana-dask-${process.pid}`;
const WORKFLOW = '0f1e2d3c-aaaa-bbbb-cccc-000000000000';
/** As `get_dask_component_name` of reana-commons has it. */
const CLUSTER = 'reana-run-dask-0f1e';

const operatorPod = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.tuple([z.object({ args: z.array(z.string()) })]) }),
    }),
  }),
});

const settings = z.object({ data: z.object({ 'settings.py': z.string() }) });

/** What the workflow controller makes for a workflow (`reana_workflow_controller/templates/dask_cluster.yaml`), less its volumes. */
function cluster(replicas: number): object {
  const container = { image: 'docker.io/daskdev/dask:2026.3.0', imagePullPolicy: 'IfNotPresent' };
  return {
    apiVersion: 'kubernetes.dask.org/v1',
    kind: 'DaskCluster',
    metadata: {
      name: CLUSTER,
      namespace: NAMESPACE,
      labels: { 'user-uuid': 'u', 'reana-run-dask-workflow-uuid': WORKFLOW },
    },
    spec: {
      worker: {
        replicas,
        spec: { containers: [{ name: 'worker', ...container, command: ['/bin/sh', '-c'] }] },
      },
      scheduler: {
        spec: { containers: [{ name: 'scheduler', ...container, args: ['dask-scheduler'] }] },
        service: {
          type: 'ClusterIP',
          selector: { 'dask.org/component': 'scheduler', 'dask.org/cluster-name': CLUSTER },
          ports: [
            { name: 'tcp-comm', protocol: 'TCP', port: 8786, targetPort: 8786 },
            { name: 'http-dashboard', protocol: 'TCP', port: 8787, targetPort: 8787 },
          ],
        },
      },
    },
  };
}

const autoscaler = {
  apiVersion: 'kubernetes.dask.org/v1',
  kind: 'DaskAutoscaler',
  metadata: { name: 'dask-autoscaler-0f1e', namespace: NAMESPACE },
  spec: { cluster: CLUSTER, minimum: 0, maximum: 2 },
};

describeWith(
  ['dask-operator'],
  "Dask's real operator, with the account, the Role and the arguments that we render",
  (pathOf) => {
    const site = new Cluster();
    const folder = mkdtempSync(join(tmpdir(), 'beamline-reana-dask-'));
    let account: RecordedAccount;
    let program: Program;

    const named = async (what: string): Promise<string[]> => {
      const text = await site.kubectl(['get', what, '-n', NAMESPACE, '-o', 'name']);
      return text.split('\n').filter((line) => line !== '');
    };

    const apply = (objects: readonly object[]): Promise<string> =>
      site.kubectl(
        ['apply', '--server-side', '--force-conflicts', '-f', '-'],
        objects.map((object) => stringify(object)).join('---\n'),
      );

    beforeAll(async () => {
      const chart = chartFor('kubernetes 1.34', NAMESPACE);
      new DaskDefinitions(chart, 'Dask');
      new Reana(chart, 'Reana', withDask);
      const rendered = new Synthesized(chart);
      await apply([
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
        ...rendered.all('CustomResourceDefinition'),
      ]);
      await site.kubectl([
        ...['wait', '--for=condition=established', '--timeout=60s'],
        ...rendered.names('CustomResourceDefinition').map((name) => `crd/${name}`),
      ]);
      await apply(
        ['ServiceAccount', 'Role', 'RoleBinding']
          .flatMap((kind) => rendered.all(kind))
          .filter(({ metadata }) => metadata.name === 'reana-dask-operator'),
      );
      account = await RecordedAccount.start(site, {
        name: 'reana-dask-operator',
        namespace: NAMESPACE,
        folder,
      });
      const [health = 0] = await freePorts(1);
      const found = rendered.one('Deployment', 'reana-dask-operator');
      const { args } = operatorPod.parse(found).spec.template.spec.containers[0];
      const { data } = settings.parse(rendered.one('ConfigMap', 'reana-dask-operator'));
      writeFileSync(join(folder, 'settings.py'), data['settings.py']);
      // The entrypoint of the image, and what we give it.
      program = Program.start(
        join(pathOf('dask-operator'), 'bin', 'kopf'),
        [
          ...['run', '-m', 'dask_kubernetes.operator.controller'],
          ...args.map((arg) =>
            arg.replace('0.0.0.0:8080', `127.0.0.1:${health}`).replace('/etc/reana', folder),
          ),
        ],
        { KUBECONFIG: account.kubeconfig },
        folder,
      );
      await apply([cluster(2)]);
      await apply([autoscaler]);
    }, LIMIT_MS);

    afterAll(async () => {
      await program.stop();
      await account.stop();
      await site.kubectl(['delete', 'ns', NAMESPACE, '--ignore-not-found', '--wait=false']);
      rmSync(folder, { recursive: true });
    }, LIMIT_MS);

    const seen = async (what: string, wanted: () => Promise<boolean>): Promise<void> =>
      until(wanted, what, 240_000).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${program.log.slice(-6000)}`);
      });

    test(
      'it makes the scheduler and the workers of a cluster as REANA writes it',
      async () => {
        await seen('no scheduler and two workers', async () => {
          const made = await named('deployments');
          return made.length === 3;
        });
        expect(await named('services')).toEqual([`service/${CLUSTER}-scheduler`]);
        expect(await named('daskworkergroups')).toHaveLength(1);
      },
      LIMIT_MS,
    );

    test(
      'every pod of it has the label by which policies know it',
      async () => {
        const labels = await site.kubectl([
          ...['get', 'deployments', '-n', NAMESPACE, '-o'],
          'jsonpath={range .items[*]}{.spec.template.metadata.labels.reana-run-dask-workflow-uuid}{"\\n"}{end}',
        ]);
        expect(labels.trim().split('\n')).toEqual([WORKFLOW, WORKFLOW, WORKFLOW]);
      },
      LIMIT_MS,
    );

    test(
      'more workers are made when it is asked for them',
      async () => {
        await apply([cluster(3)]);
        await seen('no third worker', async () => (await named('deployments')).length === 4);
      },
      LIMIT_MS,
    );

    test('it was refused nothing, and asked for nothing outside its namespace', () => {
      expect(account.refused).toEqual([]);
      const asked = account.requests.map(({ verb, group, resource, namespace }) => ({
        call: `${verb} ${group}/${resource}`,
        namespace,
      }));
      expect(asked.filter(({ namespace }) => namespace !== NAMESPACE)).toEqual([]);
      expect(program.running).toBe(true);
      const granted = new Set(
        API_CALLS.filter(({ account: whose }) => whose === 'dask-operator').map(
          ({ verb, group, resource }) => `${verb} ${group}/${resource}`,
        ),
      );
      expect(asked.filter(({ call }) => !granted.has(call))).toEqual([]);
    });
  },
);
