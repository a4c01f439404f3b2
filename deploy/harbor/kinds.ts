import type { KindOfThing } from './kind';
import { MEMBER } from './members';
import { PROJECT } from './projects';
import { REGISTRY } from './registries';
import { REPLICATION } from './replications';
import { RETENTION } from './retentions';
import { ROBOT } from './robots';

const KINDS: Readonly<Record<string, KindOfThing>> = {
  HarborMember: MEMBER,
  HarborProject: PROJECT,
  HarborRegistry: REGISTRY,
  HarborReplication: REPLICATION,
  HarborRetention: RETENTION,
  HarborRobot: ROBOT,
};

/** How things of a kind are handled. Throws an Error for a kind that is not known. */
export function kindCalled(kind: string): KindOfThing {
  const found = KINDS[kind];
  if (found === undefined) throw new Error(`there is no kind '${kind}' inside a Harbor`);
  return found;
}
