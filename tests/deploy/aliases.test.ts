import { formerIds, formerUrns } from '../../deploy/aliases';
import { typeToken, urnOf } from '../../deploy/identity';
import { plannedAlone } from '../support/plan';

test.each([
  ['v1', 'ConfigMap', 'kubernetes:core/v1:ConfigMap'],
  ['apps/v1', 'Deployment', 'kubernetes:apps/v1:Deployment'],
  ['traefik.io/v1alpha1', 'Middleware', 'kubernetes:traefik.io/v1alpha1:Middleware'],
])('%s %s is registered as %s', (apiVersion, kind, token) => {
  expect(typeToken(apiVersion, kind)).toBe(token);
});

test('a URN is made from what the object is, not from where the code makes it', () => {
  expect(urnOf('dev', 'kubernetes:core/v1:ConfigMap', 'ns/configmap/x')).toBe(
    'urn:pulumi:dev::beamline::kubernetes:core/v1:ConfigMap::ns/configmap/x',
  );
});

describe('what an object was called before', () => {
  const moved = [
    { from: 'ns/configmap/a', to: 'ns/configmap/b' },
    { from: 'ns/configmap/b', to: 'ns/configmap/c' },
    { from: 'ns/configmap/x', to: 'ns/configmap/y' },
  ];

  test('is followed through every rename, newest first', () => {
    expect(formerIds('ns/configmap/c', moved)).toEqual([
      'ns/configmap/c',
      'ns/configmap/b',
      'ns/configmap/a',
    ]);
    expect(formerIds('ns/configmap/z', moved)).toEqual(['ns/configmap/z']);
  });

  test('ends where renames go round', () => {
    const round = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
    ];
    expect(formerIds('a', round)).toEqual(['a', 'b']);
  });

  test('is looked for under each former name, never under the present one', () => {
    expect(formerUrns('dev', plannedAlone('v1 ConfigMap c'), moved)).toEqual([
      'urn:pulumi:dev::beamline::kubernetes:core/v1:ConfigMap::ns/configmap/b',
      'urn:pulumi:dev::beamline::kubernetes:core/v1:ConfigMap::ns/configmap/a',
    ]);
    expect(formerUrns('dev', plannedAlone('v1 ConfigMap other'), moved)).toEqual([]);
  });

  test('is looked for under the API versions of other targets, in the group that they had', () => {
    const urns = formerUrns('dev', plannedAlone('networking.k8s.io/v1 Ingress web'), []);
    expect(urns).toContain(
      'urn:pulumi:dev::beamline::kubernetes:extensions/v1beta1:Ingress::ns/ingress.extensions/web',
    );
    expect(urns).toContain(
      'urn:pulumi:dev::beamline::kubernetes:networking.k8s.io/v1beta1:Ingress::ns/ingress.networking.k8s.io/web',
    );
    expect(urns).not.toContain(
      'urn:pulumi:dev::beamline::kubernetes:networking.k8s.io/v1:Ingress::ns/ingress.networking.k8s.io/web',
    );
  });

  test('is not looked for under other versions of a kind of the same name in a group of its own', () => {
    expect(formerUrns('dev', plannedAlone('example.org/v1 Ingress web'), [])).toEqual([]);
  });
});
