import { Lazy } from 'cdk8s';

/**
 * A value that is asked for when the object is read, after the whole tree was built. For what a construct learns from
 * calls that come after its constructor. cdk8s types it as `any`; this is where that ends.
 */
export function later<T>(produce: () => T): T {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- that any; what is read in the end is what `produce` makes
  return Lazy.any({ produce });
}
