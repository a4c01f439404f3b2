import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { labelsOf, type Part } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { base64Of, secretToken, type SecretValue } from '../kit/secret-value';

/** Harbor demands a capital, a small letter and a digit of a robot's token; drawn at random, one in 300 lacks a digit. */
const BEGINNING = 'Rb1';

/** The token of a robot as Harbor is given it. */
export function robotToken(value: SecretValue): string {
  return BEGINNING + secretToken(value);
}

/** What pods pull with. */
export interface PullSecret {
  readonly name: string;
  readonly namespace: string;
  readonly part: Part;
  readonly host: string;
  /** Account by its full name: `robot$cms+puller`. */
  readonly account: string;
  readonly token: SecretValue;
}

/**
 * Adds a Secret that pods name under `imagePullSecrets`. It says the login twice, as programs read one or the other:
 * https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets
 */
export function pullSecret(scope: Construct, secret: PullSecret): ApiObject {
  const { name, namespace, part, host, account, token } = secret;
  const auth = secretToken(base64Of(`${account}:${BEGINNING}`, token));
  const login = { username: account, password: robotToken(token), auth };
  return kubeObject(scope, `${name}-in-${namespace}`, 'Secret', {
    metadata: { name, namespace, labels: labelsOf(part) },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': JSON.stringify({ auths: { [host]: login } }) },
  });
}
