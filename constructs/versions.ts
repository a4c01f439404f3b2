import { ANALYSIS_FILES, ANALYSIS_IMAGES } from './versions/analysis';
import { BATCH_IMAGES } from './versions/batch';
import { CVMFS_IMAGES } from './versions/cvmfs';
import { EDGE_FILES, EDGE_IMAGES } from './versions/edge';
import { IDENTITY_IMAGES } from './versions/identity';
import { MIGRATION_IMAGES } from './versions/migration';
import { NOTEBOOKS_IMAGES } from './versions/notebooks';
import type { ImagePin } from './versions/pin';
import { REGISTRY_FILES, REGISTRY_IMAGES } from './versions/registry';
import { STORAGE_FILES, STORAGE_IMAGES } from './versions/storage';
import { WORKFLOWS_IMAGES } from './versions/workflows';

/** Every third-party image, one table an island in `versions/`. Nothing else in the code names one. */
export const IMAGES = {
  ...STORAGE_IMAGES,
  ...CVMFS_IMAGES,
  ...EDGE_IMAGES,
  ...REGISTRY_IMAGES,
  ...IDENTITY_IMAGES,
  ...WORKFLOWS_IMAGES,
  ...NOTEBOOKS_IMAGES,
  ...BATCH_IMAGES,
  ...MIGRATION_IMAGES,
  ...ANALYSIS_IMAGES,
} as const;

/** Every third-party file. */
export const UPSTREAM_FILES = {
  ...EDGE_FILES,
  ...STORAGE_FILES,
  ...REGISTRY_FILES,
  ...ANALYSIS_FILES,
} as const;

/** The reference that a container names. */
export function imageRef(image: ImagePin): string {
  return `${image.repository}:${image.tag}`;
}
