import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { labelsOf, type Part } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { secretToken, type SecretValue } from '../kit/secret-value';

/** A Secret that the site makes itself, in the namespace of the stack and with the keys that the driver wants. */
export interface ExistingSecret {
  readonly from: 'secret';
  readonly name: string;
}

/** Where the password of a storage system comes from: a value that Beamline writes into a Secret, or a Secret that is there. */
export type Credentials = SecretValue | ExistingSecret;

/** The Secret that the driver is told of. */
export interface CredentialsSecret {
  readonly name: string;
  readonly part: Part;
  /** @default 'Opaque' */
  readonly type?: string;
  /** What it holds, from the token of the value. */
  readonly data: (password: string) => Readonly<Record<string, string>>;
}

/** Adds the Secret, unless the site has it; answers its name and the object, if there is one. */
export function credentialsSecret(
  scope: Construct,
  id: string,
  from: Credentials,
  secret: CredentialsSecret,
): { readonly name: string; readonly object: ApiObject | undefined } {
  if (from.from === 'secret') return { name: from.name, object: undefined };
  const object = kubeObject(scope, id, 'Secret', {
    metadata: { name: secret.name, labels: labelsOf(secret.part) },
    type: secret.type ?? 'Opaque',
    stringData: { ...secret.data(secretToken(from)) },
  });
  return { name: secret.name, object };
}
