import type { Chart } from 'cdk8s';

import { limits } from '../../../../review/check/rules/limits';
import { workloadsOf } from '../../../../review/check/pods';
import { object, planOfChart, podSpec, type Fields } from '../../../support/plan';

/** What is said of a container in a namespace with one limit. */
function said(limit: Fields, resources: Fields): string[] {
  const plan = planOfChart((chart: Chart) => {
    object(chart, 'v1 LimitRange sizes', { spec: { limits: [{ type: 'Container', ...limit }] } });
    object(chart, 'v1 Pod one', { spec: podSpec({}, { name: 'main', resources }) });
  });
  return limits(plan, workloadsOf(plan)).map(({ rule, reason }) => `${rule}: ${reason}`);
}

test.each([
  ['within both', { min: { cpu: '100m' }, max: { cpu: '2' } }, { requests: { cpu: '1' } }],
  ['a limit that is the most', { max: { memory: '1Gi' } }, { limits: { memory: '1024Mi' } }],
  ['a limit that stands for the request', { min: { cpu: '1' } }, { limits: { cpu: '2' } }],
  ['nothing, and a default', { min: { cpu: '1' }, defaultRequest: { cpu: '2' } }, {}],
  ['nothing at all: the bounds are defaults', { min: { cpu: '1' }, max: { cpu: '2' } }, {}],
])('a container with %s is taken', (_, limit, resources) => {
  expect(said(limit, resources)).toEqual([]);
});

test.each([
  [
    { max: { memory: '1Gi' } },
    { limits: { memory: '2Gi' } },
    "limits/outside: container 'main' may use 2Gi memory, and the most is 1Gi of ns/limitrange/sizes; its pods would be refused",
  ],
  [
    { min: { cpu: '100m' } },
    { requests: { cpu: '50m' } },
    "limits/outside: container 'main' requests 50m cpu, and the least is 100m of ns/limitrange/sizes; its pods would be refused",
  ],
  [
    { max: { cpu: 1 }, default: { cpu: 2 } },
    {},
    "limits/outside: container 'main' may use 2 cpu, and the most is 1 of ns/limitrange/sizes; its pods would be refused",
  ],
])('%j refuses %j', (limit, resources, finding) => {
  expect(said(limit, resources)).toEqual([finding]);
});
