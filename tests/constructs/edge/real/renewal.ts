import type { X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';

import { until } from '../../../integration/support/processes';
import { ask, certificateOf, type Ask } from './client';

/** What came of the requests that were made while a certificate was renewed. */
export interface Renewal {
  readonly before: X509Certificate;
  readonly after: X509Certificate;
  /** Every status that was answered. */
  readonly statuses: readonly number[];
  /** How many connections it took to ask, again and again, by one that is kept open. */
  readonly connections: number;
}

/** Nobody noticed. */
export const UNBROKEN: Pick<Renewal, 'statuses' | 'connections'> = {
  statuses: [200],
  connections: 1,
};

/** Asks by a connection that is kept, and by new ones, until these show another certificate. */
export async function watchRenewal(
  at: Ask,
  renew: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Renewal> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const sockets = new Set<unknown>();
  const statuses = new Set<number>();
  const once = async (): Promise<void> => {
    const kept = await ask({ ...at, agent });
    sockets.add(kept.socket);
    statuses.add(kept.status).add((await ask(at)).status);
  };
  const before = await certificateOf(at);
  let after = before;
  await once();
  await renew();
  await until(async () => {
    await once();
    after = await certificateOf(at);
    return after.serialNumber !== before.serialNumber;
  }, 'the new certificate never came');
  await once();
  agent.destroy();
  return { before, after, statuses: [...statuses], connections: sockets.size };
}
