import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

import { objectsAt, parseJson, textAt } from '../../plan/json';
import { cachedTool } from '../../sandbox/toolchain/ensure-tools';
import { until } from '../integration/support/processes';
import type { Rendered } from './synth';

const LIMIT_MS = 120_000;

const clusterEntry = z.object({
  cluster: z.object({
    server: z.string(),
    'certificate-authority-data': z.string().optional(),
    'certificate-authority': z.string().optional(),
  }),
});
const kubeconfigSchema = z.object({ clusters: z.array(clusterEntry).min(1) });

/** The control plane that all integration tests share, as its admin sees it. */
export class Cluster {
  readonly kubeconfig: string;

  constructor() {
    const shared = process.env['BEAMLINE_TEST_KUBECONFIG'];
    if (shared === undefined) throw new Error('the shared control plane was not started');
    this.kubeconfig = shared;
  }

  /** Where its API server is and how that shows who it is. */
  get server(): { url: string; ca: string } {
    const { cluster } = this.#entry();
    const data = cluster['certificate-authority-data'];
    const file = cluster['certificate-authority'];
    const ca =
      data === undefined
        ? readFileSync(file ?? '', 'utf8')
        : Buffer.from(data, 'base64').toString();
    return { url: cluster.server, ca };
  }

  /** Lays a kubeconfig with nothing but a ServiceAccount's own token into a folder, and answers its path. */
  async kubeconfigOf(name: string, namespace: string, folder: string): Promise<string> {
    const token = (await this.kubectl(['create', 'token', name, '-n', namespace])).trim();
    const path = join(folder, `${name}.kubeconfig`);
    writeFileSync(
      path,
      stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'own',
        clusters: [{ ...this.#entry(), name: 'own' }],
        users: [{ name: 'own', user: { token } }],
        contexts: [{ name: 'own', context: { cluster: 'own', user: 'own', namespace } }],
      }),
    );
    return path;
  }

  async kubectl(args: readonly string[], input?: string): Promise<string> {
    const kubectl = cachedTool('kubectl') ?? 'kubectl';
    const { stdout } = await execa(kubectl, ['--kubeconfig', this.kubeconfig, ...args], {
      timeout: LIMIT_MS,
      ...(input === undefined ? {} : { input }),
    });
    return stdout;
  }

  /** Applies objects: the resource definitions first, and the rest once these are known. */
  async apply(objects: readonly Rendered[]): Promise<void> {
    const isDefinition = ({ kind }: Rendered): boolean => kind === 'CustomResourceDefinition';
    const definitions = objects.filter(isDefinition);
    if (definitions.length > 0) {
      // kubectl itself knows no null in an enumeration, which OpenShift's definition of Routes has; the server does.
      await this.#apply(definitions, '--validate=false');
      await until(
        () => this.#established(definitions.map(({ metadata }) => metadata.name)),
        'the definitions were not established',
        60_000,
      );
    }
    const others = objects.filter((object) => !isDefinition(object));
    if (others.length > 0) await this.#apply(others);
  }

  #entry(): z.infer<typeof clusterEntry> {
    const { clusters } = kubeconfigSchema.parse(parse(readFileSync(this.kubeconfig, 'utf8')));
    const [first] = clusters;
    if (first === undefined) throw new Error('the kubeconfig names no cluster');
    return first;
  }

  /** `kubectl wait` and JSONPath give up on a definition that has no conditions yet. */
  async #established(names: readonly string[]): Promise<boolean> {
    const found = parseJson(await this.kubectl(['get', 'crd', '-o', 'json']));
    const served = objectsAt(found, 'items').filter((definition) =>
      objectsAt(definition, 'status', 'conditions').some(
        ({ type, status }) => type === 'Established' && status === 'True',
      ),
    );
    const known = new Set(served.map((definition) => textAt(definition, 'metadata', 'name')));
    return names.every((name) => known.has(name));
  }

  async #apply(items: readonly Rendered[], ...flags: readonly string[]): Promise<void> {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    await this.kubectl(['apply', '--server-side', '--force-conflicts', ...flags, '-f', '-'], list);
  }
}
