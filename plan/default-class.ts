import type { Collected } from './collect';
import { textAt } from './json';

/** The annotation that makes a class the one of claims that name none, today and before Kubernetes 1.6. */
const DEFAULT_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

/** A cluster with two default classes gives a claim whichever was made last: one problem, naming all of them. */
export function defaultClassProblems(objects: readonly Collected[]): string[] {
  const classes = objects.filter(
    ({ manifest }) =>
      manifest.kind === 'StorageClass' &&
      DEFAULT_CLASS.some((name) => textAt(manifest, 'metadata', 'annotations', name) === 'true'),
  );
  if (classes.length < 2) return [];
  const named = classes.map(({ path, manifest }) => `'${manifest.metadata.name}' (${path})`).sort();
  return [
    `a cluster has one default StorageClass at most, got ${named.join(' and ')}; leave isDefault to one of them`,
  ];
}
