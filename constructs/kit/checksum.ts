import { createHash } from 'node:crypto';

import type { ApiObject } from 'cdk8s';

/**
 * A checksum over what ConfigMaps and Secrets hold, for an annotation of the pods that read them: the pods roll
 * when the content changes and only then. A secret counts by its token, so raising its rotation rolls the pods.
 */
export function checksumOf(objects: readonly ApiObject[]): string {
  const hash = createHash('sha256');
  for (const object of objects) {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- cdk8s types a rendered object as any
    const manifest: Content = object.toJson();
    hash.update(JSON.stringify([manifest.data, manifest.stringData, manifest.binaryData]));
  }
  return hash.digest('hex').slice(0, 32);
}

/** What a ConfigMap or Secret holds. */
interface Content {
  /** @default - nothing as text */
  readonly data?: unknown;
  /** @default - nothing in clear */
  readonly stringData?: unknown;
  /** @default - nothing in binary */
  readonly binaryData?: unknown;
}
