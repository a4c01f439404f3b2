import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import type { Report } from '../../upstream/progress';
import type { ApiClient } from '../control-plane/api';
import { definitionsOf } from './definitions';

const condition = z.object({ type: z.string(), status: z.string() });
const established = z.looseObject({
  status: z.object({ conditions: z.array(condition).nullish() }).optional(),
});

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Serves on a control plane the APIs that a cluster of the flavour has. They are stored and shown; no operator acts on them. */
export async function installApis(
  api: ApiClient,
  flavour: 'okd' | 'kubernetes',
  report: Report,
): Promise<void> {
  const crds = await definitionsOf(flavour, report);
  await Promise.all(crds.map((crd) => api.apply(`${CRDS}/${crd.metadata.name}`, crd)));
  await Promise.all(crds.map(({ metadata }) => untilEstablished(api, metadata.name)));
}

async function untilEstablished(api: ApiClient, name: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { status } = established.parse(await api.send('GET', `${CRDS}/${name}`));
    const done = status?.conditions?.some(
      (one) => one.type === 'Established' && one.status === 'True',
    );
    if (done === true) return;
    if (Date.now() > deadline)
      throw new Error(`the definition '${name}' was not established within 30 s`);
    await sleep(50);
  }
}
