import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import type { ICondorPool, SecretRef } from '../contracts';
import { labelsOf, type Part } from '../kit/labels';
import { kubeObject, namespaceOf } from '../kit/objects';
import { generatedSecret, idTokenOf, secretToken, type SecretValue } from '../kit/secret-value';
import { rejectInvalid } from '../kit/validate';
import { PARTS, POOL } from './parts';
import { DAEMONS, keyName } from './pool-config';
import type { PoolKey } from './pool-props';

/** Key of a token in its Secret. */
export const TOKEN = 'token';

/** What an identity may do at most; see https://htcondor.readthedocs.io/en/latest/admin-manual/security.html */
type Authorization = (typeof DAEMONS)[keyof typeof DAEMONS][number] | 'ADVERTISE_STARTD' | 'WRITE';

interface TokenSecret {
  readonly name: string;
  readonly part: Part;
  readonly identity: string;
  readonly authorizations: readonly Authorization[];
}

/**
 * The signing keys of a pool and the tokens that follow from them. A token is signed when it is deployed: no program in the cluster
 * holds a right to make one but those that have the key to check them.
 */
export class PoolTokens {
  /** The Secret with the keys. */
  public readonly keys: ApiObject;

  constructor(
    private readonly scope: Construct,
    private readonly domain: string,
    private readonly key: PoolKey,
  ) {
    const { rotation, acceptPrevious = false } = key;
    const accepted = acceptPrevious ? [rotation - 1, rotation] : [rotation];
    this.keys = kubeObject(scope, 'Keys', 'Secret', {
      metadata: { name: `${POOL}-keys`, labels: labelsOf(PARTS.manager) },
      type: 'Opaque',
      stringData: Object.fromEntries(
        accepted.map((each) => [keyName(each), secretToken(this.keyOf(each))]),
      ),
    });
  }

  /** The Secret with the token of a daemon, or of the people who run the pool. */
  public ofDaemon(daemon: keyof typeof DAEMONS, part: Part): ApiObject {
    const name = `${POOL}-${daemon}-token`;
    const identity = `${daemon}@${this.domain}`;
    return this.secret(this.scope, `${daemon}Token`, {
      name,
      part,
      identity,
      authorizations: DAEMONS[daemon],
    });
  }

  /** A token for whoever asks, in the namespace of `scope`. */
  public request(request: Parameters<ICondorPool['token']>[0]): SecretRef {
    const { scope, name, identity, authorizations } = request;
    rejectInvalid(this.scope, this.requestProblems(identity, authorizations));
    const part = { ...PARTS.submit, component: 'token' };
    this.secret(scope, `Token-${name}`, { name, part, identity, authorizations });
    return { name, key: TOKEN };
  }

  private secret(
    scope: Construct,
    id: string,
    { name, part, identity, authorizations }: TokenSecret,
  ): ApiObject {
    const { rotation } = this.key;
    const token = idTokenOf(this.keyOf(rotation), keyName(rotation), {
      // The second of the Unix epoch, as the token has to be the same at every deployment. What ends it is its key's end.
      iat: 1,
      iss: this.domain,
      jti: `${namespaceOf(scope)}/${name}/${rotation}`,
      scope: authorizations.map((each) => `condor:/${each}`).join(' '),
      sub: identity,
    });
    return kubeObject(scope, id, 'Secret', {
      metadata: { name, labels: labelsOf(part) },
      type: 'Opaque',
      stringData: { [TOKEN]: secretToken(token) },
    });
  }

  private keyOf(rotation: number): SecretValue {
    return generatedSecret(`${namespaceOf(this.scope)}/htcondor/key`, { length: 64, rotation });
  }

  private requestProblems(identity: string, authorizations: readonly string[]): string[] {
    const [user = '', domain] = identity.split('@');
    const own = Object.keys(DAEMONS);
    return [
      ...(/^[A-Za-z0-9._-]+$/.test(user) && domain === this.domain
        ? []
        : [
            `the identity of a token must be a name of this pool such as 'anna@${this.domain}', got '${identity}'`,
          ]),
      ...(own.includes(user)
        ? [
            `the identity of a token must not be one of the pool's own (${own.join(', ')}), got '${identity}'`,
          ]
        : []),
      ...(authorizations.length > 0
        ? []
        : [
            `a token must have authorizations, got none: one without may do everything its identity may; name READ at least`,
          ]),
    ];
  }
}
