/** The minor versions that have something: from `since`, up to but without `until`. */
export interface Span {
  readonly since: number;
  /** @default - it is still there */
  readonly until?: number;
}

/** Something that a cluster can do or have, beside serving a kind. */
export interface CapabilityRow {
  /** What it is, so that "'okd 3.11' has no <what>" reads well. */
  readonly what: string;
  /** Minor versions of Kubernetes 1 that have it. `never` where only OKD does. */
  readonly kubernetes: Span | 'never';
  /**
   * Minor versions of OKD 4 that have it, where its Kubernetes alone does not decide. OKD 3.11 counts as 0.
   * `never` where OKD leaves it out.
   *
   * @default - as the Kubernetes version in it
   */
  readonly okd?: Span | 'never';
  /** What to use where it is missing. */
  readonly instead: string;
  readonly source: string;
}

/** Where the facts of several rows are from. */
export const SOURCES = {
  gates: 'https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/',
  removedGates:
    'https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates-removed/',
  deprecationGuide: 'https://kubernetes.io/docs/reference/using-api/deprecation-guide/',
  openshiftDocs: 'https://docs.openshift.com/container-platform',
} as const;
