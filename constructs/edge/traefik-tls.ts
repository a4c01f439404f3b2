import type { Construct } from 'constructs';

import { labelsOf, type Part } from '../kit/labels';
import { customObject, kubeObject } from '../kit/objects';
import { REACH_LABEL } from '../kit/reach';
import { secretToken } from '../kit/secret-value';
import type { Certificates } from './certificates';
import { TRAEFIK_API } from './traefik-middlewares';

/** Adds the options that every TLS connection has: Traefik looks for them under the name `default`. */
export function tlsOptions(scope: Construct, part: Part, oldest: '1.2' | '1.3'): void {
  customObject(scope, 'TlsOptions', {
    apiVersion: TRAEFIK_API,
    kind: 'TLSOption',
    metadata: { name: 'default', labels: labelsOf(part) },
    spec: { minVersion: oldest === '1.2' ? 'VersionTLS12' : 'VersionTLS13' },
  });
}

/** Adds the certificate that is shown for every host that has none of its own, in a Secret that stays in Traefik's namespace. */
export function defaultCertificate(
  scope: Construct,
  part: Part,
  { chain, key }: Extract<Certificates, { readonly kind: 'given' }>,
): void {
  const metadata = { name: `${part.instance}-certificate`, labels: labelsOf(part) };
  kubeObject(scope, 'Certificate', 'Secret', {
    metadata,
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': chain, 'tls.key': secretToken(key) },
  });
  customObject(scope, 'TlsStore', {
    apiVersion: TRAEFIK_API,
    kind: 'TLSStore',
    metadata: { name: 'default', labels: labelsOf(part) },
    spec: { defaultCertificate: { secretName: metadata.name } },
  });
}

/** Adds the router of the dashboard, for the internal networks. */
export function dashboard(scope: Construct, part: Part, host: string, guard: string): void {
  customObject(scope, 'Dashboard', {
    apiVersion: TRAEFIK_API,
    kind: 'IngressRoute',
    metadata: {
      name: 'dashboard',
      labels: { ...labelsOf(part), [REACH_LABEL]: 'internal' },
    },
    spec: {
      entryPoints: ['websecure'],
      routes: [
        {
          kind: 'Rule',
          match: `Host(\`${host}\`) && (PathPrefix(\`/api\`) || PathPrefix(\`/dashboard\`))`,
          middlewares: [{ name: guard }],
          services: [{ kind: 'TraefikService', name: 'api@internal' }],
        },
      ],
      tls: {},
    },
  });
}
