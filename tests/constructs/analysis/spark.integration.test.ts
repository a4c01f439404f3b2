import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Chart } from 'cdk8s';
import { z } from 'zod';

import { SparkJob } from '../../../constructs/analysis/spark-job';
import { SparkOperator } from '../../../constructs/analysis/spark-operator';
import { attachTarget, Target } from '../../../constructs/targets';
import { UPSTREAM_FILES } from '../../../constructs/versions';
import { objectsOf, type Manifest } from '../../../plan/model';
import { ensureUpstream } from '../../../upstream/fetch';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { planFrom } from '../../support/plan';
import { RecordedAccount } from '../../support/recorded-account';
import { freePorts } from '../edge/real/backends';
import { Cluster } from '../../support/cluster';
import { namespace } from './real/rendered';
import { Program } from './real/program';
import { atlas, cms, identity } from './support';

const LIMIT_MS = 180_000;
const own = `spark-${process.pid}`;
const tenant = `spark-cms-${process.pid}`;
const stranger = `spark-lhcb-${process.pid}`;

/** An operator for two tenants, and a job of one, on OKD. */
function renderedSpark(): Manifest[] {
  const plan = planFrom((app) => {
    attachTarget(app, Target.parse('okd 4.21'));
    const chart = new Chart(app, 'spark', { namespace: own });
    const operator = new SparkOperator(chart, 'Operator', {
      tenants: [
        { ...cms, shares: [], namespace: tenant },
        { ...atlas, namespace: `${tenant}-2` },
      ],
      identity,
    });
    new SparkJob(chart, 'Job', {
      name: 'skim',
      operator,
      namespace: tenant,
      image: 'registry.example.org/skim:1.2.3',
      registries: ['registry.example.org'],
      sparkVersion: '4.0.4',
      program: { language: 'Python', file: 'local:///opt/skim.py' },
      driver: { cores: 1, memoryMiB: 2048, overheadMiB: 512 },
      executors: { count: 2, cores: 1, memoryMiB: 2048, overheadMiB: 512 },
    });
  });
  return objectsOf(plan).map(({ manifest }) => manifest);
}

const deployment = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.array(z.object({ args: z.array(z.string()) })) }),
    }),
  }),
});

describeWith(
  ['spark-operator'],
  'the real Spark operator, with the account, the Roles and the arguments that we render',
  (pathOf) => {
    const cluster = new Cluster();
    const folder = mkdtempSync(join(tmpdir(), 'beamline-spark-'));
    let account: RecordedAccount;
    let program: Program;

    beforeAll(async () => {
      const { sparkApplications, sparkScheduledApplications, sparkConnects } = UPSTREAM_FILES;
      for (const pin of [sparkApplications, sparkScheduledApplications, sparkConnects])
        await ensureUpstream(pin);
      const objects = renderedSpark();
      const wanted = ['CustomResourceDefinition', 'ServiceAccount', 'Role', 'RoleBinding'];
      await cluster.apply([own, tenant, `${tenant}-2`, stranger].map(namespace));
      await cluster.apply(objects.filter(({ kind }) => wanted.includes(kind)));
      account = await RecordedAccount.start(cluster, {
        name: 'spark-operator',
        namespace: own,
        folder,
      });
      const [health = 0, metrics = 0] = await freePorts(2);
      const found = objects.find(({ kind }) => kind === 'Deployment');
      const [container] = deployment.parse(found).spec.template.spec.containers;
      const args = (container?.args ?? []).map((arg) =>
        arg.replace(':8081', `127.0.0.1:${health}`).replace(':8080', `127.0.0.1:${metrics}`),
      );
      program = Program.start(
        pathOf('spark-operator'),
        args,
        { KUBECONFIG: account.kubeconfig },
        folder,
      );
      const job = objects.filter(({ kind }) => kind === 'SparkApplication');
      await cluster.apply(job);
      await cluster.apply(
        job.map((object) => ({ ...object, metadata: { name: 'skim', namespace: stranger } })),
      );
    }, LIMIT_MS);

    afterAll(async () => {
      await program.stop();
      await account.stop();
      const gone = ['--ignore-not-found', '--wait=false'];
      await cluster.kubectl(['delete', 'namespace', own, tenant, `${tenant}-2`, stranger, ...gone]);
      rmSync(folder, { recursive: true });
    }, LIMIT_MS);

    const state = (inNamespace: string): Promise<string> =>
      cluster.kubectl([
        ...['get', 'sparkapplication', 'skim', '-n', inNamespace],
        ...[
          '-o',
          'jsonpath={.status.applicationState.state} {.status.applicationState.errorMessage}',
        ],
      ]);

    test(
      "the API server takes our job by upstream's definition, and the operator takes it up",
      async () => {
        // There is no Spark here, so that the submission itself fails and the operator says so in the status.
        await until(
          async () => (await state(tenant)).includes('FAILED'),
          'the operator never took the job up',
          90_000,
        ).catch((error: unknown) => {
          throw new Error(`${String(error)}\n${program.log.slice(-4000)}`);
        });
        expect(await state(tenant)).toMatch(/SPARK_HOME|spark-submit/);
      },
      LIMIT_MS,
    );

    test('an application where no tenant is stays untouched, and nothing asks for it', async () => {
      expect((await state(stranger)).trim()).toBe('');
      const asked = new Set(account.requests.map((request) => request.namespace));
      expect([...asked].filter((name) => ![own, tenant, `${tenant}-2`].includes(name))).toEqual([]);
    });

    test('it was refused nothing', () => {
      expect(account.refused).toEqual([]);
      expect(program.running).toBe(true);
    });
  },
);
