import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { parse } from 'yaml';
import { z } from 'zod';

import type { UpstreamPin } from '../../constructs/kit/upstream';
import type { Report } from '../../upstream/progress';
import { ensureUpstream } from '../../upstream/fetch';
import type { ApiClient } from '../control-plane/api';
import { aggregatedCrds } from './aggregated-kinds';
import { OKD_CRD_PINS } from './pins';
import { defaultSccs } from './sccs';

const conditionSchema = z.object({ type: z.string(), status: z.string() });

const crdSchema = z.looseObject({
  metadata: z.object({ name: z.string() }).loose(),
  status: z.object({ conditions: z.array(conditionSchema).nullish() }).optional(),
});

/**
 * Serves OKD's APIs on a control plane: the definitions that OpenShift publishes, stand-ins for the kinds
 * it serves otherwise, and the default constraints. They are stored and shown; nothing enforces them here.
 */
export async function installOkd(api: ApiClient, okd: string, report: Report): Promise<void> {
  const published = await Promise.all(OKD_CRD_PINS.map((pin) => readCrd(pin, report)));
  const crds = [...published, ...aggregatedCrds().map((crd) => crdSchema.parse(crd))];
  await Promise.all(crds.map((crd) => api.apply(`${CRDS}/${crd.metadata.name}`, crd)));
  await Promise.all(crds.map(({ metadata }) => established(api, metadata.name)));
  const sccs = '/apis/security.openshift.io/v1/securitycontextconstraints';
  await Promise.all(defaultSccs(okd).map((scc) => api.apply(`${sccs}/${scc.metadata.name}`, scc)));
}

async function readCrd(pin: UpstreamPin, report: Report): Promise<z.infer<typeof crdSchema>> {
  return crdSchema.parse(parse(await readFile(await ensureUpstream(pin, report), 'utf8')));
}

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

async function established(api: ApiClient, name: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { status } = crdSchema.parse(await api.send('GET', `${CRDS}/${name}`));
    if (
      status?.conditions?.some((one) => one.type === 'Established' && one.status === 'True') ===
      true
    )
      return;
    if (Date.now() > deadline)
      throw new Error(`the definition '${name}' of OKD was not established within 30 s`);
    await sleep(50);
  }
}
