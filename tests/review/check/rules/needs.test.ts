import type { Chart } from 'cdk8s';

import { needs } from '../../../../review/check/rules/needs';
import { workloadsOf } from '../../../../review/check/pods';
import { object, planOfChart, podSpec, type Fields } from '../../../support/plan';

const PROVISIONER = 'registry.k8s.io/sig-storage/nfs-subdir-external-provisioner:v4.0.2';
const volumes = {
  apiGroups: [''],
  resources: ['persistentvolumes'],
  verbs: ['get', 'list', 'watch', 'create', 'delete'],
};
const reading = [
  { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['list', 'watch'] },
];

/** What is said of a program under a ServiceAccount that has the rules of a ClusterRole, bound everywhere or in its namespace. */
function said(
  container: Fields,
  rules: readonly Fields[],
  binding = 'ClusterRoleBinding',
): string[] {
  const plan = planOfChart((chart: Chart) => {
    object(chart, 'v1 ServiceAccount program');
    object(chart, 'rbac.authorization.k8s.io/v1 ClusterRole program', { rules });
    object(chart, `rbac.authorization.k8s.io/v1 ${binding} program`, {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'program' },
      subjects: [{ kind: 'ServiceAccount', name: 'program', namespace: 'ns' }],
    });
    object(chart, 'apps/v1 Deployment program', {
      spec: {
        selector: { matchLabels: { app: 'program' } },
        template: {
          metadata: { labels: { app: 'program' } },
          spec: podSpec({ serviceAccountName: 'program' }, container),
        },
      },
    });
  });
  return needs(plan, workloadsOf(plan)).map(
    ({ rule, severity, reason }) => `${severity} ${rule}: ${reason}`,
  );
}

test('a program with the rights that it needs is not mentioned', () => {
  expect(said({ image: PROVISIONER }, [volumes, ...reading])).toEqual([]);
  expect(
    said({ image: PROVISIONER }, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
  ).toEqual([]);
});

test('each right that it lacks is named', () => {
  const rules = [{ ...volumes, verbs: ['get', 'list', 'watch'] }, ...reading.slice(1)];
  expect(said({ image: PROVISIONER }, rules)).toEqual([
    "error rbac/missing-right: its program needs create, delete of persistentvolumes; list, watch of persistentvolumeclaims, which no binding of the plan gives to ServiceAccount 'program'",
  ]);
});

test('volumes are in no namespace, so a RoleBinding gives no right to them', () => {
  expect(said({ image: PROVISIONER }, [volumes, ...reading], 'RoleBinding')).toHaveLength(1);
});

test.each([
  ['an ingress controller', ['--providers.kubernetesingress'], 'ingresses.networking.k8s.io'],
  ['another provider of it', ['--providers.kubernetescrd=true'], 'ingressroutes.traefik.io'],
])('%s needs what it is told to watch', (_, args, resource) => {
  const services = { apiGroups: [''], resources: ['services'], verbs: ['list', 'watch'] };
  const [finding] = said({ image: 'docker.io/library/traefik:v3.6.12', args }, [services]);
  expect(finding).toContain(`needs list, watch of ${resource}, which no binding`);
  expect(said({ image: 'docker.io/library/traefik:v3.6.12' }, [services])).toEqual([]);
});

test('who elects a leader needs leases, whatever the program is', () => {
  const lease = {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    verbs: ['get', 'create', 'update'],
  };
  expect(said({ args: ['--leader-elect'] }, [lease], 'RoleBinding')).toEqual([]);
  expect(said({ args: ['--leader-elect=true'] }, [{ ...lease, verbs: ['get'] }])).toEqual([
    "error rbac/missing-right: its program needs create, update of leases.coordination.k8s.io, which no binding of the plan gives to ServiceAccount 'program'",
  ]);
});
