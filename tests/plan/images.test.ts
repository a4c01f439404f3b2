import { hint } from '../../constructs/kit/hints';
import { IMAGES, imageRef } from '../../constructs/versions';
import { imagesOf, unlockedImages } from '../../plan/images';
import { deploymentSpec, object, planOfChart, podSpec } from '../support/plan';

const digest = `sha256:${'a'.repeat(64)}`;

test('finds images of containers, of fields of custom resources, and in texts that name a known one', () => {
  const known = imageRef(IMAGES.harborCore);
  const plan = planOfChart((chart) => {
    const pod = podSpec({}, { image: 'quay.io/a/b:1', env: [{ name: 'JOB', value: known }] });
    object(chart, 'apps/v1 Deployment web', { spec: deploymentSpec(pod) });
    object(chart, 'ceph.rook.io/v1 CephCluster main', {
      spec: { cephVersion: { image: 'quay.io/ceph/ceph:v19.2.3' } },
    });
    object(chart, 'v1 ConfigMap settings', {
      data: {
        'config.yaml': `worker: "quay.io/a/b:2"\nhelp: https://docs.example.org/a/b:1\n`,
        sidecarImage: 'nginx:1.27',
      },
    });
  });
  expect(imagesOf(plan, 'none')).toEqual([
    { image: known, pulled: known, locked: false, objects: ['ns/deployment.apps/web'] },
    {
      image: 'docker.io/library/nginx:1.27',
      pulled: 'nginx:1.27',
      locked: false,
      objects: ['ns/configmap/settings'],
    },
    {
      image: 'quay.io/a/b:1',
      pulled: 'quay.io/a/b:1',
      locked: false,
      objects: ['ns/deployment.apps/web'],
    },
    {
      image: 'quay.io/a/b:2',
      pulled: 'quay.io/a/b:2',
      locked: false,
      objects: ['ns/configmap/settings'],
    },
    {
      image: 'quay.io/ceph/ceph:v19.2.3',
      pulled: 'quay.io/ceph/ceph:v19.2.3',
      locked: false,
      objects: ['ns/cephcluster.ceph.rook.io/main'],
    },
  ]);
});

test('what is named by digest is locked, mirrored or not', () => {
  const mirror = { at: 'registry.example.org:5000/mirror' };
  const image = `registry.example.org:5000/mirror/quay.io/a/b:1@${digest}`;
  const plan = planOfChart((chart) => {
    object(chart, 'apps/v1 Deployment web', { spec: deploymentSpec(podSpec({}, { image })) });
    object(chart, 'apps/v1 Deployment api', {
      spec: deploymentSpec(podSpec({}, { image: 'quay.io/a/c:1' })),
    });
  });
  expect(imagesOf(plan, mirror).map(({ image: name, locked }) => [name, locked])).toEqual([
    ['quay.io/a/c:1', false],
    ['quay.io/a/b:1', true],
  ]);
  expect(unlockedImages(plan, mirror).map(({ image: name }) => name)).toEqual(['quay.io/a/c:1']);
});

test('examples in definitions are no images of a plan', () => {
  const plan = planOfChart((chart) => {
    const definition = object(chart, 'apiextensions.k8s.io/v1 CustomResourceDefinition a.b.org', {
      spec: { scope: 'Cluster', example: { image: 'quay.io/a/b:1' } },
    });
    hint(definition, { upstream: { name: 'theirs', version: '1' } });
  });
  expect(imagesOf(plan, 'none')).toEqual([]);
});

test('a text that only looks like an image is none', () => {
  const plan = planOfChart((chart) => {
    object(chart, 'v1 ConfigMap settings', {
      data: { useImage: 'yes please', image: '', url: 'http://registry.example.org/a:1' },
    });
  });
  expect(imagesOf(plan, 'none')).toEqual([]);
});
