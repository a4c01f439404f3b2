import type { ApiObject } from 'cdk8s';

/** Annotation of an object whose selector is about pods that are in no plan. Its value says who makes them. */
export const PODS_MADE_BY = 'beamline/pods-made-by';

/** Says that the pods an object selects are made by a program in the cluster while it runs: `kubespawner`. */
export function podsMadeBy(object: ApiObject, program: string): void {
  object.metadata.addAnnotation(PODS_MADE_BY, program);
}
