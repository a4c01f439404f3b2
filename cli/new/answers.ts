import { closest } from 'fastest-levenshtein';

import { Target, type Capability } from '../../constructs/targets';
import { scaleProblems } from './scale';
import {
  FLAVOUR,
  IDENTITY,
  INGRESS,
  RUN,
  SCALE,
  STORAGE,
  type IdentityChoice,
  type IngressChoice,
  type Question,
  type RunChoice,
  type ScaleChoice,
  type StorageChoice,
} from './questions';

/** What is known of a new site, as flags or prompts give it. */
export interface NewSiteFlags {
  /** @default 'okd' */
  readonly flavour?: string;
  /** @default - the newest of the flavour */
  readonly version?: string;
  /** @default 'nfs' */
  readonly storage?: string;
  /** @default 'routes' on OKD, 'traefik' on Kubernetes */
  readonly ingress?: string;
  /** @default 'none' */
  readonly identity?: string;
  /** @default 'welcome,tenants' */
  readonly run?: string;
  /** @default '' - nothing */
  readonly scale?: string;
}

/** A new site whose choices go together and fit its target. */
export interface NewSite {
  readonly name: string;
  readonly target: Target;
  readonly storage: StorageChoice;
  readonly ingress: IngressChoice;
  readonly identity: IdentityChoice;
  readonly run: readonly RunChoice[];
  /** What notebooks scale out to. With any of them, notebooks and tenants are an analysis facility. */
  readonly scale: readonly ScaleChoice[];
}

/** What runs when nobody says. */
export const USUAL_RUN: readonly RunChoice[] = ['welcome', 'tenants'];
/** What people reach with a browser. */
export const DOORED: readonly RunChoice[] = ['welcome', 'registry', 'notebooks', 'reana'];
/** What people log in to. */
const PEOPLED: readonly RunChoice[] = ['registry', 'notebooks', 'reana'];
/** What keeps data on the site's storage. */
const STORED: readonly RunChoice[] = ['registry', 'cvmfs', 'notebooks', 'reana'];

const NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** What is wrong with a name for a site: one message or none. */
export function nameProblems(name: string): string[] {
  if (NAME.test(name)) return [];
  const nearest = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  const proposal = NAME.test(nearest) ? `; did you mean '${nearest}'?` : '';
  return [
    `a site's name must be lower-case letters, digits and '-', begin with a letter, at most 63 characters, got '${name}'${proposal}`,
  ];
}

/** Checks the answers for a new site. Throws one Error with every problem, each with what is allowed and the nearest. */
export function newSite(name: string, flags: NewSiteFlags): NewSite {
  const problems = nameProblems(name);
  const pick = <C extends string>(flag: string, question: Question<C>, given: string): C => {
    const found = choicesOf(question).find((choice) => choice === given);
    if (found !== undefined) return found;
    problems.push(unknown(flag, given, choicesOf(question)));
    return firstOf(question);
  };
  const flavour = pick('--flavour', FLAVOUR, flags.flavour ?? firstOf(FLAVOUR));
  const site = {
    name,
    target: targetFor(flavour, flags.version, problems),
    storage: pick('--storage', STORAGE, flags.storage ?? firstOf(STORAGE)),
    ingress: pick('--ingress', INGRESS, flags.ingress ?? usualIngress(flavour)),
    identity: pick('--identity', IDENTITY, flags.identity ?? firstOf(IDENTITY)),
    run: itemsOf(flags.run ?? USUAL_RUN.join(',')).map((item) => pick('--run', RUN, item)),
    scale: itemsOf(flags.scale ?? '').map((item) => pick('--scale', SCALE, item)),
  };
  if (problems.length === 0) problems.push(...togetherProblems(site));
  if (problems.length > 0)
    throw new Error(`site '${name}' cannot be made:\n  - ${problems.join('\n  - ')}`);
  return {
    ...site,
    run: choicesOf(RUN).filter((choice) => site.run.includes(choice)),
    scale: choicesOf(SCALE).filter((choice) => site.scale.includes(choice)),
  };
}

/** The front door when nobody says: the one that the flavour brings. */
export function usualIngress(flavour: string): IngressChoice {
  return flavour === 'okd' ? 'routes' : firstOf(INGRESS);
}

/** The answers that a question allows. */
export function choicesOf<C extends string>({ choices }: Question<C>): C[] {
  const isChoice = (text: string): text is C => text in choices;
  return Object.keys(choices).filter(isChoice);
}

/** Versions of a flavour, newest first. */
export function versionsOf(flavour: string): string[] {
  return Target.all
    .filter((target) => target.flavour === flavour)
    .map((target) => target.name.slice(flavour.length + 1))
    .reverse();
}

/** What one front door or storage lacks on a target: one message or none. */
export function fitProblems(target: Target, choice: StorageChoice | IngressChoice): string[] {
  const needs: Partial<Record<StorageChoice | IngressChoice, Capability>> = {
    'nfs-csi': 'csi',
    ceph: 'csi',
    rook: 'rook',
    traefik: 'endpoint-slice-v1',
    routes: 'route',
  };
  const capability = needs[choice];
  return capability === undefined
    ? []
    : target
        .problemsOf(`'${choice}'`, capability)
        .map(
          (problem) => `${problem}; here: ${INSTEAD[choice] ?? "'--storage nfs' or 'existing'"}`,
        );
}

/** What may be chosen in place of a front door that a target lacks. */
const INSTEAD: Partial<Record<StorageChoice | IngressChoice, string>> = {
  traefik: "'--ingress routes' or 'nginx'",
  routes: "'--ingress traefik' or 'nginx'",
};

function targetFor(flavour: string, version: string | undefined, problems: string[]): Target {
  const versions = versionsOf(flavour);
  const [newest = ''] = versions;
  const wanted = version ?? newest;
  if (versions.includes(wanted)) return Target.parse(`${flavour} ${wanted}`);
  problems.push(unknown('--version', wanted, versions));
  return Target.parse(`${flavour} ${newest}`);
}

/** What does not go together: a page without a front door, a registry without storage. */
function togetherProblems(site: NewSite): string[] {
  const { target, storage, ingress, identity, run } = site;
  const among = (those: readonly RunChoice[]): string =>
    run.filter((item) => those.includes(item)).join(',');
  const doored = among(DOORED);
  const stored = among(STORED);
  return [
    ...fitProblems(target, storage),
    ...fitProblems(target, ingress),
    ...(ingress === 'none' && doored !== ''
      ? [`'--run ${doored}' needs a front door, got '--ingress none'; choose one`]
      : []),
    ...(ingress === 'none' && identity !== 'none'
      ? [`'--identity ${identity}' needs a front door to log in through, got '--ingress none'`]
      : []),
    ...(identity !== 'none' && among(PEOPLED) === ''
      ? [
          `'--identity ${identity}' serves nobody here; add '${PEOPLED.join("' or '")}' to '--run', or leave it out`,
        ]
      : []),
    ...(storage === 'none' && stored !== ''
      ? [
          `'--run ${stored}' needs storage, got '--storage none'; choose 'nfs', 'rook', 'ceph' or 'existing'`,
        ]
      : []),
    ...(identity === 'none' && run.includes('notebooks')
      ? [
          `'--run notebooks' needs to know people, got '--identity none'; choose 'oidc', 'ldap' or 'dex'`,
        ]
      : []),
    ...(identity === 'ldap' && run.includes('reana')
      ? [
          `'--run reana' cannot ask a directory, got '--identity ldap'; choose 'dex', which does and speaks OpenID Connect`,
        ]
      : []),
    ...(identity === 'dex' && !target.has('crd-v1')
      ? [
          `'--identity dex' keeps what it knows in apiextensions.k8s.io/v1, which '${target.name}' does not serve; choose 'ldap' or 'oidc'`,
        ]
      : []),
    ...(run.includes('cvmfs') && !run.includes('tenants') && !run.includes('notebooks')
      ? [`'--run cvmfs' has nobody who reads it; add 'tenants' or 'notebooks'`]
      : []),
    ...scaleProblems(site),
  ];
}

function itemsOf(list: string): string[] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function firstOf<C extends string>(question: Question<C>): C {
  const [first] = choicesOf(question);
  if (first === undefined) throw new Error(`'${question.ask}' has no answers`);
  return first;
}

function unknown(flag: string, given: string, allowed: readonly string[]): string {
  return `'${flag}' must be one of ${allowed.join(', ')}, got '${given}'; did you mean '${closest(given, [...allowed])}'?`;
}
