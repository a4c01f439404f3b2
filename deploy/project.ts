import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { parse, stringify } from 'yaml';

import { checkoutHome } from '../environments/cluster';
import type { Environment } from '../environments/environment';
import { environmentsFolder } from '../environments/load';
import { isRehearsal } from '../environments/rehearsal';
import { isObject } from '../plan/json';

const CHECKOUT = resolve(__dirname, '..');

/**
 * The folder that Pulumi runs in: the checkout, or, for environments kept elsewhere (`BEAMLINE_ENVIRONMENTS`) and for rehearsals,
 * a project made for them, so that their `Pulumi.<environment>.yaml` lie beside them or with the rehearsal.
 */
export function projectFolder(): string {
  const environments = environmentsFolder();
  const settings = isRehearsal() ? join(checkoutHome(), 'settings') : environments;
  if (settings === join(CHECKOUT, 'environments')) return CHECKOUT;
  mkdirSync(settings, { recursive: true });
  const folder = join(checkoutHome(), 'project');
  mkdirSync(folder, { recursive: true });
  const own: unknown = parse(readFileSync(join(CHECKOUT, 'Pulumi.yaml'), 'utf8'));
  const project = {
    ...(isObject(own) ? own : {}),
    runtime: {
      name: 'nodejs',
      // Absolute: node is started in the program's folder here, and in the checkout otherwise.
      options: { typescript: false, nodeargs: `--require '${join(__dirname, 'typescript.cjs')}'` },
    },
    main: relative(folder, join(CHECKOUT, 'deploy', 'main.ts')),
    stackConfigDir: relative(folder, settings),
  };
  writeFileSync(join(folder, 'Pulumi.yaml'), stringify(project));
  return folder;
}

/** Where the state lives when neither the environment's owner nor `Pulumi.yaml` says otherwise. */
export function localBackend(): string {
  const folder = join(checkoutHome(), 'state');
  mkdirSync(folder, { recursive: true });
  return `file://${folder}`;
}

/** The passphrase that encrypts an environment's secrets, as Pulumi's own variables give it, or a file of this checkout. */
export function passphraseVariables(environment: Environment): Record<string, string> {
  if (
    process.env['PULUMI_CONFIG_PASSPHRASE'] !== undefined ||
    process.env['PULUMI_CONFIG_PASSPHRASE_FILE'] !== undefined
  )
    return {};
  const file = join(checkoutHome(), 'passphrase');
  if (!existsSync(file)) {
    // A real cluster's secrets outlive this checkout, so their passphrase must not be made here and lost here.
    if (environment.cluster.kind !== 'embedded') return {};
    mkdirSync(checkoutHome(), { recursive: true });
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  }
  return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
}
