import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import type { SecretRef } from '../contracts';
import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { secretToken, type SecretValue } from '../kit/secret-value';

/** Puts a secret of a login into the namespace of the service that logs people in. */
export function loginSecret(
  scope: Construct,
  service: string,
  key: string,
  value: SecretValue,
): { readonly ref: SecretRef; readonly object: ApiObject } {
  const name = `${service}-login`;
  const object = kubeObject(scope, `LoginSecret-${service}`, 'Secret', {
    metadata: {
      name,
      labels: labelsOf({
        name: 'login',
        instance: service,
        component: 'secret',
        partOf: 'identity',
      }),
    },
    type: 'Opaque',
    stringData: { [key]: secretToken(value) },
  });
  return { ref: { name, key }, object };
}
