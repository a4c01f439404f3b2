import { hint } from '../../constructs/kit/hints';
import { secretToken } from '../../constructs/kit/secret-value';
import { providerSettings } from '../../deploy/provider';
import { objectRegistration } from '../../deploy/registration';
import { counting } from '../../deploy/up';
import { defineEnvironment, type EnvironmentProps } from '../../environments/environment';
import { at } from '../../plan/json';
import type { PlannedObject } from '../../plan/model';
import { object, planned, plannedAlone, planOfChart } from '../support/plan';

const context = {
  stack: 'dev',
  provider: 'urn::id',
  ownProvider: 'own::id',
  moved: [{ from: 'ns/configmap/old', to: 'ns/configmap/it' }],
  valueOf: () => 'the value',
};
const registered = (what: PlannedObject): ReturnType<typeof objectRegistration> =>
  objectRegistration(what, ['urn-of-namespace'], context);

describe('an object is registered', () => {
  test('under what it is, after what it waits for, knowing its former name', () => {
    expect(registered(plannedAlone('v1 ConfigMap it', { data: { a: 'b' } }))).toMatchObject({
      type: 'kubernetes:core/v1:ConfigMap',
      name: 'ns/configmap/it',
      inputs: { kind: 'ConfigMap', data: { a: 'b' } },
      dependsOn: ['urn-of-namespace'],
      formerUrns: ['urn:pulumi:dev::beamline::kubernetes:core/v1:ConfigMap::ns/configmap/old'],
      provider: 'urn::id',
      protect: false,
      retainOnDelete: false,
    });
  });

  test('with its protection and the fields that are left to others', () => {
    const plan = planOfChart((chart) => {
      hint(object(chart, 'v1 PersistentVolumeClaim data'), { ignoreChanges: ['spec.resources'] });
    });
    expect(registered(planned(plan, 'ns/persistentvolumeclaim/data'))).toMatchObject({
      protect: true,
      retainOnDelete: true,
      ignoreChanges: ['spec.resources'],
      replaceOnChanges: ['spec.volumeMode', 'spec.dataSource', 'spec.dataSourceRef'],
      // Its name is taken for as long as it is there.
      deleteBeforeReplace: true,
    });
  });

  test('a class of storage makes way before its successor comes, as that has its name', () => {
    const fast = plannedAlone('storage.k8s.io/v1 StorageClass fast', { provisioner: 'a.example' });
    expect(registered(fast)).toMatchObject({
      replaceOnChanges: ['reclaimPolicy', 'volumeBindingMode'],
      deleteBeforeReplace: true,
    });
  });

  test('without an opinion on replacement where the provider knows all that matters', () => {
    expect(registered(plannedAlone('apps/v1 Deployment it'))).not.toHaveProperty(
      'deleteBeforeReplace',
    );
  });

  test('a Secret with everything in it encrypted in the state', () => {
    const stringData = { a: secretToken({ from: 'config', key: 'k' }) };
    const secret = registered(plannedAlone('v1 Secret it', { stringData }));
    expect(secret.secretOutputs).toEqual(['data', 'stringData']);
    expect(secret.inputs['stringData']).toMatchObject({ value: { a: 'the value' } });
  });
});

describe('the provider', () => {
  const environment = (target: EnvironmentProps['target']): ReturnType<typeof defineEnvironment> =>
    defineEnvironment({
      name: 'dev',
      target,
      cluster: { kind: 'embedded', nodes: [{ name: 'worker', count: 1, cpu: 1, memoryGiB: 1 }] },
      build: () => undefined,
    });
  const access = { context: 'dev', kubeconfig: 'clusters/dev/kubeconfig' };

  test('applies on the server where the target can', () => {
    expect(providerSettings(environment('kubernetes 1.34'), access, 'uid')).toMatchObject({
      context: 'dev',
      kubeconfig: 'clusters/dev/kubeconfig',
      clusterIdentifier: 'uid',
      enableServerSideApply: 'true',
      enableConfigMapMutable: 'true',
      enableSecretMutable: 'true',
    });
  });

  test('applies on the client for OKD 3.11', () => {
    expect(providerSettings(environment('okd 3.11'), { context: 'okd' }, 'uid')).toMatchObject({
      enableServerSideApply: 'false',
    });
  });

  test('is told no kubeconfig where the user has one', () => {
    expect(providerSettings(environment('okd 4.21'), { context: 'okd' }, 'uid')).not.toHaveProperty(
      'kubeconfig',
    );
  });
});

test('progress counts what was done, not what was looked at', () => {
  const shown: string[] = [];
  const tell = counting(2, (text) => shown.push(text));
  tell({ kind: 'begun', operation: 'create', name: 'ns/configmap/a' });
  tell({ kind: 'done', operation: 'create', name: 'ns/configmap/a' });
  tell({ kind: 'done', operation: 'same', name: 'ns/configmap/b' });
  tell({ kind: 'done', operation: 'create', name: 'beamline-dev' });
  tell({ kind: 'problem', message: 'no' });
  tell({ kind: 'note', message: 'waiting for 3' });
  tell({ kind: 'done', operation: 'update', name: 'ns/configmap/c' });
  tell({ kind: 'done', operation: 'update', name: 'ns/configmap/d' });
  expect(shown).toEqual([
    '0 of 2, create ns/configmap/a',
    '1 of 2, create ns/configmap/a',
    'waiting for 3',
    '2 of 2, update ns/configmap/c',
    '2 of 2, update ns/configmap/d',
  ]);
});

describe('a deletion', () => {
  const policyOf = (what: string): unknown =>
    at(
      registered(plannedAlone(what)).inputs,
      'metadata',
      'annotations',
      'pulumi.com/deletionPropagationPolicy',
    );

  test.each(['v1 ConfigMap it', 'v1 Service it', 'networking.k8s.io/v1 NetworkPolicy it'])(
    'of %s waits for no garbage collector',
    (what) => {
      expect(policyOf(what)).toBe('background');
    },
  );

  test.each([
    'apps/v1 Deployment it',
    'batch/v1 Job it',
    'ceph.rook.io/v1 CephCluster it',
    'serving.knative.dev/v1 Service it',
  ])('of %s waits for what is below it', (what) => {
    expect(policyOf(what)).toBeUndefined();
  });
});

test('what is inside a Harbor is registered with our own provider, its secrets marked, nothing of Kubernetes on it', () => {
  const project = plannedAlone('harbor.beamline/v1 HarborProject cms', {
    connection: {
      url: 'https://registry.example.org',
      username: 'admin',
      password: '${secret:config:admin}',
    },
    spec: { name: 'cms' },
  });
  const registration = registered(project);
  expect(registration).toMatchObject({
    type: 'beamline:harbor:HarborProject',
    name: 'ns/harborproject.harbor.beamline/cms',
    provider: 'own::id',
    protect: true,
    retainOnDelete: true,
    replaceOnChanges: ['spec.cacheOf'],
  });
  expect(JSON.stringify(registration.inputs)).not.toContain('pulumi.com/');
  expect(registration.inputs['connection']).toMatchObject({
    password: { '4dabf18193072939515e22adb298388d': expect.any(String), value: 'the value' },
  });
});
