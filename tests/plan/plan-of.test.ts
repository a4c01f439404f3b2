import { Chart } from 'cdk8s';

import { objectsOf } from '../../plan/model';
import { object, planFrom, planned, plannedAlone, planOfChart } from '../support/plan';

/** What planning a chart with these objects says is wrong. */
function problems(...said: string[]): Error {
  return new Error(`environment 'test' cannot be planned:\n  - ${said.join('\n  - ')}`);
}

describe('identity', () => {
  test.each([
    ['v1 ConfigMap settings', 'ns/configmap/settings'],
    ['apps/v1 Deployment web', 'ns/deployment.apps/web'],
    ['v1 Namespace other', '_/namespace/other'],
    [
      'rbac.authorization.k8s.io/v1 ClusterRole system:reader',
      '_/clusterrole.rbac.authorization.k8s.io/system:reader',
    ],
    [
      'security.openshift.io/v1 SecurityContextConstraints nfs',
      '_/securitycontextconstraints.security.openshift.io/nfs',
    ],
  ])('%s is called %s', (what, id) => {
    expect(plannedAlone(what).id).toBe(id);
  });

  test('what belongs to the cluster loses the namespace that its chart gave it', () => {
    expect(
      plannedAlone('storage.k8s.io/v1 StorageClass nfs').manifest.metadata.namespace,
    ).toBeUndefined();
    expect(plannedAlone('v1 ConfigMap settings').manifest.metadata.namespace).toBe('ns');
  });

  test('a definition in the tree says whether its kind belongs to the cluster', () => {
    const definition = (plural: string, kind: string, scope: string): object => ({
      spec: { group: 'example.org', scope, names: { kind, plural } },
    });
    const plan = planOfChart((chart) => {
      object(chart, 'example.org/v1 Pool fast');
      object(chart, 'example.org/v1 Claim mine');
      object(chart, 'apiextensions.k8s.io/v1 CustomResourceDefinition pools.example.org', {
        ...definition('pools', 'Pool', 'Cluster'),
      });
      object(chart, 'apiextensions.k8s.io/v1 CustomResourceDefinition claims.example.org', {
        ...definition('claims', 'Claim', 'Namespaced'),
      });
    });
    expect(planned(plan, '_/pool.example.org/fast').manifest.metadata.namespace).toBeUndefined();
    expect(planned(plan, 'ns/claim.example.org/mine').dependsOn).toEqual([
      '_/customresourcedefinition.apiextensions.k8s.io/claims.example.org',
    ]);
    expect(planned(plan, '_/pool.example.org/fast').dependsOn).toEqual([
      '_/customresourcedefinition.apiextensions.k8s.io/pools.example.org',
    ]);
  });

  test('every object carries the mark of its environment beside its own labels', () => {
    const labels = { 'app.kubernetes.io/name': 'web', 'app.kubernetes.io/managed-by': 'Helm' };
    const { manifest } = plannedAlone('v1 ConfigMap it', { metadata: { name: 'it', labels } });
    expect(manifest.metadata['labels']).toEqual({
      'app.kubernetes.io/name': 'web',
      'app.kubernetes.io/managed-by': 'beamline',
      'beamline/environment': 'test',
    });
  });

  test('an object waits for its namespace', () => {
    const plan = planOfChart((chart) => {
      object(chart, 'v1 ConfigMap it');
      object(chart, 'v1 Namespace ns');
    });
    expect(planned(plan, 'ns/configmap/it').dependsOn).toEqual(['_/namespace/ns']);
    expect(planned(plan, 'ns/configmap/it').path).toBe('chart/ConfigMap-it');
  });
});

describe('refusals', () => {
  test('rejects an object without a name', () => {
    const nameless = (): unknown =>
      planOfChart((chart) => object(chart, 'v1 ConfigMap x', { metadata: { name: '' } }));
    expect(nameless).toThrow(
      problems(
        'chart/ConfigMap-x: ConfigMap has no metadata.name; every object needs an explicit one',
      ),
    );
  });

  test('rejects a name that the API server would make up', () => {
    const generated = (): unknown =>
      planOfChart((chart) => object(chart, 'batch/v1 Job x', { metadata: { generateName: 'x-' } }));
    expect(generated).toThrow(
      problems(
        'chart/Job-x: Job has metadata.generateName, which makes another object at every deployment; set metadata.name',
      ),
    );
  });

  test('rejects a name that no API server takes', () => {
    const long = 'x'.repeat(254);
    expect(() =>
      planOfChart((chart) => object(chart, 'v1 ConfigMap x', { metadata: { name: long } })),
    ).toThrow(
      problems(
        `chart/ConfigMap-x: ConfigMap '${long}' has a name of 254 characters, 253 are allowed`,
      ),
    );
  });

  test.each(['ConfigMapList', 'DeploymentPatch'])('rejects the kind %s', (kind) => {
    expect(() => planOfChart((chart) => object(chart, `v1 ${kind} x`))).toThrow(
      problems(
        `chart/${kind}-x: kind '${kind}' of 'x' ends in List or Patch, which the Pulumi provider takes for something else`,
      ),
    );
  });

  test('rejects two objects of one name, saying where each is made', () => {
    const twice = (): unknown =>
      planFrom((app) => {
        for (const id of ['one', 'two'])
          object(new Chart(app, id, { namespace: 'ns' }), 'v1 ConfigMap it');
      });
    expect(twice).toThrow(
      problems(
        "two/ConfigMap-it: 'ns/configmap/it' is already made by 'one/ConfigMap-it'; give one of them another name",
      ),
    );
  });

  test('takes one name in two namespaces and in two kinds', () => {
    const plan = planFrom((app) => {
      object(new Chart(app, 'one', { namespace: 'a' }), 'v1 ConfigMap it');
      object(new Chart(app, 'two', { namespace: 'b' }), 'v1 ConfigMap it');
      object(new Chart(app, 'three', { namespace: 'b' }), 'v1 Secret it');
    });
    expect(objectsOf(plan)).toHaveLength(3);
  });

  test('rejects an object that needs a namespace and has none', () => {
    expect(() => planFrom((app) => object(new Chart(app, 'chart'), 'v1 ConfigMap it'))).toThrow(
      problems(
        "chart/ConfigMap-it: ConfigMap 'it' has no namespace; set metadata.namespace or give its Chart a namespace",
      ),
    );
  });

  test("rejects what a construct's own validation finds", () => {
    const invalid = (): unknown =>
      planOfChart((chart) => chart.node.addValidation({ validate: () => ['no route was added'] }));
    expect(invalid).toThrow(problems('chart: no route was added'));
  });

  test('rejects everything at once', () => {
    const wrong = (): unknown =>
      planOfChart(
        (chart) => {
          object(chart, 'v1 ConfigMap x', { metadata: {} });
          object(chart, 'v1 PersistentVolumeClaim data', { spec: { storageClassName: 'fast' } });
        },
        { moved: [{ from: 'ns/secret/a', to: 'ns/secret/b' }] },
      );
    expect(wrong).toThrow(
      problems(
        'chart/ConfigMap-x: ConfigMap has no metadata.name; every object needs an explicit one',
        "chart/PersistentVolumeClaim-data: 'ns/persistentvolumeclaim/data' names '_/storageclass.storage.k8s.io/fast', " +
          "which nothing in the plan makes; make it, correct the name, or list it under 'provided' in the environment " +
          'if the cluster has it',
        "moved: nothing in the plan is called 'ns/secret/b', which 'ns/secret/a' is to become",
      ),
    );
  });
});

describe('renames', () => {
  const moved = (...pairs: (readonly [string, string])[]): unknown =>
    planOfChart(
      (chart) => {
        object(chart, 'v1 ConfigMap new');
        object(chart, 'v1 ConfigMap other');
      },
      { moved: pairs.map(([from, to]) => ({ from, to })) },
    );

  test('a rename of something gone to something there is kept with the plan', () => {
    expect(moved(['ns/configmap/old', 'ns/configmap/new'])).toMatchObject({
      moved: [{ from: 'ns/configmap/old', to: 'ns/configmap/new' }],
    });
  });

  test('rejects a rename to nothing', () => {
    expect(() => moved(['ns/configmap/old', 'ns/configmap/nwe'])).toThrow(
      problems(
        "moved: nothing in the plan is called 'ns/configmap/nwe', which 'ns/configmap/old' is to become",
      ),
    );
  });

  test('rejects a rename of something that is still there', () => {
    expect(() => moved(['ns/configmap/other', 'ns/configmap/new'])).toThrow(
      problems(
        "moved: 'ns/configmap/other' is still in the plan, so it cannot have become 'ns/configmap/new'",
      ),
    );
  });

  test('rejects one object that became two', () => {
    expect(() =>
      moved(['ns/configmap/old', 'ns/configmap/new'], ['ns/configmap/old', 'ns/configmap/other']),
    ).toThrow(problems("moved: 'ns/configmap/old' is listed twice"));
  });
});
