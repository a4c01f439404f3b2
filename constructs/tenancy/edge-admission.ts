import type { Construct } from 'constructs';

import { labelsOf, type Part } from '../kit/labels';
import { NAMESPACE_NAME } from '../kit/network';
import { customObject } from '../kit/objects';
import { targetOf } from '../targets';

/** What may run in the namespace of a grant, beside what Pod Security and quotas say. */
export interface EdgeRules {
  readonly name: string;
  readonly namespace: string;
  readonly part: Part;
  readonly repositories: readonly string[];
  readonly ports: readonly number[];
}

/**
 * Has the API server itself refuse images from elsewhere and Services on other ports, whoever makes them. Expressions are CEL; see
 * https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function edgeAdmission(scope: Construct, rules: EdgeRules): void {
  const { name, namespace, part, repositories, ports } = rules;
  const target = targetOf(scope);
  const labels = labelsOf(part);
  const repositoryList = JSON.stringify(repositories);
  const fromThere = (list: string): string =>
    `${list}.all(c, ${repositoryList}.exists(r, c.image.startsWith(r + ':') || c.image.startsWith(r + '@')))`;
  const optional = (field: string): string =>
    `!has(object.spec.${field}) || ${fromThere(`object.spec.${field}`)}`;
  const images = [
    fromThere('object.spec.containers'),
    optional('initContainers'),
    optional('ephemeralContainers'),
  ]
    .map((expression) => `(${expression})`)
    .join(' && ');
  policy(scope, 'Images', {
    name: `${name}-images`,
    resource: 'pods',
    expression: images,
    message: `images must come from ${repositories.join(' or ')}, by tag or digest`,
  });
  policy(scope, 'Ports', {
    name: `${name}-ports`,
    resource: 'services',
    expression: `object.spec.type != 'ExternalName' && (!has(object.spec.ports) || object.spec.ports.all(p, p.port in ${JSON.stringify(ports)}))`,
    message: `Services must be on ${ports.join(' or ')}`,
  });

  function policy(
    at: Construct,
    id: string,
    one: {
      readonly name: string;
      readonly resource: string;
      readonly expression: string;
      readonly message: string;
    },
  ): void {
    customObject(at, `${id}Policy`, {
      apiVersion: target.apiVersion('ValidatingAdmissionPolicy'),
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: one.name, labels },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: [''],
              apiVersions: ['v1'],
              operations: ['CREATE', 'UPDATE'],
              resources:
                one.resource === 'pods' ? ['pods', 'pods/ephemeralcontainers'] : [one.resource],
            },
          ],
        },
        validations: [{ expression: one.expression, message: one.message }],
      },
    });
    customObject(at, `${id}Binding`, {
      apiVersion: target.apiVersion('ValidatingAdmissionPolicyBinding'),
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: one.name, labels },
      spec: {
        policyName: one.name,
        validationActions: ['Deny'],
        matchResources: { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: namespace } } },
      },
    });
  }
}
