import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { HARBOR_API } from '../kit/beyond-cluster';
import { labelsOf, type Part } from '../kit/labels';
import { secretToken, type SecretValue } from '../kit/secret-value';
import { markSource } from '../kit/source';

/** How the one who deploys reaches the API of a Harbor. */
export interface HarborConnection {
  /** `https://registry.example.org`. */
  readonly url: string;
  readonly username: string;
  readonly password: SecretValue;
}

/** The kinds of things inside a Harbor. */
export type HarborKind =
  | 'HarborRegistry'
  | 'HarborProject'
  | 'HarborMember'
  | 'HarborRobot'
  | 'HarborRetention'
  | 'HarborReplication';

/** Something inside a Harbor. `name` is unique among its kind. */
export interface HarborObject {
  readonly kind: HarborKind;
  readonly name: string;
  readonly part: Part;
  readonly connection: HarborConnection;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Adds something that is to be inside a Harbor. It is planned, rendered and compared like any object. */
export function harborObject(scope: Construct, object: HarborObject): ApiObject {
  const { kind, name, part, connection, spec } = object;
  const made = new ApiObject(scope, `${kind}-${name}`, {
    apiVersion: HARBOR_API,
    kind,
    metadata: { name, labels: labelsOf(part) },
    connection: { ...connection, password: secretToken(connection.password) },
    spec,
  });
  markSource(made);
  return made;
}
