import type { Environment } from '../environments/environment';
import type { ClusterAccess } from './cluster';
import type { Registration } from './monitor';
import { PROVIDER_TYPE, PROVIDER_VERSION } from './identity';

/** Requests a second, and at once, that the provider may send. Its own default of 50 makes a thousand objects wait. */
const QUERIES = { qps: 400, burst: 800, timeout: 60 };

/** Name of the one provider of an environment. */
export const PROVIDER_NAME = 'cluster';

/**
 * The settings of the environment's provider. Every value is a string, as the provider's configuration wants it.
 * `clusterIdentifier` alone decides whether it is the same cluster: without it a renewed certificate would replace
 * every object (pulumi-kubernetes 4.16).
 */
export function providerSettings(
  environment: Environment,
  access: ClusterAccess,
  clusterId: string,
): Record<string, string> {
  return {
    context: access.context,
    ...(access.kubeconfig === undefined ? {} : { kubeconfig: access.kubeconfig }),
    clusterIdentifier: clusterId,
    enableServerSideApply: String(environment.target.has('server-side-apply')),
    // Replacing a ConfigMap or Secret for a changed line would delete what running pods mount.
    enableConfigMapMutable: 'true',
    enableSecretMutable: 'true',
    // What an environment declares is its own: a field that somebody changed by hand is taken back.
    enablePatchForce: String(environment.target.has('server-side-apply')),
    kubeClientSettings: JSON.stringify(QUERIES),
  };
}

/** The provider as the engine is told of it. */
export function providerRegistration(settings: Readonly<Record<string, string>>): Registration {
  return {
    type: PROVIDER_TYPE,
    name: PROVIDER_NAME,
    inputs: { ...settings, version: PROVIDER_VERSION },
    dependsOn: [],
    version: PROVIDER_VERSION,
  };
}
