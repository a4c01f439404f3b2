import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import getPort from 'get-port';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

import type { IIngress } from '../../../../constructs/contracts';
import { Dex } from '../../../../constructs/identity/dex';
import type { LdapIdentityProps } from '../../../../constructs/identity/identity-props';
import { until } from '../../../integration/support/processes';
import type { Cluster } from '../../../support/cluster';
import { chartFor, Synthesized } from '../../../support/synth';

const texts = z.looseObject({ stringData: z.record(z.string(), z.string()) });
const kubeconfig = z.looseObject({
  clusters: z.array(z.looseObject({ cluster: z.looseObject({}) })),
});

export const HOST = 'login.example.org';
export const CALLBACK = 'https://harbor.example.org/c/oidc/callback';
export const CLIENT_SECRET = 'a secret of the client';

/** What Dex renders, with one service that logs people in through it. */
export function plannedDex(directory: LdapIdentityProps, namespace: string): Synthesized {
  const ingress: IIngress = { route: () => undefined, serves: () => true };
  const chart = chartFor('kubernetes 1.34', namespace);
  const dex = new Dex(chart, 'Dex', { directory, host: HOST, ingress });
  dex.login({ scope: chart, name: 'harbor', redirectUris: [CALLBACK] });
  return new Synthesized(chart);
}

/** Where a Dex runs that is told what we render. */
export interface DexPlace {
  readonly folder: string;
  readonly namespace: string;
  readonly cluster: Cluster;
  /** The API server as Dex reaches it. */
  readonly api: string;
}

/**
 * The real Dex, as a plain process. Told what we render, but for what is another than in a pod: ports, where the files are,
 * and how the API server is found; it speaks to that under its own ServiceAccount.
 */
export class RunningDex {
  log = '';

  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
  ) {}

  static async start(
    program: string,
    tree: Synthesized,
    { folder, namespace, cluster, api }: DexPlace,
  ): Promise<RunningDex> {
    mkdirSync(folder, { recursive: true });
    const files = texts.parse(tree.one('Secret', 'dex')).stringData;
    const access = kubeconfig.parse(
      parse(readFileSync(await cluster.kubeconfigOf('dex', namespace, folder), 'utf8')),
    );
    for (const entry of access.clusters) entry.cluster = { server: api };
    writeFileSync(join(folder, 'kubeconfig'), stringify(access));
    writeFileSync(join(folder, 'ca.crt'), files['ca.crt'] ?? '');
    const [web, telemetry] = [await getPort(), await getPort()];
    const config = (files['config.yaml'] ?? '')
      .replace('0.0.0.0:5556', `127.0.0.1:${web}`)
      .replace('0.0.0.0:5558', `127.0.0.1:${telemetry}`)
      .replace('inCluster: true', `kubeConfigFile: ${join(folder, 'kubeconfig')}`)
      .replace('/etc/dex-site/ca.crt', join(folder, 'ca.crt'))
      .replaceAll(/\$\{secret:[^}]*\}/g, CLIENT_SECRET);
    writeFileSync(join(folder, 'config.yaml'), config);
    const child = spawn(program, ['serve', join(folder, 'config.yaml')], {
      env: { DEX_BIND_PASSWORD: 'reader-secret', KUBERNETES_POD_NAMESPACE: namespace },
    });
    const dex = new RunningDex(child, `http://127.0.0.1:${web}`);
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (dex.log += text));
    const healthy = async (): Promise<boolean> => {
      const answer = await fetch(`http://127.0.0.1:${telemetry}/healthz/ready`).catch(
        () => undefined,
      );
      return answer?.ok === true;
    };
    await until(healthy, 'Dex never became ready', 60_000).catch((error: unknown) => {
      dex.stop();
      throw new Error(`${String(error)}\n${dex.log.slice(-3000)}`);
    });
    return dex;
  }

  stop(): void {
    this.process.kill('SIGKILL');
  }
}
