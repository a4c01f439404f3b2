import { dirname, join, relative } from 'node:path';
import { writeFileSync } from 'node:fs';

import { stringify } from 'yaml';

import { PROVIDER_VERSION } from '../deploy/identity';
import { providerSettings } from '../deploy/provider';
import type { Environment } from '../environments/environment';
import { ensureTools } from '../sandbox/toolchain/ensure-tools';
import type { Report } from '../upstream/progress';
import { DEED, type FleetTool } from './fleet-run';
import { ensureKapp } from './kapp';
import type { Command } from './measure';
import { CHECKOUT, type Workspace } from './workspace';

/** What every tool is told. */
export interface ToolContext {
  readonly workspace: Workspace;
  /** Kubeconfig of the tool's own control plane. */
  readonly kubeconfig: string;
  /** File with the rendered fleet. */
  readonly manifests: string;
  readonly report: Report;
}

/** `kubectl apply --server-side`. It does not wait, so readiness is awaited, and told, apart. */
export async function kubectl(context: ToolContext): Promise<FleetTool> {
  const { kubectl: file } = await ensureTools(['kubectl'], { report: context.report });
  const run = (...args: string[]): Command => ({
    file,
    args: ['--kubeconfig', context.kubeconfig, ...args],
    cwd: context.workspace.folder,
    good: [0, 1],
  });
  const strict = (...args: string[]): Command => ({ ...run(...args), good: [0] });
  const apply = strict('apply', '--server-side', '-f', context.manifests);
  const diff = run('diff', '--server-side', '-f', context.manifests);
  const available = ['deployment', '--all', '-A', '--for=condition=Available', '--timeout=300s'];
  return {
    name: 'kubectl',
    first: { part: 'up', what: DEED.first, command: apply },
    then: [
      { part: 'up', what: DEED.settled, command: strict('wait', ...available), after: DEED.first },
      { part: 'preview', what: DEED.nothing, command: diff, times: 2 },
      { part: 'preview', what: DEED.ten, command: diff, changed: 10 },
      { part: 'up', what: DEED.nothing, command: apply, times: 2 },
      { part: 'up', what: DEED.ten, command: apply, changed: 10 },
      {
        part: 'up',
        what: DEED.down,
        command: strict('delete', '-f', context.manifests, '--ignore-not-found'),
      },
    ],
  };
}

/** `kapp deploy`, which waits until everything is ready as Beamline does. */
export async function kapp(context: ToolContext): Promise<FleetTool> {
  const file = await ensureKapp(context.report);
  const run = (verb: string, ...args: string[]): Command => ({
    file,
    args: [verb, '--kubeconfig', context.kubeconfig, '-n', 'default', '-a', 'fleet', '-y', ...args],
    cwd: context.workspace.folder,
  });
  const deploy = run('deploy', '-f', context.manifests);
  const diff = run('deploy', '-f', context.manifests, '--diff-run');
  return {
    name: 'kapp',
    first: { part: 'up', what: DEED.first, command: deploy },
    then: [
      { part: 'preview', what: DEED.nothing, command: diff, times: 2 },
      { part: 'preview', what: DEED.ten, command: diff, changed: 10 },
      { part: 'up', what: DEED.nothing, command: deploy, times: 2 },
      { part: 'up', what: DEED.ten, command: deploy, changed: 10 },
      { part: 'up', what: DEED.down, command: run('delete') },
    ],
  };
}

/** Beamline itself, as its users run it. */
export function beamline({ workspace }: ToolContext): Promise<FleetTool> {
  const run = (verb: string, ...args: string[]): Command => ({
    file: process.execPath,
    args: [join(CHECKOUT, 'cli', 'beamline.cjs'), verb, 'fleet', ...args],
    cwd: CHECKOUT,
    env: workspace.variables,
    good: verb === 'preview' ? [0, 2] : [0],
  });
  return Promise.resolve({
    name: 'beamline',
    first: { part: 'up', what: DEED.first, command: run('up') },
    then: [
      { part: 'preview', what: DEED.nothing, command: run('preview'), times: 3 },
      { part: 'preview', what: DEED.drift, command: run('preview', '--refresh'), times: 2 },
      { part: 'preview', what: DEED.ten, command: run('preview'), changed: 10 },
      { part: 'up', what: DEED.nothing, command: run('up'), times: 3 },
      { part: 'up', what: DEED.ten, command: run('up'), changed: 10 },
      { part: 'up', what: DEED.down, command: run('down') },
    ],
  });
}

/** A bare Pulumi program, with everything done for speed that a Pulumi user can do. */
export async function pulumi(
  context: ToolContext,
  environment: Environment,
  manifests: readonly object[],
): Promise<FleetTool> {
  const { workspace, kubeconfig, report } = context;
  const names = ['pulumi', 'pulumi-language-nodejs', 'pulumi-resource-kubernetes'] as const;
  const tools = await ensureTools(names, { report });
  const project = workspace.subfolder('bare');
  const input = join(project, 'input.json');
  const provider = providerSettings(
    environment,
    { context: 'beamline-pulumi', kubeconfig },
    'bench',
  );
  writeFileSync(input, JSON.stringify({ provider, version: PROVIDER_VERSION, manifests }));
  writeFileSync(
    join(project, 'Pulumi.yaml'),
    stringify({
      name: 'bare',
      runtime: {
        name: 'nodejs',
        options: {
          typescript: false,
          nodeargs: `--require '${join(CHECKOUT, 'deploy', 'typescript.cjs')}'`,
        },
      },
      main: relative(project, join(CHECKOUT, 'bench', 'bare', 'index.ts')),
    }),
  );
  const path = [...names.map((name) => dirname(tools[name])), process.env['PATH'] ?? ''].join(':');
  const run = (...args: string[]): Command => ({
    file: tools.pulumi,
    args: [...args, '--stack', 'bare', '--non-interactive'],
    cwd: project,
    env: {
      ...workspace.variables,
      PATH: path,
      BARE_INPUT: input,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      PULUMI_EXPERIMENTAL: 'true',
      PULUMI_SKIP_CHECKPOINTS: 'true',
    },
  });
  const up = run('up', '--yes', '--skip-preview', '--suppress-outputs', '--parallel', '32');
  return {
    name: 'pulumi',
    before: run('stack', 'init'),
    first: { part: 'up', what: DEED.first, command: up },
    then: [
      {
        part: 'preview',
        what: DEED.nothing,
        command: run('preview', '--suppress-outputs', '--parallel', '32'),
      },
      { part: 'up', what: DEED.nothing, command: up },
    ],
  };
}
