import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

import { cachedTool } from '../../sandbox/toolchain/ensure-tools';
import type { Rendered } from './synth';

const kubeconfig = z.looseObject({
  clusters: z.array(z.looseObject({ cluster: z.looseObject({ server: z.string() }) })),
});

/** The shared control plane, and access to it as a ServiceAccount. */
export class Cluster {
  private readonly shared = process.env['BEAMLINE_TEST_KUBECONFIG'] ?? '';

  constructor(private readonly folder: string) {
    if (this.shared === '') throw new Error('the shared control plane was not started');
  }

  async kubectl(args: readonly string[], input?: string): Promise<string> {
    const { stdout } = await execa(
      cachedTool('kubectl') ?? 'kubectl',
      ['--kubeconfig', this.shared, ...args],
      { timeout: 60_000, ...(input === undefined ? {} : { input }) },
    );
    return stdout;
  }

  async apply(objects: readonly (Rendered | object)[]): Promise<void> {
    const text = objects.map((object) => stringify(object)).join('---\n');
    await this.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], text);
  }

  /** A kubeconfig with nothing but the ServiceAccount's own token. */
  async kubeconfigOf(name: string, namespace: string): Promise<string> {
    const token = (await this.kubectl(['create', 'token', name, '-n', namespace])).trim();
    const raw = await this.kubectl(['config', 'view', '--raw', '--flatten']);
    const { clusters } = kubeconfig.parse(parse(raw));
    const [cluster] = clusters;
    const path = join(this.folder, `${name}.kubeconfig`);
    writeFileSync(
      path,
      stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'own',
        clusters: [{ ...cluster, name: 'own' }],
        users: [{ name: 'own', user: { token } }],
        contexts: [{ name: 'own', context: { cluster: 'own', user: 'own', namespace } }],
      }),
    );
    return path;
  }
}
