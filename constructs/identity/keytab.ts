import type { Construct } from 'constructs';

import type { SecretRef } from '../contracts';
import { find } from '../kit/findings';
import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { secretToken, type SecretValue } from '../kit/secret-value';

/** The keys by which a service shows who it is, without anybody typing a password. */
export interface KeytabProps {
  /** Name of the Secret, and of the service: `squid-http`. */
  readonly name: string;
  /** `HTTP/hub.example.org`, without the realm. */
  readonly principal: string;
  /**
   * The encrypted setting that holds the file as base64:
   * `base64 -w0 http.keytab | pulumi config set --secret beamline:httpKeytab`.
   */
  readonly file: SecretValue;
  /**
   * The day on which the realm takes these keys no more, as `2027-01-31`, or `never`. A keytab does not say that of itself: ask who runs the realm
   * (`getprinc` of kadmin: "Password expiration date"; Active Directory changes those of machines every 30 days).
   */
  readonly expires: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Time enough for keys that people must ask for. */
const WARN_DAYS = 30;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What is wrong with a keytab, one message each. */
export function keytabProblems({ name, principal, expires }: KeytabProps): string[] {
  return [
    ...(/^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$/.test(name)
      ? []
      : [`keytab: name must be lower-case letters, digits and '-', at most 52, got '${name}'`]),
    ...(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)?$/.test(principal)
      ? []
      : [
          `keytab '${name}': principal must be '<service>/<host>' without the realm, such as 'HTTP/hub.example.org', got '${principal}'`,
        ]),
    ...(expires === 'never' || (DAY.test(expires) && !Number.isNaN(Date.parse(expires)))
      ? []
      : [`keytab '${name}': expires must be 'never' or a day as '2027-01-31', got '${expires}'`]),
  ];
}

/** Adds the Secret with a keytab to the namespace of `scope`, and says when it ends. */
export function addKeytab(scope: Construct, realm: string, props: KeytabProps): SecretRef {
  const { name, principal, file, expires } = props;
  const part = { name: 'keytab', instance: name, component: 'secret', partOf: 'identity' };
  const secret = `${name}-keytab`;
  const made = kubeObject(scope, `Keytab-${name}`, 'Secret', {
    metadata: {
      name: secret,
      labels: labelsOf(part),
      annotations: {
        'beamline/principal': `${principal}@${realm}`,
        'beamline/expires': expires,
      },
    },
    type: 'Opaque',
    data: { keytab: secretToken(file) },
  });
  if (expires !== 'never') findEnd(made, `${principal}@${realm}`, expires);
  return { name: secret, key: 'keytab' };
}

function findEnd(at: Construct, who: string, expires: string): void {
  const days = Math.floor((Date.parse(expires) - Date.now()) / DAY_MS);
  const fix = `have new keys made (ktadd), set the setting again, and give the new day as 'expires'`;
  if (days < 0) {
    const reason = `the keytab of '${who}' ended on ${expires}: the realm refuses the service`;
    find(at, { rule: 'identity/keytab-expired', severity: 'error', reason, fix });
  } else if (days < WARN_DAYS) {
    const reason = `the keytab of '${who}' ends on ${expires}, in ${days} days`;
    find(at, { rule: 'identity/keytab-expiring', severity: 'warning', reason, fix });
  }
}
