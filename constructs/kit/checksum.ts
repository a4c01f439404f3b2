import { createHash } from 'node:crypto';

import type { ApiObject } from 'cdk8s';

/**
 * A checksum over what ConfigMaps and Secrets hold, for an annotation of the pods that read them: the pods roll
 * when the content changes and only then. A secret counts by its token, so raising its rotation rolls the pods.
 */
export function checksumOf(objects: readonly ApiObject[]): string {
  const hash = createHash('sha256');
  for (const object of objects) hash.update(JSON.stringify(contentOf(object.toJson())));
  return hash.digest('hex').slice(0, 32);
}

function contentOf(manifest: {
  data?: unknown;
  stringData?: unknown;
  binaryData?: unknown;
}): unknown {
  return [manifest.data, manifest.stringData, manifest.binaryData];
}
