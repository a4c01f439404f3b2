import { z } from 'zod';

import type { ExportConfig } from '../../../../constructs/cvmfs/export-config';
import { RECOVERY, NFS_PORT } from '../../../../constructs/cvmfs/export-pods';
import { Synthesized } from '../../../support/synth';
import { dataOf, repository, tierOn } from '../../../constructs/cvmfs/support/tier';

/** The repository that trials export. */
export const NAME = 'atlas.example.org';
const NODES = '192.0.2.0/24';

/** What the construct renders for a tier, as far as a trial runs it. */
export interface RenderedTier {
  readonly config: ExportConfig;
  /** The probe of the kubelet, which the balancer makes in its place. */
  readonly readiness: Readiness;
  /** `ganesha.conf` for a place of its own on this machine, and otherwise as it is. */
  ganeshaConf(place: Place): string;
}

/** Where a replica of a trial is. */
export interface Place {
  readonly address: string;
  readonly port: number;
  readonly mount: string;
  readonly recovery: string;
  readonly clients: readonly string[];
}

export type Readiness = z.infer<typeof readinessSchema>;
const readinessSchema = z.object({
  httpGet: z.object({ path: z.string() }),
  periodSeconds: z.number(),
  timeoutSeconds: z.number(),
  failureThreshold: z.number(),
});
const servers = z.object({
  template: z.object({
    spec: z.object({ containers: z.tuple([z.object({ readinessProbe: readinessSchema })]) }),
  }),
});

/** Renders a tier of one repository. */
export function renderedTier(): RenderedTier {
  const { chart } = tierOn(
    'okd 4.21',
    { scale: { kind: 'fixed', replicas: 3 }, clients: { nodeNetworks: [NODES] } },
    { repositories: [repository(NAME)] },
  );
  const objects = new Synthesized(chart);
  const files = dataOf(objects, 'cvmfs-nfs');
  const config: ExportConfig = JSON.parse(files['export.json'] ?? '');
  const spec = servers.parse(objects.one('StatefulSet')['spec']);
  return {
    config,
    readiness: spec.template.spec.containers[0].readinessProbe,
    ganeshaConf: ({ address, port, mount, recovery, clients }) =>
      [
        [`NFS_Port = ${NFS_PORT};`, `NFS_Port = ${port};`],
        ['Bind_addr = 0.0.0.0;', `Bind_addr = ${address};`],
        [`"/cvmfs/${NAME}"`, `"${mount}"`],
        [`"${RECOVERY}"`, `"${recovery}"`],
        [`Clients = ${NODES};`, `Clients = ${clients.join(', ')};`],
      ].reduce(
        (text, [from = '', to = '']) => replaced(text, from, to),
        files['ganesha.conf'] ?? '',
      ),
  };
}

function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`ganesha.conf has no '${from}':\n${text}`);
  return text.replaceAll(from, to);
}
