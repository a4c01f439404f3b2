import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { NodePool } from '../environments/cluster';
import { deleteControlPlane, startControlPlane } from '../sandbox/control-plane/control-plane';
import type { Report } from '../upstream/progress';

export const CHECKOUT = resolve(__dirname, '..');
const TARGET = 'kubernetes 1.34';
const NODES: readonly NodePool[] = [{ name: 'node', count: 4, cpu: 64, memoryGiB: 256 }];

/** A place of its own for everything that the bench makes: control planes, states, environments. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'beamline-bench-'));
  readonly home = join(this.folder, 'home');
  readonly environments = join(this.folder, 'environments');
  readonly #controlPlanes = new Set<string>();

  constructor(private readonly report: Report) {}

  /** Variables with which Beamline works here and nowhere else. */
  get variables(): Record<string, string> {
    return {
      BEAMLINE_HOME: this.home,
      BEAMLINE_ENVIRONMENTS: this.environments,
      PULUMI_BACKEND_URL: `file://${this.subfolder('state')}`,
      PULUMI_CONFIG_PASSPHRASE: 'bench',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      NO_COLOR: '1',
    };
  }

  /** Writes the fleet's environment. Called again, it is the same fleet with some of it changed. */
  writeFleet(namespaces: number, changed: number): void {
    this.writeEnvironment('fleet', [
      `import { defineEnvironment } from '${CHECKOUT}/environments/environment';`,
      `import { addFleet } from '${CHECKOUT}/bench/fleet';`,
      'export const environment = defineEnvironment({',
      `  name: 'fleet', target: '${TARGET}', data: 'disposable',`,
      `  cluster: { kind: 'embedded', nodes: ${JSON.stringify(NODES)} },`,
      `  build: (app) => addFleet(app, { namespaces: ${namespaces}, layers: 1, changed: ${changed} }),`,
      '});',
    ]);
  }

  writeEnvironment(name: string, lines: readonly string[]): void {
    mkdirSync(join(this.environments, name), { recursive: true });
    writeFileSync(join(this.environments, name, 'index.ts'), `${lines.join('\n')}\n`);
  }

  /** A fresh control plane; answers its kubeconfig. Named after the fleet's environment, so that Beamline takes it for its own. */
  async startControlPlane(owner: string): Promise<string> {
    const directory = this.controlPlaneDirectory(owner);
    const kubeconfig = join(directory, 'kubeconfig');
    this.expectControlPlane(owner);
    const kubernetesVersion = TARGET.replace('kubernetes ', '');
    await startControlPlane(
      { name: owner, kubernetesVersion, nodes: NODES, directory, kubeconfig },
      this.report,
    );
    return kubeconfig;
  }

  /** Says that a command will start a control plane here, so that it is stopped in the end. */
  expectControlPlane(owner: string): void {
    this.#controlPlanes.add(this.controlPlaneDirectory(owner));
  }

  async deleteControlPlane(owner: string): Promise<void> {
    const directory = this.controlPlaneDirectory(owner);
    await deleteControlPlane(directory, this.report);
    this.#controlPlanes.delete(directory);
  }

  /** Stops what still runs and removes everything. */
  async clear(): Promise<void> {
    for (const directory of this.#controlPlanes) await deleteControlPlane(directory, this.report);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  subfolder(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  private controlPlaneDirectory(owner: string): string {
    return join(this.home, 'clusters', owner);
  }
}
