import type { IConstruct } from 'constructs';

/**
 * Label of every object that lets the world in (an Ingress, a Route, a Traefik router, the Service of a front door): `public` or
 * `internal`. Plans, reports and graphs read it with `reachOf`.
 */
export const REACH_LABEL = 'beamline/reach';

/** Who may come in by an object, as its label says; undefined for objects that let nobody in. */
export function reachOf(object: { readonly metadata: object }): 'public' | 'internal' | undefined {
  const { metadata } = object;
  const labels: unknown = 'labels' in metadata ? metadata.labels : undefined;
  if (typeof labels !== 'object' || labels === null || !(REACH_LABEL in labels)) return undefined;
  const found: unknown = labels[REACH_LABEL];
  return found === 'public' || found === 'internal' ? found : undefined;
}

const kept = new WeakMap<IConstruct, string>();

/** Marks a construct, with everything in it, as not for the public: a public route to it is refused. */
export function keepInternal(construct: IConstruct, reason: string): void {
  kept.set(construct, reason);
}

/** Why a construct is not for the public; undefined when nobody said so of it or of what it is in. */
export function internalReason(construct: IConstruct): string | undefined {
  for (const scope of [...construct.node.scopes].reverse()) {
    const reason = kept.get(scope);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
