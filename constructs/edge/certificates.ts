import { X509Certificate } from 'node:crypto';

import type { Construct } from 'constructs';

import { find } from '../kit/findings';
import type { SecretValue } from '../kit/secret-value';

/** Where the certificates of a front door come from. */
export type Certificates =
  /** Its own: what OKD's router or an existing controller shows by itself. Traefik makes one that no browser trusts. */
  | { readonly kind: 'own' }
  /** One for all hosts, given by the site: the public part as PEM, leaf first, and the encrypted setting with the key. */
  | { readonly kind: 'given'; readonly chain: string; readonly key: SecretValue }
  /** cert-manager makes and renews one for each route. */
  | {
      readonly kind: 'cert-manager';
      readonly issuer: Issuer;
      /** @default 'cluster' */
      readonly definitions?: Definitions;
    };

/** Who has cert-manager's resource definitions: the cluster, with its controller, or this tree, for a cluster without one. */
export type Definitions = 'cluster' | 'here';

/** Who signs. */
export type Issuer =
  /** A public authority that asks over HTTP, through the front door itself: every host must be reachable from outside. */
  | { readonly type: 'acme'; readonly server: string; readonly email: string }
  /** The site's own authority, whose certificate and key are in a Secret of cert-manager's namespace. */
  | { readonly type: 'ca'; readonly secret: string }
  /** Nobody: each certificate signs itself. For the sandbox. */
  | { readonly type: 'self-signed' }
  /** A ClusterIssuer that the cluster has. */
  | { readonly type: 'existing'; readonly name: string };

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Time enough for a certificate that people must ask for. */
const WARN_DAYS = 30;

/** What is wrong with the public part of a certificate, for `field`, one message each. Its end is no such thing: see `findExpiry`. */
export function chainProblems(field: string, pem: string): string[] {
  if (/PRIVATE KEY/.test(pem))
    return [`'${field}' holds a private key; give the certificates alone and keep the key secret`];
  const parts = pem.match(PEM) ?? [];
  if (parts.length === 0)
    return [`'${field}' must be certificates as PEM text, leaf first, got ${shown(pem)}`];
  return parts.flatMap((part, index) =>
    parsed(part) === undefined
      ? [`'${field}' has no readable certificate at place ${index + 1}`]
      : [],
  );
}

/** The problem of a certificate that does not name the host, as a list of one message or none. */
export function hostProblems(field: string, pem: string, host: string): string[] {
  const leaf = leafOf(pem);
  // A wildcard is covered by the same wildcard: any name below stands for all of them.
  const sample = host.replace(/^\*/, 'any');
  if (leaf === undefined || leaf.checkHost(sample) !== undefined) return [];
  return [
    `'${host}' is not in the certificate of '${field}', which is for ${leaf.subjectAltName ?? leaf.subject}; ` +
      'have the host added to the certificate, or give the route one of its own',
  ];
}

/** Records that a given certificate has ended, or ends soon. */
export function findExpiry(at: Construct, what: string, pem: string): void {
  const leaf = leafOf(pem);
  if (leaf === undefined) return;
  const end = Date.parse(leaf.validTo);
  const days = Math.floor((end - Date.now()) / DAY_MS);
  const until = new Date(end).toISOString().slice(0, 10);
  const fix = 'renew it, put the new public part in its place and set the new key';
  if (days < 0) {
    const reason = `${what} ended on ${until}: browsers and programs refuse it`;
    find(at, { rule: 'edge/certificate-expired', severity: 'error', reason, fix });
  } else if (days < WARN_DAYS) {
    const reason = `${what} ends on ${until}, in ${days} days`;
    find(at, { rule: 'edge/certificate-expiring', severity: 'warning', reason, fix });
  }
}

function leafOf(pem: string): X509Certificate | undefined {
  const [first] = pem.match(PEM) ?? [];
  return first === undefined ? undefined : parsed(first);
}

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined; // The caller says which one cannot be read.
  }
}

function shown(text: string): string {
  return text === '' ? 'nothing' : `'${text.slice(0, 40)}'`;
}
