import type { Scc } from '../../../constructs/targets/sccs/scc';
import { containersOf, type Pod } from '../pod';
import { assignContainer, assignPod } from './assign';
import type { Behaviour } from './behaviour';
import type { Reason } from './reason';
import { containerReasons, portReasons } from './validate-container';
import { podReasons } from './validate-pod';

/** A pod under an SCC: what it becomes, and what the SCC still has against it. */
export interface Trial {
  readonly pod: Pod;
  readonly reasons: readonly Reason[];
}

/** What a pod becomes under an SCC (as it is in the pod's namespace), and whether it fits. The pod given stays as it is. */
export function tryScc(given: Pod, scc: Scc, behaviour: Behaviour): Trial {
  const pod = structuredClone(given);
  assignPod(pod, scc, behaviour);
  const reasons = podReasons(pod, scc, behaviour);
  const containers = containersOf(pod.spec, behaviour.ephemeralContainers);
  for (const placed of containers) {
    assignContainer(pod, placed.container, scc, behaviour);
    reasons.push(...containerReasons(pod, placed, scc, behaviour));
  }
  if (containers.length > 0) reasons.push(...portReasons(pod, scc, behaviour));
  return { pod, reasons };
}
