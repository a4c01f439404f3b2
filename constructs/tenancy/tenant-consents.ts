import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { find } from '../kit/findings';
import type { Part } from '../kit/labels';
import { CONSENT } from '../kit/leave';
import { namespaceOf } from '../kit/objects';
import { serviceAccount } from '../kit/rbac';
import { grantScc } from '../kit/scc';
import type { LevelConsent, SccConsent } from './tenant-props';

const FIX = 'Accept it in the environment until a day, or take the consent back.';

/** Says, on the namespace and in `beamline check`, why its pods may be more than restricted. */
export function addLevel(
  at: Construct,
  namespace: ApiObject,
  { admits, consent }: LevelConsent,
): void {
  namespace.metadata.addAnnotation(CONSENT, consent);
  find(namespace, {
    rule: 'tenancy/level',
    severity: 'warning',
    reason: `pods of '${namespaceOf(at)}' may be ${admits}, as Pod Security has it: ${consent}`,
    fix: FIX,
  });
}

/** Adds ServiceAccounts that may use an SCC, each with its reason. */
export function addSccs(at: Construct, part: Part, sccs: readonly SccConsent[]): void {
  const namespace = namespaceOf(at);
  for (const { serviceAccount: name, scc, consent } of sccs) {
    const account = serviceAccount(at, `Account-${name}`, name, part);
    account.metadata.addAnnotation(CONSENT, consent);
    grantScc(at, `Scc-${name}`, { scc, part, serviceAccount: { name, namespace } });
    find(account, {
      rule: 'tenancy/scc',
      severity: 'warning',
      reason: `pods of ServiceAccount '${name}' in '${namespace}' may use SCC '${typeof scc === 'string' ? scc : scc.named}', and whoever may make pods there can name it: ${consent}`,
      fix: FIX,
    });
  }
}
