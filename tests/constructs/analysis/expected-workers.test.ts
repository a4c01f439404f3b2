import { Chart } from 'cdk8s';

import { DaskGateway } from '../../../constructs/analysis/dask-gateway';
import { daskSettings } from '../../../constructs/analysis/dask-settings';
import { daskPodsOf, jobPodsOf, sparkPodsOf } from '../../../constructs/analysis/expected-workers';
import { expectedPodsOf } from '../../../constructs/kit/expected-pods';
import { UPSTREAM_FILES } from '../../../constructs/versions';
import { amountOf } from '../../../plan/difference/quantity';
import { ensureUpstream } from '../../../upstream/fetch';
import { chartFor } from '../../support/synth';
import { atlas, cms, gatewayFor, small } from './support';

beforeAll(() => ensureUpstream(UPSTREAM_FILES.traefikCrds), 120_000);

const props = { ...gatewayFor(), tenants: [cms, atlas], profiles: [small] };

function takersOf(groups: readonly string[] | undefined): string[] {
  const profile = { ...small, ...(groups === undefined ? {} : { groups }) };
  return daskPodsOf({ ...props, profiles: [profile] }, 'dask').map(
    ({ namespace = '' }) => namespace,
  );
}

test('a gateway says what workers the people of each tenant may ask for, in its namespace', () => {
  const chart = chartFor('okd 4.21');
  const made = new DaskGateway(chart, 'Dask', { ...props, proxyDefinitions: 'cluster' });
  const instance = Chart.of(made).namespace ?? '';
  expect(expectedPodsOf(made)).toEqual(daskPodsOf(props, instance));
  expect(expectedPodsOf(made).map(({ namespace }) => namespace)).toEqual(['cms', 'atlas']);
});

test('it is what the server is told', () => {
  const [said] = daskPodsOf(props, 'dask');
  const told = daskSettings(chartFor('okd 4.21'), props);
  expect(told).toMatchObject({
    profiles: [
      {
        cluster: {
          worker_cores: amountOf(said?.requests['cpu']),
          worker_cores_limit: amountOf(said?.limits['cpu']),
          worker_memory: amountOf(said?.requests['memory']),
          worker_memory_limit: amountOf(said?.limits['memory']),
        },
      },
    ],
  });
});

test('a profile is for the tenants whose groups may take it; a group of no tenant may be in any', () => {
  const [group = ''] = cms.groups;
  expect(takersOf(undefined)).toEqual(['cms', 'atlas']);
  expect(takersOf([group])).toEqual(['cms']);
  expect(takersOf(['physicists'])).toEqual(['cms', 'atlas']);
});

test('an application that the site runs comes and goes with its driver and executors', () => {
  const pod = { cores: 1, memoryMiB: 1024, overheadMiB: 512 };
  const job = { name: 'nightly', driver: pod, executors: { ...pod, count: 4 } };
  expect(jobPodsOf(job, cms)).toMatchObject([
    { name: 'nightly (driver)', count: 1, running: 'now-and-then', limits: { memory: '1536Mi' } },
    { name: 'nightly (executors)', count: 4, requests: { cpu: '1', memory: '1536Mi' } },
  ]);
});

test('where the quota is in no plan, what the tenant says of it bounds them', () => {
  expect(sparkPodsOf({ ...cms, quota: { cpu: 8, memoryGiB: 32 } })).toMatchObject({
    namespace: 'cms',
    count: 'as-asked',
    requests: { cpu: '1', memory: '1408Mi' },
    within: { 'requests.cpu': '8', 'requests.memory': '32Gi', 'limits.memory': '32Gi' },
  });
});
