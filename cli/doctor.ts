import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { execPath, version } from 'node:process';

import { execa } from 'execa';
import pc from 'picocolors';
import { satisfies } from 'semver';

import { cacheHome, UpstreamMissing } from '../constructs/kit/upstream';
import { checkoutHome } from '../environments/cluster';
import { environmentNames, loadEnvironment, planEnvironment, planNow } from '../environments/load';
import { cachedTool, ensureTools } from '../sandbox/toolchain/ensure-tools';
import type { ToolName } from '../sandbox/toolchain/tool-name';
import { ensureUpstream } from '../upstream/fetch';
import type { VerbContext } from './run-verb';

/** One thing that was looked at. */
interface Finding {
  readonly subject: string;
  readonly good: boolean;
  readonly found: string;
  /**
   * What to do about it.
   *
   * @default - nothing is to be done
   */
  readonly remedy?: string;
}

const TOOLS: readonly ToolName[] = [
  'pulumi',
  'pulumi-language-nodejs',
  'pulumi-resource-kubernetes',
  'etcd',
  'kwok',
  'kwokctl',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
];

/** `beamline doctor`: what this machine has and lacks. Exit code 1 when something is missing. */
export async function doctor(
  _: string,
  { fetch, json }: { readonly fetch?: boolean; readonly json?: boolean },
  { report }: VerbContext,
): Promise<number> {
  if (fetch === true) {
    await ensureTools(TOOLS, { report });
    for (const name of environmentNames())
      await planEnvironment(loadEnvironment(name), (pin) => ensureUpstream(pin, report));
  }
  const findings = [
    node(),
    await go(),
    writable('cache', cacheHome()),
    writable('state of this checkout', checkoutHome()),
    ...TOOLS.map(tool),
    ...environmentNames().map(environment),
  ];
  if (json === true) process.stdout.write(`${JSON.stringify(findings)}\n`);
  else for (const finding of findings) process.stdout.write(`${line(finding)}\n`);
  return findings.every(({ good }) => good) ? 0 : 1;
}

function line({ subject, good, found, remedy }: Finding): string {
  return `${good ? pc.green('✓') : pc.red('✗')} ${subject.padEnd(30)} ${found}${remedy === undefined ? '' : `\n    ${remedy}`}`;
}

function node(): Finding {
  const good = satisfies(version, '>=20.19');
  return {
    subject: 'Node.js',
    good,
    found: `${version} (${execPath})`,
    ...(good ? {} : { remedy: 'install Node.js 20.19 or newer' }),
  };
}

async function go(): Promise<Finding> {
  const { stdout, exitCode } = await execa('go', ['env', 'GOVERSION'], { reject: false });
  if (exitCode === 0) return { subject: 'Go', good: true, found: stdout.trim() };
  const complete = TOOLS.every((name) => cachedTool(name) !== undefined);
  return {
    subject: 'Go',
    good: complete,
    found: 'not installed',
    remedy: 'needed only where the toolchain can be neither downloaded nor mirrored',
  };
}

function writable(subject: string, folder: string): Finding {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return { subject, good: true, found: folder };
  } catch (error) {
    return {
      subject,
      good: false,
      found: `${folder}: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'make it writable, or name another folder with BEAMLINE_CACHE or BEAMLINE_HOME',
    };
  }
}

function tool(name: ToolName): Finding {
  const path = cachedTool(name);
  if (path !== undefined && existsSync(path)) return { subject: name, good: true, found: path };
  return {
    subject: name,
    good: false,
    found: 'not in the cache',
    remedy: "'beamline doctor --fetch' brings it; so does the first command that needs it",
  };
}

function environment(name: string): Finding {
  const subject = `environment ${name}`;
  try {
    const plan = planNow(loadEnvironment(name));
    return { subject, good: true, found: `${plan.steps.length} steps on ${plan.target.name}` };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      subject,
      good: false,
      found: message,
      ...(error instanceof UpstreamMissing
        ? { remedy: "'beamline doctor --fetch' brings it" }
        : {}),
    };
  }
}
