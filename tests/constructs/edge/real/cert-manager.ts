import { readFileSync } from 'node:fs';

import { load, loadAll } from 'js-yaml';

import type { UpstreamPin } from '../../../../constructs/kit/upstream';
import { UPSTREAM_FILES } from '../../../../constructs/versions';
import { isManifest, objectsAt } from '../../../../plan/json';
import type { JsonObject, Manifest } from '../../../../plan/model';
import { ensureUpstream } from '../../../../upstream/fetch';

const { version } = UPSTREAM_FILES.certManagerCertificates;

/** What its program needs beside what our front doors bring, and its own chart's roles. */
const OTHERS = {
  requests: pin(
    'certificaterequests',
    'deploy/crds/cert-manager.io_certificaterequests.yaml',
    '340d944e5ecfa478fdf8f730b9f22b4f2aafa8c2ba624f9c29a33d4104465063',
  ),
  issuers: pin(
    'issuers',
    'deploy/crds/cert-manager.io_issuers.yaml',
    '6c90266b7aa958900ada75960c22425d0c47f3d4048fc92abac6f87e6b0e2c7b',
  ),
  roles: pin(
    'roles',
    'deploy/charts/cert-manager/templates/rbac.yaml',
    'f7285bdc38f38ae59ee3b179b75e48c8cc8c3c13fd7f350dfbb8fdf56b140163',
  ),
};

/** Its resource definitions, as far as its program reads them. */
export async function definitions(): Promise<Manifest[]> {
  const { certManagerCertificates, certManagerClusterIssuers } = UPSTREAM_FILES;
  const pins = [
    certManagerCertificates,
    certManagerClusterIssuers,
    OTHERS.requests,
    OTHERS.issuers,
  ];
  const files = await Promise.all(pins.map((one) => ensureUpstream(one)));
  return files.map((file) => load(readFileSync(file, 'utf8'))).filter(isManifest);
}

/** What its chart lets its controllers of issuers and certificates do. */
export async function ownRules(): Promise<JsonObject[]> {
  const template = readFileSync(await ensureUpstream(OTHERS.roles), 'utf8');
  const text = template.replace(/^\s*\{\{.*\}\}\s*$/gm, '').replace(/\{\{.*?\}\}/g, 'own');
  // Only the role for Ingresses lets anybody make a request for a certificate, and every one is bound to the same account.
  const wanted = /-controller-(clusterissuers|certificates|ingress-shim)$/;
  return loadAll(text)
    .filter(isManifest)
    .filter(({ kind, metadata }) => kind === 'ClusterRole' && wanted.test(metadata.name))
    .flatMap((role) => objectsAt(role, 'rules'));
}

function pin(name: string, file: string, sha256: string): UpstreamPin {
  const base = `https://raw.githubusercontent.com/cert-manager/cert-manager/${version}`;
  return {
    name: `cert-manager-${name}`,
    version,
    url: `${base}/${file}`,
    goModule: { path: 'github.com/cert-manager/cert-manager', version, file },
    sha256,
  };
}
