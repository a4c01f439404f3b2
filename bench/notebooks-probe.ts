import { setTimeout as pause } from 'node:timers/promises';

import { z } from 'zod';

import type { RunningSite } from '../tests/constructs/notebooks/real/running-site';
import { LIVENESS_LIMIT } from './notebooks-words';

const deployment = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        containers: z
          .array(
            z.looseObject({
              livenessProbe: z.looseObject({
                httpGet: z.looseObject({ path: z.string() }),
                periodSeconds: z.number().default(10),
                timeoutSeconds: z.number().default(1),
                failureThreshold: z.number().default(3),
              }),
            }),
          )
          .min(1),
      }),
    }),
  }),
});

/** Asks after the hub as a kubelet does, by the probe that is rendered. */
export class Liveness {
  /** The most that failed in a row. */
  longest = 0;
  #running = true;
  readonly #loop: Promise<void>;

  constructor(site: RunningSite) {
    const { containers } = deployment.parse(site.tree.one('Deployment', 'hub')).spec.template.spec;
    const [first] = containers;
    if (first === undefined) throw new Error('the hub has no container');
    const { httpGet, periodSeconds, timeoutSeconds, failureThreshold } = first.livenessProbe;
    if (failureThreshold !== LIVENESS_LIMIT)
      throw new Error(
        `the hub is restarted after ${failureThreshold} probes, not ${LIVENESS_LIMIT}`,
      );
    this.#loop = this.#ask(`${site.hub.url}${httpGet.path}`, periodSeconds, timeoutSeconds);
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#loop;
  }

  async #ask(url: string, period: number, timeout: number): Promise<void> {
    let failed = 0;
    while (this.#running) {
      const next = pause(period * 1000);
      const good = await fetch(url, { signal: AbortSignal.timeout(timeout * 1000) }).then(
        ({ ok }) => ok,
        () => false,
      );
      failed = good ? 0 : failed + 1;
      this.longest = Math.max(this.longest, failed);
      await next;
    }
  }
}
