import { Target } from '../../../../constructs/targets';
import type { Plan } from '../../../../plan/model';
import { admissionOf } from '../../../../review/admission/plan/admission-of';
import { admissionTable } from '../../../../review/admission/plan/table';
import { deploymentSpec, object, planOfChart, podSpec, type Fields } from '../../../support/plan';

const OKD = { target: Target.parse('okd 4.21') };

const deployment = (pod: Fields, target: string, more: Fields = {}): Plan =>
  planOfChart(
    (chart) => {
      object(chart, 'v1 Namespace ns', more);
      object(chart, 'v1 ServiceAccount own');
      object(chart, 'apps/v1 Deployment server', {
        spec: deploymentSpec({ serviceAccountName: 'own', ...pod }),
      });
    },
    { target: Target.parse(target) },
  );

test('a pod that would be refused is an error with the smallest grant', () => {
  const plan = deployment(podSpec({ securityContext: { runAsUser: 1000 } }), 'okd 4.21');
  const { findings } = admissionOf(plan);
  expect(findings).toMatchObject([
    { rule: 'admission/refused', severity: 'error', object: 'ns/deployment.apps/server' },
  ]);
  expect(findings[0]?.reason).toContain('must be in the ranges: [1000000000, 1000009999]');
  expect(findings[0]?.fix).toContain(
    "ServiceAccount 'own' in namespace 'ns' to ClusterRole 'system:openshift:scc:nonroot-v2'",
  );
  const old = admissionOf(
    deployment(podSpec({ securityContext: { runAsUser: 1000 } }), 'okd 3.11'),
  );
  expect(old.findings[0]?.fix).toContain(
    "a Role with the verb 'use' on securitycontextconstraints 'nonroot'",
  );
});

test('a pod that no SCC takes is said to be beyond grants', () => {
  const pod = podSpec({ securityContext: { supplementalGroups: [] } });
  const annotations = { 'openshift.io/sa.scc.uid-range': 'many' };
  const plan = deployment(pod, 'okd 4.21', { metadata: { name: 'ns', annotations } });
  const { findings } = admissionOf(plan);
  expect(findings[0]?.reason).toContain("'many' is no block of ids");
  expect(findings[0]?.fix).toContain('no SCC of the cluster would take it');
});

const granted = (scc: string, pod: Fields): Plan =>
  planOfChart((chart) => {
    const rule = {
      apiGroups: ['security.openshift.io'],
      resources: ['securitycontextconstraints'],
    };
    object(chart, 'v1 ServiceAccount own');
    object(chart, 'rbac.authorization.k8s.io/v1 Role use', {
      rules: [{ ...rule, resourceNames: [scc], verbs: ['use'] }],
    });
    object(chart, 'rbac.authorization.k8s.io/v1 RoleBinding use', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'use' },
      subjects: [{ kind: 'ServiceAccount', name: 'own', namespace: 'ns' }],
    });
    object(chart, 'apps/v1 Deployment server', {
      spec: deploymentSpec({ serviceAccountName: 'own', ...pod }),
    });
  }, OKD);

test('a grant that is needed is right, one that nobody needs is found', () => {
  const needed = admissionOf(
    granted('nonroot-v2', podSpec({ securityContext: { runAsUser: 1000 } })),
  );
  expect(needed.findings).toEqual([]);
  expect(needed.pods[0]?.verdict).toMatchObject({ scc: 'nonroot-v2', subject: 'serviceaccount' });
  const idle = admissionOf(granted('nonroot-v2', podSpec()));
  expect(idle.findings).toMatchObject([
    {
      rule: 'admission/unneeded-grant',
      severity: 'warning',
      object: 'ns/rolebinding.rbac.authorization.k8s.io/use',
    },
  ]);
});

test('a grant of an SCC that is nowhere is an error', () => {
  expect(admissionOf(granted('nonrooot', podSpec())).findings).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ rule: 'admission/unknown-scc', severity: 'error' }),
    ]),
  );
});

test('what a namespace enforces of Pod Security is held against its pods', () => {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const plan = deployment(podSpec(), 'kubernetes 1.34', { metadata: { name: 'ns', labels } });
  const { findings } = admissionOf(plan);
  expect(findings).toMatchObject([{ rule: 'admission/pod-security', severity: 'error' }]);
  expect(findings[0]?.fix).toContain('enforce baseline');
  expect(admissionTable(admissionOf(plan))).toContain('REFUSED');
});

test('on OKD it is the pod as the SCC made it that Pod Security sees', () => {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const plan = deployment(podSpec(), 'okd 4.21', { metadata: { name: 'ns', labels } });
  expect(admissionOf(plan).findings).toEqual([]);
});
