import type { CopyUser } from '../constructs/migration/copy-props';
import { at, objectsAt, textAt } from '../plan/json';
import type { JsonObject } from '../plan/model';
import type { MigrationCluster } from './cluster';
import type { ClaimFacts } from './inventory';

/**
 * As whom the copy of a claim runs: as the workload whose files they are, where a pod or a template says who that is, so that no
 * more rights are needed than the workload has. OKD's range of the namespace is left to OKD.
 */
export async function userOf(
  cluster: MigrationCluster,
  facts: ClaimFacts,
  asRoot: string | undefined,
): Promise<CopyUser> {
  if (asRoot !== undefined) return { kind: 'root', consent: asRoot };
  const [pod] = facts.pods;
  if (pod !== undefined) {
    const scc = textAt(pod, 'metadata', 'annotations', 'openshift.io/scc') ?? '';
    return scc.startsWith('restricted') ? { kind: 'usual' } : userIn(at(pod, 'spec'));
  }
  for (const workload of facts.workloads) {
    const live = await cluster.get({ ...workload, namespace: facts.namespace });
    const spec =
      at(live, 'spec', 'jobTemplate', 'spec', 'template', 'spec') ??
      at(live, 'spec', 'template', 'spec');
    const user = userIn(spec);
    if (user.kind !== 'usual') return user;
  }
  return { kind: 'usual' };
}

function userIn(spec: ReturnType<typeof at>): CopyUser {
  const numbers = (path: readonly string[]): number[] => {
    const inContainers = objectsAt(spec, 'containers').map((container: JsonObject) =>
      at(container, ...path),
    );
    return [at(spec, ...path), ...inContainers].filter((value) => typeof value === 'number');
  };
  const [uid] = numbers(['securityContext', 'runAsUser']).reverse();
  const [group] = numbers(['securityContext', 'fsGroup']);
  // Root is never assumed: it takes somebody's word.
  return uid === undefined || uid === 0 ? { kind: 'usual' } : { kind: 'user', uid, group };
}
