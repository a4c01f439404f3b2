import type { Construct } from 'constructs';
import type { Volume, VolumeMount } from 'kubernetes-types/core/v1';

import { labelsOf } from '../kit/labels';
import { customObject, kubeObject } from '../kit/objects';
import type { HarborSite } from './harbor-site';
import type { TlsComponent } from './internal-tls-props';

const AUTHORITY = 'authority';

/** Adds what the certificates take: the authority for all, and what asks cert-manager for them. */
export function addInternalTls(
  scope: Construct,
  site: HarborSite,
  components: readonly TlsComponent[],
): void {
  const tls = site.props.internalTls;
  if (tls === undefined) return;
  kubeObject(scope, 'InternalAuthority', 'ConfigMap', {
    metadata: { name: authorityName(site), labels: labelsOf(site.part('core')) },
    data: { 'ca.crt': tls.authority },
  });
  const { certificates } = tls;
  if (certificates.from !== 'cert-manager') return;
  for (const component of components) {
    const name = site.nameOf(component);
    customObject(scope, `Certificate-${component}`, {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: secretName(site, component), labels: labelsOf(site.part(component)) },
      spec: {
        secretName: secretName(site, component),
        issuerRef: { group: 'cert-manager.io', ...certificates.issuer },
        commonName: name,
        dnsNames: component === 'core' ? [name, 'localhost'] : [name],
        ...(component === 'core' ? { ipAddresses: ['127.0.0.1'] } : {}),
        privateKey: { rotationPolicy: 'Always' },
        usages: ['digital signature', 'key encipherment', 'server auth', 'client auth'],
      },
    });
  }
}

/** Where a program finds its certificate. */
export function tlsFolder(component: TlsComponent): string {
  return `/etc/harbor/ssl/${component}`;
}

/** The certificate of a program and the authority in one folder; nothing without internal TLS. */
export function tlsMounts(
  site: HarborSite,
  component: TlsComponent,
): { readonly mounts: readonly VolumeMount[]; readonly volumes: readonly Volume[] } {
  if (site.props.internalTls === undefined) return { mounts: [], volumes: [] };
  const name = `tls-${component}`;
  const secret = { name: secretName(site, component), items: [file('tls.crt'), file('tls.key')] };
  const configMap = { name: authorityName(site), items: [file('ca.crt')] };
  return {
    mounts: [{ name, mountPath: tlsFolder(component), readOnly: true }],
    volumes: [
      {
        name,
        projected: { sources: [{ secret }, { configMap }] },
      },
    ],
  };
}

/** The Secret that a program's certificate is in. cert-manager writes it; no object of the plan is called so. */
export function secretName(site: HarborSite, component: TlsComponent): string {
  const certificates = site.props.internalTls?.certificates;
  return certificates?.from === 'secrets'
    ? certificates.names[component]
    : `${site.nameOf(component)}-tls`;
}

function file(key: string): { readonly key: string; readonly path: string } {
  return { key, path: key };
}

function authorityName(site: HarborSite): string {
  return site.nameOf(AUTHORITY);
}
