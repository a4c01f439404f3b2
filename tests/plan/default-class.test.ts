import { messageFrom } from '../support/message';
import { object, planOfChart } from '../support/plan';

const byDefault = (name: string): Record<string, unknown> => ({
  provisioner: 'example.org/none',
  metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
});

test('one default class is enough', () => {
  const plan = planOfChart((chart) => {
    object(chart, 'storage.k8s.io/v1 StorageClass a', byDefault('a'));
    object(chart, 'storage.k8s.io/v1 StorageClass b', { provisioner: 'example.org/none' });
  });
  expect(plan.steps).toHaveLength(2);
});

test('rejects two default classes, naming both', () => {
  const build = (): unknown =>
    planOfChart((chart) => {
      object(chart, 'storage.k8s.io/v1 StorageClass b', byDefault('b'));
      object(chart, 'storage.k8s.io/v1 StorageClass a', byDefault('a'));
    });
  expect(messageFrom(build)).toBe(
    "environment 'test' cannot be planned:\n" +
      "  - a cluster has one default StorageClass at most, got 'a' (chart/StorageClass-a) and 'b' (chart/StorageClass-b); leave isDefault to one of them",
  );
});
