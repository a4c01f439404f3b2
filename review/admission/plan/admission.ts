import type { defaultUses } from '../../../constructs/targets/sccs/bindings';
import type { Scc } from '../../../constructs/targets/sccs/scc';
import type { Violation } from '../psa/evaluate';
import type { PsaLevel } from '../psa/level';
import type { UseGrant } from '../rbac';
import type { SccVerdict } from '../scc/admit';
import type { PlannedPod } from './pods-of';

/** What a pod of a plan will be admitted as. */
export interface PodAdmission extends PlannedPod {
  /** Undefined where there are no SCCs. */
  readonly verdict: SccVerdict | undefined;
  /** The strictest Pod Security level that takes the pod as it will run. */
  readonly level: PsaLevel;
  /** What the namespace enforces of Pod Security, and what the pod does against it. */
  readonly enforced: { readonly policy: string; readonly violations: readonly Violation[] };
}

/** What decides the pods of a plan. */
export interface PlannedCluster {
  readonly sccs: readonly Scc[];
  readonly grants: readonly UseGrant[];
  readonly uses: ReturnType<typeof defaultUses>;
}
