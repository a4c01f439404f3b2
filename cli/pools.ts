import { podsPerNode } from '../environments/cluster';
import { capacityOf, type Capacity } from '../review/capacity/capacity';
import type { Pool } from '../review/capacity/placement';
import type { Planned } from './session';

/** What an environment needs, against the nodes that its site declares, if it declares any. */
export function capacityIn({ plan, environment: { cluster, target } }: Planned): Capacity {
  const pools = cluster.nodes?.map((pool): Pool => {
    const { name, count, cpu, memoryGiB, labels = {}, devices = {}, reserved } = pool;
    const pods = podsPerNode(pool, target.flavour === 'okd');
    return {
      name,
      count,
      labels,
      capacity: { cpu, memory: memoryGiB * 2 ** 30, pods, ...devices },
      reserved: { cpu: reserved?.cpu ?? 0, memory: (reserved?.memoryGiB ?? 0) * 2 ** 30 },
    };
  });
  return capacityOf(plan, pools);
}
