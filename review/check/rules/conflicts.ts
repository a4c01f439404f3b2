import type { Plan } from '../../../plan/model';
import type { CheckFinding } from '../finding';
import type { Workload } from '../pods';
import { budgets } from './conflicts/budgets';
import { nfsPorts } from './conflicts/nfs-ports';
import { nodeNetwork } from './conflicts/policies';
import { scalers } from './conflicts/scalers';
import { userNamespaces } from './conflicts/user-namespaces';

/** Declarations that are right one by one and cannot work together (`hep.md` 3.5); those of SCCs are admission's. */
export function conflicts(plan: Plan, workloads: readonly Workload[]): CheckFinding[] {
  return [
    ...userNamespaces(plan, workloads),
    ...nodeNetwork(plan, workloads),
    ...nfsPorts(plan),
    ...scalers(plan, workloads),
    ...budgets(plan, workloads),
  ];
}
