import type { Reader } from './reader';
import type { Replica } from './replica';
import type { Tier } from './tier';

/** What can happen to a replica. */
export const FAULTS = [
  'server killed',
  'server stopped',
  'mount hangs',
  'mount dies',
  'container killed',
  'drained',
  'one added',
  'all rolled',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Does it, waits until the tier is whole again, and answers how long the longest pause of any reader was, in ms. */
export async function trial(tier: Tier, readers: readonly Reader[], fault: Fault): Promise<number> {
  const last = tier.replicas.at(-1);
  if (fault === 'one added' && last !== undefined) {
    // The tier runs without its last replica first.
    await ended(await last.drain(), 0, last);
    await tier.balancer.sees(last, false);
  }
  await Promise.all(readers.map((reader) => reader.lap()));
  await happen(tier, await tier.busiest(), fault);
  return Math.max(...(await Promise.all(readers.map((reader) => reader.lap()))));
}

async function happen(tier: Tier, victim: Replica, fault: Fault): Promise<void> {
  switch (fault) {
    case 'server killed':
      victim.killServer();
      return comesBack(tier, victim, 4);
    case 'server stopped':
      victim.stopServer();
      return comesBack(tier, victim, 4);
    case 'mount hangs':
      victim.hangMount();
      await ended(await victim.ended(), 3, victim);
      // Stopped as it is, it does not notice that it is unmounted; in a container it ends with the first process.
      victim.killMount();
      return comesBack(tier, victim, 3);
    case 'mount dies':
      victim.killMount();
      return comesBack(tier, victim, 3);
    case 'container killed':
      victim.killAll();
      return comesBack(tier, victim, 137);
    case 'drained':
      return replaced(tier, victim);
    case 'one added': {
      const last = tier.replicas.at(-1) ?? victim;
      await last.start();
      return tier.balancer.sees(last, true);
    }
    case 'all rolled':
      for (const replica of tier.replicas) await replaced(tier, replica);
      return;
  }
}

/** As the kubelet does: once the container has ended, it is started again. */
async function comesBack(tier: Tier, victim: Replica, code: number): Promise<void> {
  await ended(await victim.ended(), code, victim);
  await tier.balancer.sees(victim, false);
  await victim.start();
  await tier.balancer.sees(victim, true);
}

async function replaced(tier: Tier, victim: Replica): Promise<void> {
  await ended(await victim.drain(), 0, victim);
  await tier.balancer.sees(victim, false);
  await victim.start();
  await tier.balancer.sees(victim, true);
}

function ended(code: number, expected: number, replica: Replica): Promise<void> {
  if (code === expected) return Promise.resolve();
  const message = `${replica.name} ended with ${code} instead of ${expected}:`;
  return Promise.reject(new Error(`${message}\n${replica.log()}`));
}
