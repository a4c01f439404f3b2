import type { Construct } from 'constructs';

import { find } from '../kit/findings';
import { NAMESPACE_NAME } from '../kit/network';
import { customObject, namespaceOf } from '../kit/objects';
import { targetOf } from '../targets';
import type { TenantSpace } from './tenant-props';

/**
 * Whoever may delete namespaces of the cluster: the site, and the controller that empties a namespace. A tenant's own admin may not, whatever
 * rights he hands out inside.
 */
const BY_SITE = "authorizer.group('').resource('namespaces').check('delete').allowed()";

/**
 * Has the API server hold what rights cannot: `edit` and `admin` of Kubernetes may change network policies, and a quota knows only the classes
 * it names. See https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function tenantAdmission(
  at: Construct,
  labels: Readonly<Record<string, string>>,
  { traffic, storage }: TenantSpace,
): void {
  const namespace = namespaceOf(at);
  const target = targetOf(at);
  if (traffic === undefined && storage === undefined) return;
  if (!target.has('validating-admission-policy')) {
    find(at, {
      rule: 'tenancy/not-held',
      severity: 'warning',
      reason: `'${target.name}' has no ValidatingAdmissionPolicy, so nothing keeps the editors of '${namespace}' from ${[...(traffic === undefined ? [] : ['network policies of their own']), ...(storage === undefined ? [] : ['storage classes that are not in the plan'])].join(' and ')}`,
      fix: 'Let a webhook of the site (Kyverno, Gatekeeper) hold it, or give its people roles without these.',
    });
    return;
  }
  if (traffic !== undefined) {
    policy('Traffic', {
      apiGroup: 'networking.k8s.io',
      resource: 'networkpolicies',
      operations: ['CREATE', 'UPDATE', 'DELETE'],
      expression: BY_SITE,
      message: `the traffic of '${namespace}' is the site's to change: ask for a rule in 'traffic' of the tenant`,
    });
  }
  if (storage !== undefined) {
    const names = Object.keys(storage).sort();
    policy('Classes', {
      apiGroup: '',
      resource: 'persistentvolumeclaims',
      operations: ['CREATE'],
      expression: `(has(object.spec.storageClassName) && object.spec.storageClassName in ${JSON.stringify(names)}) || ${BY_SITE}`,
      message: `claims in '${namespace}' must be of class ${names.length === 0 ? 'none: it has no storage' : names.join(' or ')}`,
    });
  }

  function policy(
    id: 'Traffic' | 'Classes',
    rule: {
      readonly apiGroup: string;
      readonly resource: string;
      readonly operations: readonly string[];
      readonly expression: string;
      readonly message: string;
    },
  ): void {
    const name = `tenant-${namespace}-${id.toLowerCase()}`;
    customObject(at, `${id}Policy`, {
      apiVersion: target.apiVersion('ValidatingAdmissionPolicy'),
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name, labels },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: [rule.apiGroup],
              apiVersions: ['v1'],
              operations: [...rule.operations],
              resources: [rule.resource],
            },
          ],
        },
        validations: [{ expression: rule.expression, message: rule.message }],
      },
    });
    customObject(at, `${id}Binding`, {
      apiVersion: target.apiVersion('ValidatingAdmissionPolicyBinding'),
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name, labels },
      spec: {
        policyName: name,
        validationActions: ['Deny'],
        matchResources: { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: namespace } } },
      },
    });
  }
}
