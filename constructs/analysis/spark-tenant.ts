import { Construct } from 'constructs';

import { expectPods } from '../kit/expected-pods';
import { labelsOf } from '../kit/labels';
import { podsMadeBy } from '../kit/made-elsewhere';
import { allow, API_SERVER, INTERNET } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { grantInNamespace, subjectsOf } from '../kit/rbac';
import { sparkPodsOf } from './expected-workers';
import type { ScaleTenant } from './scale-tenant';
import { DRIVER_ACCOUNT, JOB_LABELS, SPARK_PARTS } from './spark-parts';
import { DRIVER_RULES, OPERATOR_RULES, PEOPLE_RULES } from './spark-rules';

/** Rights, the drivers' account and the network of the applications of one tenant. */
export class SparkTenant extends Construct {
  constructor(scope: Construct, tenant: ScaleTenant, operator: string) {
    super(scope, `Tenant-${tenant.namespace}`);
    const { namespace } = tenant;
    const own = namespaceOf(this);
    const part = SPARK_PARTS.jobs;
    const labels = labelsOf(part);
    grantInNamespace(this, 'Operator', {
      name: `${own}-${operator}`,
      namespace,
      part: SPARK_PARTS.operator,
      rules: OPERATOR_RULES,
      to: { name: operator, namespace: own },
    });
    kubeObject(this, 'Driver', 'ServiceAccount', {
      metadata: { name: DRIVER_ACCOUNT, namespace, labels },
      automountServiceAccountToken: false,
    });
    grantInNamespace(this, 'Drivers', {
      name: DRIVER_ACCOUNT,
      namespace,
      part,
      rules: DRIVER_RULES,
      to: { name: DRIVER_ACCOUNT, namespace },
    });
    this.addPeople(tenant);
    this.addPolicy(tenant);
    expectPods(this, sparkPodsOf(tenant));
  }

  private addPeople({ namespace, groups }: ScaleTenant): void {
    const metadata = { name: 'spark-people', namespace, labels: labelsOf(SPARK_PARTS.jobs) };
    kubeObject(this, 'PeopleRole', 'Role', { metadata, rules: [...PEOPLE_RULES] });
    kubeObject(this, 'PeopleBinding', 'RoleBinding', {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name },
      subjects: subjectsOf({ groups }),
    });
  }

  private addPolicy({ namespace, outgoing = [INTERNET] }: ScaleTenant): void {
    const jobs = { podSelector: { matchLabels: { ...JOB_LABELS } } };
    const policy = allow(this, 'AllowJobs', {
      name: 'spark-jobs',
      namespace,
      part: SPARK_PARTS.jobs,
      pods: JOB_LABELS,
      from: [{ peers: [jobs], ports: 'any' }],
      to: [
        { peers: [jobs], ports: 'any' },
        API_SERVER,
        ...(outgoing.length === 0 ? [] : [{ peers: outgoing, ports: 'any' } as const]),
      ],
    });
    podsMadeBy(policy, 'spark-operator');
  }
}
