import { z } from 'zod';

import { UPSTREAM_FILES } from '../../../constructs/versions';
import { ask } from '../../../review/admission/ask';
import { ensureUpstream } from '../../../upstream/fetch';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { RunningGateway } from './real/running-gateway';

const LIMIT_MS = 240_000;
const made = z.object({ name: z.string() });
const list = z.object({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ name: z.string() }),
      spec: z.looseObject({}),
      status: z.looseObject({ phase: z.string().optional() }),
    }),
  ),
});

describeWith(
  ['dask-gateway', 'jupyterhub', 'traefik'],
  'the real Dask Gateway, controller, proxy and JupyterHub, with the accounts and Roles that we render',
  (pathOf) => {
    let site: RunningGateway;
    const tokens = { anna: '', bert: '', carla: '', emil: '' };
    let cluster = '';

    beforeAll(async () => {
      await ensureUpstream(UPSTREAM_FILES.traefikCrds);
      site = await RunningGateway.start({
        gateway: pathOf('dask-gateway'),
        jupyterhub: pathOf('jupyterhub'),
        traefik: pathOf('traefik'),
      });
      for (const user of ['anna', 'bert', 'carla', 'emil'] as const)
        tokens[user] = await site.sessionToken(user);
    }, LIMIT_MS);
    afterAll(() => site.stop(), LIMIT_MS);

    const pods = async (
      tenant: string,
      component: string,
    ): Promise<z.infer<typeof list>['items']> => {
      const text = await site.cluster.kubectl([
        ...['get', 'pods', '-n', tenant, '-o', 'json'],
        ...['-l', `app.kubernetes.io/component=${component}`],
      ]);
      return list.parse(JSON.parse(text)).items;
    };
    const create = (token: string, options: object): ReturnType<RunningGateway['ask']> =>
      site.ask(token, 'POST', 'clusters/', { cluster_options: options });

    test('people see the tenants and the profiles of their groups', async () => {
      const of = async (token: string): Promise<unknown> =>
        (await site.ask(token, 'GET', 'options')).body;
      const choices = (tenant: string, profiles: readonly string[]): object => ({
        cluster_options: [
          { field: 'tenant', spec: { options: [tenant] } },
          { field: 'profile', spec: { options: profiles } },
          { field: 'release', spec: { options: ['14_0_0', '15_0_0'] } },
        ],
      });
      expect(await of(tokens.anna)).toMatchObject(choices(site.names.cms, ['small']));
      expect(await of(tokens.bert)).toMatchObject(choices(site.names.atlas, ['small']));
      expect(await of(tokens.emil)).toMatchObject(choices(site.names.cms, ['small', 'large']));
      expect((await site.ask(tokens.carla, 'GET', 'options')).status).toBe(403);
    });

    test('nobody comes in without a token, or with one that is not for this service', async () => {
      // The hub answers 403 about a token it does not know, and upstream makes 500 of that.
      expect((await create('nonsense', {})).status).toBe(500);
      const other = await site.sessionToken('anna', { scopes: ['read:users:name!user'] });
      expect((await create(other, {})).status).toBe(401);
      const made = ['get', 'daskclusters', '-A', '-o', 'name'];
      expect(
        await site.cluster.kubectl([...made, '-l', `gateway.dask.org/instance=${site.names.dask}`]),
      ).toBe('');
    });

    test(
      'a cluster of a tenant is made by its user, and by nobody of another tenant or none',
      async () => {
        const refused = [
          await create(tokens.bert, { tenant: site.names.cms }),
          await create(tokens.anna, { profile: 'large' }),
          await create(tokens.carla, {}),
          await create(tokens.anna, { image: 'docker.io/evil/x:1.0' }),
        ];
        expect(refused).toMatchObject([
          {
            status: 422,
            body: { error: expect.stringContaining('not a valid option for tenant') },
          },
          {
            status: 422,
            body: { error: expect.stringContaining('not a valid option for profile') },
          },
          { status: 422, body: { error: 'None of your groups may make a cluster here.' } },
          { status: 422, body: { error: expect.stringContaining('Unknown fields') } },
        ]);
        const answer = await create(tokens.anna, { release: '15_0_0' });
        expect(answer.status).toBe(201);
        cluster = made.parse(answer.body).name;
        expect(cluster.split('.')[0]).toBe(site.names.cms);
        expect(await create(tokens.anna, {})).toMatchObject({
          status: 422,
          body: { error: 'You may have 1 clusters at a time; stop one.' },
        });
        await until(
          async () => {
            const { body } = await site.ask(tokens.anna, 'GET', `clusters/${cluster}`);
            return JSON.stringify(body).includes('"RUNNING"');
          },
          'the cluster never ran',
          90_000,
        ).catch((error: unknown) => {
          throw new Error(`${String(error)}\n${site.logs()}`);
        });
      },
      LIMIT_MS,
    );

    test(
      'it is scaled by its user through its scheduler, up to the limit, and by nobody else',
      async () => {
        await site.runScheduler(cluster);
        const scale = (token: string, count: number): ReturnType<RunningGateway['ask']> =>
          site.ask(token, 'POST', `clusters/${cluster}/scale`, { count });
        for (const other of [tokens.bert, tokens.emil])
          expect((await scale(other, 2)).status).toBe(403);
        expect((await site.ask(tokens.bert, 'GET', `clusters/${cluster}`)).status).toBe(403);
        expect((await site.ask(tokens.bert, 'DELETE', `clusters/${cluster}`)).status).toBe(403);
        expect(await scale(tokens.anna, 2)).toMatchObject({ status: 200, body: { ok: true } });
        const workers = (count: number): Promise<void> =>
          until(
            async () => (await pods(site.names.cms, 'dask-worker')).length === count,
            `there were never ${count} workers\n${site.logs()}`,
            90_000,
          );
        await workers(2);
        expect(await scale(tokens.anna, 50)).toMatchObject({
          body: { ok: false, msg: expect.stringContaining('limit of 4 workers') },
        });
        await workers(4);
      },
      LIMIT_MS,
    );

    test('its pods have the image, limits, account, shares and labels that the profile says', async () => {
      const [worker] = await pods(site.names.cms, 'dask-worker');
      expect(worker).toMatchObject({
        metadata: {
          labels: {
            'gateway.dask.org/instance': site.names.dask,
            'app.kubernetes.io/part-of': 'dask',
            'beamline/profile': 'small',
          },
          annotations: { 'beamline/user': 'anna', 'beamline/tenant': site.names.cms },
        },
        spec: {
          serviceAccountName: 'dask-cluster',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              image: 'ghcr.io/dask/dask-gateway:2026.3.0',
              resources: {
                requests: { cpu: '1', memory: String(2 * 2 ** 30) },
                limits: { cpu: '2', memory: String(4 * 2 ** 30) },
              },
              env: expect.arrayContaining([{ name: 'CMSSW_VERSION', value: '15_0_0' }]),
              volumeMounts: expect.arrayContaining([
                expect.objectContaining({
                  mountPath: '/cvmfs/cms.cern.ch',
                  readOnly: true,
                  mountPropagation: 'HostToContainer',
                }),
              ]),
              securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
            },
          ],
        },
      });
    });

    test('its pods are what restricted-v2 admits on OKD', async () => {
      const annotations = {
        'openshift.io/sa.scc.uid-range': '1000000000/10000',
        'openshift.io/sa.scc.mcs': 's0:c1,c0',
      };
      for (const component of ['dask-scheduler', 'dask-worker']) {
        const [pod] = await pods(site.names.cms, component);
        const verdict = ask({
          target: 'okd 4.21',
          pod: { metadata: pod?.metadata, spec: pod?.spec },
          namespace: { name: site.names.cms, annotations },
        });
        expect(verdict).toMatchObject({ admitted: true, scc: 'restricted-v2' });
      }
    });

    test(
      'it is stopped by its user, and leaves no pod and no certificate',
      async () => {
        const { status } = await site.ask(tokens.anna, 'DELETE', `clusters/${cluster}`);
        expect(status).toBe(204);
        await until(
          async () => {
            const kinds = 'pods,secrets,services';
            const left = ['get', kinds, '-n', site.names.cms, '-o', 'name'];
            return !(await site.cluster.kubectl(left)).includes('dask-');
          },
          `something is left\n${site.logs()}`,
          90_000,
        );
      },
      LIMIT_MS,
    );

    test.each([
      // Records of clusters that ended are deleted after a day.
      ['gateway', []],
      ['controller', ['delete gateway.dask.org/daskclusters']],
      ['proxy', []],
    ])('%s was refused nothing, and needs every right that it has', (account, unused) => {
      const requests = site.requestsOf(account);
      expect(requests.filter(({ status }) => status === 403 || status === 401)).toEqual([]);
      const asked = new Set(
        requests.map(({ verb, group, resource }) => `${verb} ${group}/${resource}`),
      );
      const role = site.objects.find(
        ({ kind, metadata }) =>
          kind === 'Role' && metadata.name === `${site.names.dask}-${account}`,
      );
      const granted = rules
        .parse(role?.['rules'])
        .flatMap(({ apiGroups, resources, verbs }) =>
          apiGroups.flatMap((group) =>
            resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
          ),
        );
      expect(granted.filter((right) => !asked.has(right))).toEqual(unused);
    });
  },
);

const rules = z.array(
  z.object({
    apiGroups: z.array(z.string()),
    resources: z.array(z.string()),
    verbs: z.array(z.string()),
  }),
);
