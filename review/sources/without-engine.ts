import { isObject } from '../../plan/json';
import type { Manifest } from '../../plan/model';

/** A manifest without the annotations that are for the engine only. */
export function withoutEngine(manifest: Manifest): Manifest {
  const { annotations, ...metadata } = manifest.metadata;
  if (!isObject(annotations)) return manifest;
  const kept = Object.entries(annotations).filter(([key]) => !key.startsWith('pulumi.com/'));
  return {
    ...manifest,
    metadata: {
      ...metadata,
      ...(kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) }),
    },
  };
}
