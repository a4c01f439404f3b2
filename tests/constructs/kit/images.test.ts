import { Chart } from 'cdk8s';
import { Construct } from 'constructs';

import {
  attachImages,
  imageName,
  publishedName,
  pullWithout,
  resolveImage,
  type ImagePolicy,
} from '../../../constructs/kit/images';
import { chartFor } from '../../support/synth';

const digest = `sha256:${'a'.repeat(64)}`;
const lock = new Map([['quay.io/a/b:1', digest]]);
const mirror = { at: 'registry.example.org/mirror', exceptNamespaces: ['storage'] };

function resolved(reference: string, policy: ImagePolicy, namespace = 'test'): string {
  const chart = chartFor('kubernetes 1.34', namespace);
  attachImages(chart, policy);
  return resolveImage(chart, reference);
}

test('an image is pulled from its publisher, by digest once that is known', () => {
  expect(resolveImage(chartFor(), 'quay.io/a/b:1')).toBe('quay.io/a/b:1');
  expect(resolved('quay.io/a/b:1', { lock, mirror: 'none' })).toBe(`quay.io/a/b:1@${digest}`);
  expect(resolved('quay.io/a/b:2', { lock, mirror: 'none' })).toBe('quay.io/a/b:2');
});

test('a mirror has every publisher below its path', () => {
  expect(resolved('quay.io/a/b:1', { lock, mirror })).toBe(
    `registry.example.org/mirror/quay.io/a/b:1@${digest}`,
  );
  expect(resolved('nginx:1', { lock, mirror })).toBe(
    'registry.example.org/mirror/docker.io/library/nginx:1',
  );
});

test('a publisher with a port has a place in the path of a mirror, and is found again', () => {
  const pulled = resolved('registry.example.org:5000/a/b:1', { lock, mirror });
  expect(pulled).toBe('registry.example.org/mirror/registry.example.org_5000/a/b:1');
  expect(publishedName(pulled, mirror)).toBe('registry.example.org:5000/a/b:1');
  expect(publishedName('registry.example.org/mirror/quay.io/a_1/b:1', mirror)).toBe(
    'quay.io/a_1/b:1',
  );
});

test('resolving again changes nothing', () => {
  const once = resolved('quay.io/a/b:1', { lock, mirror });
  expect(resolved(once, { lock, mirror })).toBe(once);
  const locked = resolved('quay.io/a/b:1', { lock, mirror: 'none' });
  expect(resolved(locked, { lock, mirror: 'none' })).toBe(locked);
});

test('a digest that a construct names itself stays', () => {
  const own = `quay.io/a/b@sha256:${'b'.repeat(64)}`;
  expect(resolved(own, { lock, mirror })).toBe(`registry.example.org/mirror/${own}`);
});

test('what the mirror needs to start comes from its publisher', () => {
  expect(resolved('quay.io/a/b:2', { lock, mirror }, 'storage')).toBe('quay.io/a/b:2');
});

test('a registry does not pull itself from itself', () => {
  const chart = chartFor();
  attachImages(chart, { lock, mirror });
  const own = new Construct(chart, 'Registry');
  pullWithout(own, 'registry.example.org');
  const other = new Construct(chart, 'Other');
  pullWithout(other, 'registry2.example.org');
  expect(resolveImage(own, 'quay.io/a/b:1')).toBe(`quay.io/a/b:1@${digest}`);
  expect(resolveImage(other, 'quay.io/a/b:2')).toBe('registry.example.org/mirror/quay.io/a/b:2');
  expect(Chart.of(own)).toBe(chart);
});

test.each([
  ['nginx:1', 'docker.io/library/nginx:1'],
  ['traefik/whoami:v1', 'docker.io/traefik/whoami:v1'],
  ['localhost/a:1', 'localhost/a:1'],
  ['registry:5000/a:1', 'registry:5000/a:1'],
])('%s is %s in full', (short, full) => {
  expect(imageName(short)).toBe(full);
});

test('the publisher is found behind mirror and digest', () => {
  expect(publishedName(`registry.example.org/mirror/quay.io/a/b:1@${digest}`, mirror)).toBe(
    'quay.io/a/b:1',
  );
  expect(publishedName(`quay.io/a/b@${digest}`, 'none')).toBe(`quay.io/a/b@${digest}`);
});
