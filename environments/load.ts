import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { App } from 'cdk8s';
import { closest } from 'fastest-levenshtein';

import { attachImages } from '../constructs/kit/images';
import { UpstreamMissing, type UpstreamPin } from '../constructs/kit/upstream';
import { attachTarget } from '../constructs/targets';
import { isObject } from '../plan/json';
import type { Plan } from '../plan/model';
import { planOf } from '../plan/plan-of';
import { towardsStandIn } from '../plan/beyond-cluster';
import type { Environment } from './environment';
import { LOCK_FILE, readImageLock } from './image-lock';
import { isRehearsal, rehearsalOf, standInAddress } from './rehearsal';

/** The folder that holds one folder per environment. `BEAMLINE_ENVIRONMENTS` names another, for a site that keeps its own apart. */
export function environmentsFolder(): string {
  return resolve(process.env['BEAMLINE_ENVIRONMENTS'] ?? __dirname);
}

/** The file with the digests of all images. */
export function imageLockPath(): string {
  return join(environmentsFolder(), LOCK_FILE);
}

/** Names of the environments there are: the folders with an `index.ts`. */
export function environmentNames(): string[] {
  const folder = environmentsFolder();
  if (!existsSync(folder)) {
    throw new Error(
      `there is no folder '${folder}'; BEAMLINE_ENVIRONMENTS must name the one that holds the sites, or be unset`,
    );
  }
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .filter((entry) => existsSync(join(folder, entry.name, 'index.ts')))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Loads an environment by the name of its folder, which is the name of its Pulumi stack.
 *
 * @throws Error naming the nearest environment, the missing `index.ts`, or what the file should export.
 */
export function loadEnvironment(name: string): Environment {
  const folder = join(environmentsFolder(), name);
  const names = environmentNames();
  if (!names.includes(name)) {
    if (/^[a-z0-9-]+$/.test(name) && existsSync(folder)) {
      throw new Error(
        `environment '${name}' has no index.ts in '${folder}'; it must export const environment = defineEnvironment({...})`,
      );
    }
    const folders = environmentsFolder();
    throw new Error(
      names.length === 0
        ? `there is no environment '${name}', nor any other in '${folders}'; make ${name}/index.ts there`
        : `there is no environment '${name}'; did you mean '${closest(name, names)}'? There are: ${names.join(', ')}`,
    );
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- which site it is, is known only now
  const loaded: unknown = require(join(folder, 'index.ts'));
  const environment: unknown = isObject(loaded) ? loaded['environment'] : undefined;
  if (!isEnvironment(environment)) {
    throw new Error(
      `'${join(folder, 'index.ts')}' must export const environment = defineEnvironment({...})`,
    );
  }
  if (environment.name !== name) {
    throw new Error(
      `the environment in folder '${name}' calls itself '${environment.name}'; the two must be the same`,
    );
  }
  return isRehearsal() ? rehearsalOf(environment) : environment;
}

function isEnvironment(value: unknown): value is Environment {
  return (
    isObject(value) && typeof value['name'] === 'string' && 'build' in value && 'target' in value
  );
}

/** Builds an environment's stacks and plans them. Fetches nothing: throws UpstreamMissing for a pinned file not yet cached. */
export function planNow(environment: Environment): Plan {
  const app = new App();
  attachTarget(app, environment.target);
  attachImages(app, { lock: readImageLock(imageLockPath()), mirror: environment.mirror });
  environment.build(app);
  const plan = planOf(app, {
    environment: environment.name,
    target: environment.target,
    data: environment.data,
    moved: environment.moved,
    provided: environment.provided,
  });
  // A rehearsal must not reach what the real site reaches.
  return isRehearsal() ? towardsStandIn(plan, standInAddress()) : plan;
}

/** Plans an environment, fetching the pinned upstream files that its constructs turn out to need. */
export async function planEnvironment(
  environment: Environment,
  fetchUpstream: (pin: UpstreamPin) => Promise<unknown>,
): Promise<Plan> {
  const fetched = new Set<string>();
  for (;;) {
    try {
      return planNow(environment);
    } catch (error) {
      if (!(error instanceof UpstreamMissing) || fetched.has(error.pin.name)) throw error;
      fetched.add(error.pin.name);
      await fetchUpstream(error.pin);
    }
  }
}
