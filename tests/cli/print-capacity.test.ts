import { stripVTControlCharacters } from 'node:util';

import { capacityText } from '../../cli/print-capacity';
import { expectPods } from '../../constructs/kit/expected-pods';
import { capacityOf } from '../../review/capacity/capacity';
import { capacityFindings } from '../../review/capacity/findings';
import type { Pool } from '../../review/capacity/placement';
import { deploymentSpec, object, planOfChart, podSpec } from '../support/plan';

const plan = planOfChart((chart) => {
  object(chart, 'v1 ResourceQuota tenant', { spec: { hard: { 'requests.cpu': '99' } } });
  object(chart, 'apps/v1 Deployment bare', { spec: deploymentSpec(podSpec()) });
  expectPods(chart, {
    name: 'small',
    what: 'sessions',
    by: 'kubespawner',
    count: 'as-asked',
    labels: {},
    requests: { cpu: '1', memory: '512Mi' },
    limits: {},
  });
});

function textWith(pools: readonly Pool[] | undefined): string {
  const sums = capacityOf(plan, pools);
  return stripVTControlCharacters(capacityText(sums, capacityFindings(plan, sums)));
}

test('it says what is on the nodes, what fits, what ends first and what the sums lack', () => {
  const text = textWith([
    {
      name: 'worker',
      count: 2,
      capacity: { cpu: 4, memory: 2 ** 33, pods: 110 },
      reserved: { cpu: 0, memory: 0 },
      labels: {},
    },
  ]);
  expect(text).toMatch(/2 worker .*cpu 4 .*cpu 0 .*cpu 8 /);
  expect(text).toContain("'worker': nothing is reserved");
  expect(text).toMatch(/small .*cpu 1 .* 8 .*nodes \(worker\): cpu .* 8 .* 8 /);
  expect(text).toContain("'ns': 99 sessions 'small', 99 of cpu and 49.5 GiB of memory, by ns/");
  expect(text).toContain('ask for no CPU or no memory: ns/deployment.apps/bare');
  expect(text).toContain('quotas promise 99 of cpu, and the nodes have 8');
  expect(textWith([])).toContain('none has the labels');
});

test('without nodes it says what is missing, and how many the quota lets in', () => {
  const text = textWith(undefined);
  expect(text).toContain("list them in 'cluster.nodes'");
  expect(text).toMatch(/small .* 99 .*resourcequota\/tenant: requests\.cpu .* \? /);
});
