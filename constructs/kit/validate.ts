import type { Construct } from 'constructs';

/** Throws one error naming the construct and every problem found; does nothing if there is none. */
export function rejectInvalid(at: Construct, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new Error(
    `${at.constructor.name} '${at.node.path}' has invalid props:\n  - ${problems.join('\n  - ')}`,
  );
}
