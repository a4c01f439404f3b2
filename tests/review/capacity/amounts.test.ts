import { podAmounts, timesIn } from '../../../review/capacity/amounts';
import { mayRunOn } from '../../../review/capacity/node-choice';
import { amountText } from '../../../review/capacity/words';

function container(cpu: string, more: object = {}) {
  return { name: 'c', resources: { requests: { cpu } }, ...more };
}

test('init containers count as far as they ask for more than what runs beside them', () => {
  const stays = { restartPolicy: 'Always' };
  expect(podAmounts({ containers: [container('1'), container('500m')] }, 'requests')).toEqual({
    cpu: 1.5,
  });
  expect(
    podAmounts({ initContainers: [container('4')], containers: [container('1')] }, 'requests'),
  ).toEqual({ cpu: 4 });
  // The one that stays runs beside both: 3 + 1 while the other starts, 1 + 1 afterwards.
  expect(
    podAmounts(
      { initContainers: [container('1', stays), container('3')], containers: [container('1')] },
      'requests',
    ),
  ).toEqual({ cpu: 4 });
});

test('what is only limited is requested, and a runtime class adds its overhead', () => {
  const spec = {
    containers: [{ name: 'c', resources: { limits: { memory: '1Gi' } } }],
    overhead: { memory: '1Gi' },
  };
  expect(podAmounts(spec, 'requests')).toEqual({ memory: 2 ** 31 });
});

test('tenths of cores add up', () => {
  expect(timesIn({ cpu: 0.1 }, { cpu: 0.3 })).toEqual({ times: 3, limit: 'cpu' });
  expect(timesIn({ cpu: 0 }, {})).toEqual({ times: Infinity, limit: undefined });
  expect(timesIn({ 'nvidia.com/gpu': 1 }, { cpu: 4 })).toEqual({
    times: 0,
    limit: 'nvidia.com/gpu',
  });
});

test.each([
  [{ key: 'a', operator: 'In', values: ['1', '2'] }, true],
  [{ key: 'a', operator: 'NotIn', values: ['1'] }, false],
  [{ key: 'b', operator: 'NotIn', values: ['1'] }, true],
  [{ key: 'a', operator: 'Exists' }, true],
  [{ key: 'b', operator: 'Exists' }, false],
  [{ key: 'b', operator: 'DoesNotExist' }, true],
  [{ key: 'a', operator: 'Gt', values: ['0'] }, true],
  [{ key: 'a', operator: 'Lt', values: ['1'] }, false],
])('%j on a node with a=1', (expression, expected) => {
  const terms = [{ matchExpressions: [expression] }];
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } };
  expect(mayRunOn({ affinity: { nodeAffinity: required } }, { a: '1' })).toBe(expected);
});

test('amounts read well', () => {
  expect(amountText('cpu', 0.1 + 0.2)).toBe('0.3');
  expect(amountText('memory', 2 ** 29)).toBe('512 MiB');
  expect(amountText('requests.storage', 1.5 * 2 ** 30)).toBe('1.5 GiB');
  expect(amountText('memory', 0)).toBe('0');
});
