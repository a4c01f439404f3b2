import { readFile } from 'node:fs/promises';

import { parse } from 'yaml';
import { z } from 'zod';

import { ensureUpstream } from '../../upstream/fetch';
import type { Report } from '../../upstream/progress';
import { aggregatedCrds } from '../okd/aggregated-kinds';
import { OKD_CRD_PINS } from '../okd/pins';
import { SNAPSHOT_CRD_PINS } from '../okd/snapshot-pins';
import { MONITORING_CRD_PINS } from './monitoring-pins';

const definition = z.looseObject({ metadata: z.object({ name: z.string() }).loose() });

/** A CustomResourceDefinition as its publisher has it. */
export type Definition = z.infer<typeof definition>;

/**
 * The definitions that a cluster has before anything is deployed: of the Prometheus operator everywhere, and on OKD those that
 * OpenShift publishes and those of volume snapshots, with stand-ins for the kinds it serves otherwise.
 */
export async function definitionsOf(
  flavour: 'okd' | 'kubernetes',
  report: Report,
): Promise<Definition[]> {
  const okd = [...MONITORING_CRD_PINS, ...OKD_CRD_PINS, ...SNAPSHOT_CRD_PINS];
  const pins = flavour === 'okd' ? okd : MONITORING_CRD_PINS;
  const published = await Promise.all(
    pins.map(async (pin): Promise<unknown> =>
      parse(await readFile(await ensureUpstream(pin, report), 'utf8')),
    ),
  );
  const all = flavour === 'okd' ? [...published, ...aggregatedCrds()] : published;
  return all.map((one) => definition.parse(one));
}
