/** Why an SCC does not take a pod: a field, what it says, and what the cluster answers to it, in the cluster's own words. */
export interface Reason {
  /** Path in the pod: `spec.containers[0].securityContext.runAsUser`. */
  readonly field: string;
  readonly message: string;
}

/** A value that is not allowed. */
export function invalid(field: string, value: unknown, detail: string): Reason {
  return { field, message: `Invalid value: ${JSON.stringify(value)}: ${detail}` };
}

/** Something that must not be there. */
export function forbidden(field: string, detail: string): Reason {
  return { field, message: `Forbidden: ${detail}` };
}

/** Something that must be there. */
export function required(field: string, detail = ''): Reason {
  return { field, message: detail === '' ? 'Required value' : `Required value: ${detail}` };
}

/** A reason as one line. */
export function reasonText({ field, message }: Reason): string {
  return field === '' ? message : `${field}: ${message}`;
}
