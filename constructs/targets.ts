import { closest } from 'fastest-levenshtein';
import type { IConstruct } from 'constructs';

import { APIS, type ApiVersion, type Kind } from './targets/apis';
import { CAPABILITIES, type Capability } from './targets/capabilities';
import type { CapabilityRow, Span } from './targets/capability';
import { KUBERNETES_MINORS, OKD_RELEASES, type TargetName } from './targets/releases';

export type { Capability, Kind, TargetName };

/** Whose distribution of Kubernetes a cluster runs. */
export type Flavour = 'okd' | 'kubernetes';

/**
 * What a cluster is: flavour and version, with what it can do. A construct asks the target and never
 * compares version strings.
 */
export class Target {
  /** Every target, oldest first, OKD before Kubernetes. */
  public static readonly all: readonly Target[] = [
    ...Object.entries(OKD_RELEASES).map(
      ([version, { kubernetes }]) =>
        new Target(`okd ${version}`, 'okd', kubernetes, okdMinor(version)),
    ),
    ...KUBERNETES_MINORS.map(
      (minor) => new Target(`kubernetes 1.${minor}`, 'kubernetes', minor, -1),
    ),
  ];

  /** The target of that name. Throws an Error naming the value, what is allowed, and the nearest name. */
  public static parse(text: string): Target {
    const found = Target.all.find(({ name }) => name === text);
    if (found !== undefined) return found;
    const names = Target.all.map(({ name }) => name);
    const nearest = closest(inOurWords(text), names);
    throw new Error(
      `target '${text}' is not known; allowed are 'okd 3.11', 'okd 4.6' to 'okd 4.21' and ` +
        `'kubernetes 1.18' to 'kubernetes 1.36'; did you mean '${nearest}'?`,
    );
  }

  private constructor(
    public readonly name: string,
    public readonly flavour: Flavour,
    /** Minor version of Kubernetes 1 that the cluster runs, also inside OKD. */
    public readonly kubernetesMinor: number,
    /**
     * Minor version of OKD 4, 0 for OKD 3.11, negative for plain Kubernetes. For tables of what a release brings (`targets/sccs/`); a
     * construct asks `has`.
     */
    public readonly okdMinor: number,
  ) {}

  /** Whether clusters of this target have the capability. */
  public has(capability: Capability): boolean {
    const row: CapabilityRow = CAPABILITIES[capability];
    if (this.flavour === 'okd' && row.okd !== undefined) {
      return row.okd !== 'never' && covers(row.okd, this.okdMinor);
    }
    return row.kubernetes !== 'never' && covers(row.kubernetes, this.kubernetesMinor);
  }

  /** Whether clusters of this target serve the kind. */
  public serves(kind: Kind): boolean {
    return this.servedVersions(kind).length > 0;
  }

  /** The best API version of a kind. Throws an Error saying which releases serve the kind if this target does not. */
  public apiVersion(kind: Kind): string {
    const [best] = this.servedVersions(kind);
    if (best !== undefined) return best.apiVersion;
    const known = versionsOf(kind).map(versionText).join('; ');
    throw new Error(`${this.text()} has no ${kind}, which is served as ${known}`);
  }

  /**
   * The problem that a feature has on this target, as a list of one message or none, for `rejectInvalid`.
   * `feature` is the subject of the sentence: "an internal route".
   */
  public problemsOf(feature: string, needs: Capability): string[] {
    if (this.has(needs)) return [];
    const row: CapabilityRow = CAPABILITIES[needs];
    return [
      `${feature} needs ${row.what}, which ${this.text()} lacks (${rowText(row)}, ${row.source}); use ${row.instead}`,
    ];
  }

  private servedVersions(kind: Kind): ApiVersion[] {
    return versionsOf(kind).filter(({ only, okd, kubernetes }) => {
      if (only !== undefined && only !== this.flavour) return false;
      if (okd !== undefined && this.flavour === 'okd') return covers(okd, this.okdMinor);
      return covers(kubernetes, this.kubernetesMinor);
    });
  }

  private text(): string {
    return this.flavour === 'okd'
      ? `'${this.name}' (Kubernetes 1.${this.kubernetesMinor})`
      : `'${this.name}'`;
  }
}

/** Says once, at the root of a tree, what cluster the tree is for. */
export function attachTarget(root: IConstruct, target: Target): void {
  root.node.setContext(CONTEXT_KEY, target);
}

/** What cluster the tree around a construct is for. */
export function targetOf(scope: IConstruct): Target {
  const found: unknown = scope.node.tryGetContext(CONTEXT_KEY);
  if (found instanceof Target) return found;
  throw new Error(
    `'${scope.node.path}' stands in a tree without a target; call attachTarget on its root first`,
  );
}

const CONTEXT_KEY = 'beamline:target';

/** What people write for a flavour, so that the name proposed is of the one they meant. */
function inOurWords(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^(k8s|kube)\b/, 'kubernetes')
    .replace(/^(openshift|ocp|origin)\b/, 'okd');
}

function okdMinor(version: string): number {
  return version === '3.11' ? 0 : Number(version.slice('4.'.length));
}

function versionsOf(kind: Kind): readonly ApiVersion[] {
  return APIS[kind];
}

function covers({ since, until }: Span, minor: number): boolean {
  return since <= minor && (until === undefined || minor < until);
}

function versionText({ apiVersion, kubernetes, only, okd, source }: ApiVersion): string {
  const where = only === 'okd' ? `on ${okdText(okd ?? { since: 0 })}` : kubernetesText(kubernetes);
  return `${apiVersion} ${where} (${source})`;
}

function rowText(row: CapabilityRow): string {
  const parts = [
    ...(row.kubernetes === 'never' ? [] : [kubernetesText(row.kubernetes)]),
    ...(row.okd === undefined || row.okd === 'never' ? [] : [`on ${okdText(row.okd)}`]),
    ...(row.okd === 'never' ? ['never on OKD'] : []),
  ];
  return parts.join(', ');
}

function kubernetesText({ since, until }: Span): string {
  return until === undefined
    ? `since Kubernetes 1.${since}`
    : `from Kubernetes 1.${since} up to 1.${until - 1}`;
}

function okdText({ since, until }: Span): string {
  const last = until === undefined ? '' : ` up to 4.${until - 1}`;
  if (since === 0) return until === undefined ? 'every OKD' : `OKD${last}`;
  return until === undefined ? `OKD since 4.${since}` : `OKD from 4.${since}${last}`;
}
