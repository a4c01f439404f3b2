import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { stringify } from 'yaml';

import type { Layout } from './layout';

/** Writes the kubeconfig of a control plane's administrator, whole and readable by this user alone. */
export function writeKubeconfig(path: string, name: string, server: string, layout: Layout): void {
  const context = `beamline-${name}`;
  const pki = (file: string): string =>
    readFileSync(join(layout.cluster, 'pki', file)).toString('base64');
  const text = stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: context, cluster: { server, 'certificate-authority-data': pki('ca.crt') } }],
    users: [
      {
        name: context,
        user: { 'client-certificate-data': pki('admin.crt'), 'client-key-data': pki('admin.key') },
      },
    ],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
  });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
