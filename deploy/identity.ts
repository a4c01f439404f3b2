import { isBeyondCluster } from '../constructs/kit/beyond-cluster';
import type { Barrier, PlannedObject } from '../plan/model';

/** Project name in `Pulumi.yaml`. It is part of every URN, so it never changes. */
export const PROJECT = 'beamline';

/** Version of the Kubernetes provider that resources ask for; the toolchain brings the same. */
export const PROVIDER_VERSION = '4.29.0';

export const PROVIDER_TYPE = 'pulumi:providers:kubernetes';
export const STASH_TYPE = 'pulumi:index:Stash';

/** The provider of what is beyond the cluster, which is part of this checkout (`deploy/harbor/plugin`). */
export const OWN_PROVIDER_TYPE = 'pulumi:providers:beamline';
export const OWN_PROVIDER_VERSION = '0.1.0';

/**
 * Pulumi's type token of a kind. The core group is spelled out, since the Kubernetes provider demands a group. What is inside a Harbor is
 * our own provider's.
 */
export function typeToken(apiVersion: string, kind: string): string {
  if (isBeyondCluster(apiVersion)) return `beamline:harbor:${kind}`;
  return `kubernetes:${apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

/** The URN of a resource that has no parent but the stack. */
export function urnOf(stack: string, type: string, name: string): string {
  return `urn:pulumi:${stack}::${PROJECT}::${type}::${name}`;
}

/** The name in a URN: for an object, its id. */
export function nameIn(urn: string): string {
  return urn.split('::').at(-1) ?? urn;
}

/** The stack in a URN: the environment's name. */
export function stackIn(urn: string): string {
  return urn.split('::')[0]?.split(':').at(-1) ?? '';
}

/** The URN of the stack's own resource, the parent of all. */
export function stackUrn(stack: string): string {
  return urnOf(stack, 'pulumi:pulumi:Stack', `${PROJECT}-${stack}`);
}

/** Type and name under which a step is registered. */
export function registrationOf(step: PlannedObject | Barrier): { type: string; name: string } {
  switch (step.step) {
    case 'barrier':
      return { type: STASH_TYPE, name: step.id };
    case 'object':
      return { type: typeToken(step.manifest.apiVersion, step.manifest.kind), name: step.id };
  }
}
