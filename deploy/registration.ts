import type { Moved, PlannedObject } from '../plan/model';
import { formerUrns } from './aliases';
import { withEngineAnnotations } from './engine-annotations';
import { PROVIDER_VERSION, registrationOf } from './identity';
import type { Registration } from './monitor';
import { inputsOf, type SecretLookup } from './values';

/** What the registrations of one run have in common. */
export interface RegistrationContext {
  readonly stack: string;
  /** `<urn>::<id>` of the provider. */
  readonly provider: string;
  readonly moved: readonly Moved[];
  readonly valueOf: SecretLookup;
}

/** An object as the engine is told of it. `dependsOn` holds URNs. */
export function objectRegistration(
  object: PlannedObject,
  dependsOn: readonly string[],
  { stack, provider, moved, valueOf }: RegistrationContext,
): Registration {
  const { protect, retainOnDelete, replaceOnChanges, ignoreChanges } = object.lifecycle;
  return {
    ...registrationOf(object),
    inputs: inputsOf(withEngineAnnotations(object), valueOf),
    dependsOn,
    formerUrns: formerUrns(stack, object, moved),
    provider,
    version: PROVIDER_VERSION,
    protect,
    retainOnDelete,
    replaceOnChanges,
    ignoreChanges,
    // The provider asks for it only where it knows the field; the engine alone would create first, under a name that is taken.
    ...(replaceOnChanges.length > 0 ? { deleteBeforeReplace: true } : {}),
    ...(object.manifest.kind === 'Secret' ? { secretOutputs: ['data', 'stringData'] } : {}),
  };
}
