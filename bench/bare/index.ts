import { readFileSync } from 'node:fs';

import { CustomResource, ProviderResource } from '@pulumi/pulumi';
import { z } from 'zod';

/**
 * What Beamline is compared with: the same objects registered as a Pulumi user would who knows what costs time. One
 * resource an object, nothing awaited, the provider as quick as ours. The manifests come from a file, so that this
 * program pays for nothing but Pulumi.
 */
const input = z
  .object({
    provider: z.record(z.string(), z.string()),
    version: z.string(),
    manifests: z.array(
      z.looseObject({
        apiVersion: z.string(),
        kind: z.string(),
        metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(process.env['BARE_INPUT'] ?? '', 'utf8')));

class Provider extends ProviderResource {}
class KubernetesObject extends CustomResource {}

const { version } = input;
const provider = new Provider('kubernetes', 'cluster', input.provider, { version });
const namespaces = new Map<string, CustomResource>();

for (const { apiVersion, kind, metadata, ...rest } of input.manifests) {
  const { name, namespace } = metadata;
  const type = `kubernetes:${apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`}:${kind}`;
  const inputs = {
    ...rest,
    apiVersion,
    kind,
    metadata: { ...metadata, annotations: { 'pulumi.com/skipAwait': 'true' } },
  };
  const home = namespaces.get(namespace ?? '');
  const resource = new KubernetesObject(type, `${namespace ?? '_'}/${kind}/${name}`, inputs, {
    provider,
    version,
    ...(home === undefined ? {} : { dependsOn: [home] }),
  });
  if (kind === 'Namespace') namespaces.set(name, resource);
}
