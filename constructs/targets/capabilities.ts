import { API_CAPABILITIES } from './api-capabilities';
import { NETWORK_CAPABILITIES } from './network-capabilities';
import { SECURITY_CAPABILITIES } from './security-capabilities';
import { STORAGE_CAPABILITIES } from './storage-capabilities';
import { WORKLOAD_CAPABILITIES } from './workload-capabilities';

/**
 * What can be asked of a target. A feature counts from the release that has it on by default, alpha never does.
 * The source of a row that names a gate lists the releases of that gate.
 */
export const CAPABILITIES = {
  ...WORKLOAD_CAPABILITIES,
  ...SECURITY_CAPABILITIES,
  ...NETWORK_CAPABILITIES,
  ...STORAGE_CAPABILITIES,
  ...API_CAPABILITIES,
} as const;

/** Something that a target can be asked for. */
export type Capability = keyof typeof CAPABILITIES;
