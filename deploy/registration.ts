import { isBeyondCluster } from '../constructs/kit/beyond-cluster';
import type { Moved, PlannedObject } from '../plan/model';
import { formerUrns } from './aliases';
import { withEngineAnnotations } from './engine-annotations';
import { OWN_PROVIDER_VERSION, PROVIDER_VERSION, registrationOf } from './identity';
import type { Registration } from './monitor';
import { inputsOf, type SecretLookup } from './values';

/** What the registrations of one run have in common. */
export interface RegistrationContext {
  readonly stack: string;
  /** `<urn>::<id>` of the Kubernetes provider. */
  readonly provider: string;
  /** The same of our own; undefined when nothing of the plan is beyond the cluster. */
  readonly ownProvider: string | undefined;
  readonly moved: readonly Moved[];
  readonly valueOf: SecretLookup;
}

/** An object as the engine is told of it. `dependsOn` holds URNs. */
export function objectRegistration(
  object: PlannedObject,
  dependsOn: readonly string[],
  context: RegistrationContext,
): Registration {
  const { stack, moved, valueOf } = context;
  const { protect, retainOnDelete, replaceOnChanges, ignoreChanges } = object.lifecycle;
  return {
    ...registrationOf(object),
    inputs: inputsOf(withEngineAnnotations(object), valueOf),
    dependsOn,
    formerUrns: formerUrns(stack, object, moved),
    ...providerOf(object, context),
    protect,
    retainOnDelete,
    replaceOnChanges,
    ignoreChanges,
    // The provider asks for it only where it knows the field; the engine alone would create first, under a name that is taken.
    ...(replaceOnChanges.length > 0 ? { deleteBeforeReplace: true } : {}),
    ...(object.manifest.kind === 'Secret' ? { secretOutputs: ['data', 'stringData'] } : {}),
  };
}

function providerOf(
  { manifest }: PlannedObject,
  { provider, ownProvider }: RegistrationContext,
): Pick<Registration, 'provider' | 'version'> {
  return isBeyondCluster(manifest.apiVersion) && ownProvider !== undefined
    ? { provider: ownProvider, version: OWN_PROVIDER_VERSION }
    : { provider, version: PROVIDER_VERSION };
}
