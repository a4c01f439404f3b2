/** Annotation of a remote team's ServiceAccount: the last day on which `beamline grant` hands out a token for it. Previews tell of changes. */
export const GRANTED_UNTIL = 'beamline/granted-until';

/** Annotation of an object by which somebody may more than `restricted`: who agreed, and why. Previews show it. */
export const CONSENT = 'beamline/consent';
