/** What a piece of software is called in the recommended labels. */
export interface Part {
  /** The software: `traefik`. */
  readonly name: string;
  /** This installation of it, unique in the namespace: `edge`. */
  readonly instance: string;
  /** Its role in the whole: `proxy`, `provisioner`. */
  readonly component: string;
  /** The larger thing it belongs to: `ingress`. */
  readonly partOf: string;
  /**
   * Its version, as its publisher writes it.
   *
   * @default - no version label
   */
  readonly version?: string;
}

/**
 * The labels of an object that belongs to the part.
 * See https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function labelsOf(part: Part): Record<string, string> {
  return {
    ...selectorOf(part),
    'app.kubernetes.io/part-of': part.partOf,
    ...(part.version === undefined ? {} : { 'app.kubernetes.io/version': part.version }),
  };
}

/** The labels that its pods are selected by. Selectors are immutable, so nothing that changes is in them. */
export function selectorOf(part: Part): Record<string, string> {
  return {
    'app.kubernetes.io/name': part.name,
    'app.kubernetes.io/instance': part.instance,
    'app.kubernetes.io/component': part.component,
  };
}
