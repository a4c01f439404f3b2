import { openCluster } from '../deploy/cluster';
import { writeSecret } from '../deploy/reana/token-secret';
import {
  askReana,
  reanaOf,
  type ReanaPlace,
  type ReanaUser,
  type UserRequest,
} from '../deploy/reana/users';
import type { VerbContext } from './run-verb';
import { planned } from './session';

/** What `beamline reana user` is told. */
export interface ReanaUserOptions {
  readonly action: string;
  /** @default - all users */
  readonly email?: string;
  /** @default false */
  readonly show?: boolean;
  /** @default - the token is put nowhere */
  readonly secret?: string;
  /** @default false */
  readonly replace?: boolean;
  /** @default false */
  readonly revoke?: boolean;
  /** @default - the limit stays */
  readonly cpuHours?: string;
  /** @default - the limit stays */
  readonly diskGib?: string;
  /** @default - the environment has one REANA */
  readonly namespace?: string;
  /** @default false */
  readonly json?: boolean;
}

const ACTIONS = ['add', 'list', 'token', 'quota'] as const;
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const SECRET = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * `beamline reana user`: accounts, tokens and quotas, which only the admin of a REANA hands out. A token leaves REANA when it is shown or put into
 * a Secret, and not otherwise.
 */
export async function reanaUser(
  name: string,
  options: ReanaUserOptions,
  context: VerbContext,
): Promise<number> {
  const request = requestOf(options);
  if (options.secret !== undefined && !SECRET.test(options.secret)) {
    throw new Error(
      `--secret must be the name of a Secret in REANA's namespace, got '${options.secret}'`,
    );
  }
  const { environment, plan } = await planned(name, context);
  const cluster = await openCluster(environment);
  try {
    const place = reanaOf(plan, options.namespace);
    const { users, changed, value } = await askReana(cluster, place, request);
    if (options.secret !== undefined && value !== undefined) {
      await writeSecret(cluster.api, place, options.secret, value);
    }
    const shown = options.show === true && value !== undefined ? { token: value } : {};
    print(request, { users, changed, ...shown }, place, options);
    return 0;
  } finally {
    await cluster.api.close();
  }
}

function print(
  request: UserRequest,
  answer: {
    readonly users: readonly ReanaUser[];
    readonly changed: boolean;
    readonly token?: string;
  },
  place: ReanaPlace,
  { json, secret }: ReanaUserOptions,
): void {
  const [user] = answer.users;
  if (json === true) process.stdout.write(`${JSON.stringify(answer)}\n`);
  else if (request.action === 'list') {
    process.stdout.write(answer.users.map((one) => `${lineOf(one)}\n`).join(''));
  } else {
    if (user !== undefined) process.stderr.write(`${sentence(request, user, answer.changed)}\n`);
    if (secret !== undefined) {
      process.stderr.write(`the token is in the Secret '${place.namespace}/${secret}'\n`);
    }
    if (answer.token !== undefined) process.stdout.write(`${answer.token}\n`);
  }
}

function requestOf(options: ReanaUserOptions): UserRequest {
  const { email, replace, revoke, show, secret } = options;
  const action = ACTIONS.find((one) => one === options.action);
  if (action === undefined) {
    throw new Error(`'beamline reana user' can ${ACTIONS.join(', ')}, not '${options.action}'`);
  }
  const strangers = givenOf(options).filter(([, of]) => of !== action);
  if (strangers.length > 0) {
    const told = strangers.map(([name, of]) => `${name} is for '${of}'`).join(', ');
    throw new Error(`'beamline reana user ${action}' takes no such option: ${told}`);
  }
  if (action === 'list') return { action };
  if (email === undefined || !MAIL.test(email)) {
    throw new Error(
      `'beamline reana user ${action}' needs the address of a user, got '${email ?? ''}'; 'list' shows those there are`,
    );
  }
  switch (action) {
    case 'add':
      return { action, email };
    case 'token':
      if (revoke === true) {
        if (replace === true || show === true || secret !== undefined) {
          throw new Error(
            `user '${email}': --revoke leaves no token to show, replace or keep; give it alone`,
          );
        }
        return { action: 'revoke', email };
      }
      return {
        action,
        email,
        replace: replace === true,
        reveal: show === true || secret !== undefined,
      };
    case 'quota':
      return { action, email, limits: limitsOf(email, options) };
  }
}

/** The options that were given and are of one action, each with that. */
function givenOf(options: ReanaUserOptions): (readonly [string, (typeof ACTIONS)[number]])[] {
  const { show, secret, replace, revoke, cpuHours, diskGib } = options;
  const all = [
    ['--show', 'token', show === true],
    ['--secret', 'token', secret !== undefined],
    ['--replace', 'token', replace === true],
    ['--revoke', 'token', revoke === true],
    ['--cpu-hours', 'quota', cpuHours !== undefined],
    ['--disk-gib', 'quota', diskGib !== undefined],
  ] as const;
  return all.flatMap(([name, of, given]) => (given ? [[name, of] as const] : []));
}

function limitsOf(
  email: string,
  { cpuHours, diskGib }: ReanaUserOptions,
): { readonly cpu?: number; readonly disk?: number } {
  const number = (option: string, text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
    throw new Error(
      `user '${email}': ${option} must be a number from 0, which is any, got '${text}'`,
    );
  };
  return {
    ...(cpuHours === undefined ? {} : { cpu: number('--cpu-hours', cpuHours) }),
    ...(diskGib === undefined ? {} : { disk: number('--disk-gib', diskGib) }),
  };
}

function sentence(request: UserRequest, user: ReanaUser, changed: boolean): string {
  const done = (did: string, was: string): string => `user '${user.email}' ${changed ? did : was}`;
  switch (request.action) {
    case 'add':
      return done("was made; 'beamline reana user token' gives it a token", 'is there already');
    case 'token':
      return done('has got a token', 'has a token already');
    case 'revoke':
      return done('has no token any more', 'had no token');
    case 'quota':
      return `${done('has got its limits', 'has these limits')}: ${quotaOf(user)}`;
    case 'list':
      return lineOf(user);
  }
}

function lineOf(user: ReanaUser): string {
  const admin = user.admin ? ', admin' : '';
  return `${user.email}  token ${user.token}${admin}  ${quotaOf(user)}`;
}

function quotaOf({ used, limits }: ReanaUser): string {
  const of = (kind: string, unit: string): string => {
    const limit = limits[kind] ?? 0;
    return `${(used[kind] ?? 0).toFixed(1)} of ${limit === 0 ? 'any' : limit} ${unit}`;
  };
  return `${of('cpu', 'h CPU')}, ${of('disk', 'GiB')}`;
}
