/** API group and version of what is inside a Harbor: such an object goes to Harbor's API (docs/decisions/0016-harbor-api.md). */
export const HARBOR_API = 'harbor.beamline/v1';

/** Whether objects of an API version go somewhere else than to the cluster. */
export function isBeyondCluster(apiVersion: string): boolean {
  return apiVersion === HARBOR_API;
}
