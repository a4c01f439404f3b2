import type { SecretValue } from '../constructs/kit/secret-value';
import { objectsOf, type Plan } from '../plan/model';
import { PROJECT } from './identity';
import { secretsOf, type SecretLookup } from './values';

/** Name of the resource that keeps a generated value. Another rotation is another resource, hence another value. */
export function stashName(value: Extract<SecretValue, { from: 'generated' }>): string {
  return `secret/${value.name}/${value.rotation}`;
}

/** Every secret that a plan asks for, each once. */
export function secretsOfPlan(plan: Plan): SecretValue[] {
  const found = new Map<string, SecretValue>();
  for (const { manifest } of objectsOf(plan)) {
    for (const value of secretsOf(manifest)) found.set(JSON.stringify(value), value);
  }
  return [...found.values()];
}

/** A lookup over known values, which fails on any other. */
export function lookupIn(values: ReadonlyMap<string, string>): SecretLookup {
  return (value) => {
    const found = values.get(JSON.stringify(value));
    if (found === undefined)
      throw new Error(`the secret ${JSON.stringify(value)} was not looked up`);
    return found;
  };
}

/** Says which encrypted settings an environment lacks. */
export function missingSettings(environment: string, keys: readonly string[]): string {
  const commands = keys.map(
    (key) => `\n  - pulumi config set --secret ${PROJECT}:${key} -s ${environment}`,
  );
  return `environment '${environment}' needs encrypted settings that are not set:${commands.join('')}`;
}
