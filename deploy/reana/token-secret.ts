import { textAt } from '../../plan/json';
import { KubeError, type KubeApi } from '../kube-api';
import type { ReanaPlace } from './users';

/** Who wrote the Secret, by which it is known as ours. */
const WRITER = 'beamline-reana-user';

/**
 * Puts a user's token, with the address of REANA, into a Secret of REANA's namespace under the names that `reana-client` reads.
 *
 * @throws Error when the Secret is somebody else's.
 */
export async function writeSecret(
  api: KubeApi,
  { namespace, host }: ReanaPlace,
  name: string,
  token: string,
): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
  const there = await labelOf(api, path);
  if (there !== undefined && there !== WRITER) {
    throw new Error(
      `the Secret '${namespace}/${name}' is not one that 'beamline reana user' wrote, and stays as it is; name another`,
    );
  }
  const object = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': WRITER } },
    stringData: { REANA_ACCESS_TOKEN: token, REANA_SERVER_URL: `https://${host}` },
  };
  await api.send('PATCH', `${path}?fieldManager=${WRITER}&force=true`, 'application/json', {
    type: 'application/apply-patch+yaml',
    text: JSON.stringify(object),
  });
}

/** Who manages the Secret, empty for somebody unknown; undefined when there is none. */
async function labelOf(api: KubeApi, path: string): Promise<string | undefined> {
  try {
    const found = await api.get(path);
    return textAt(found, 'metadata', 'labels', 'app.kubernetes.io/managed-by') ?? '';
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
}
