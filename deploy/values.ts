import type { JavaScriptValue } from 'google-protobuf/google/protobuf/struct_pb';

import { revealSecrets, secretsIn, type SecretValue } from '../constructs/kit/secret-value';
import { isList, isObject, replacedIn } from '../plan/json';
import type { Json, JsonObject, Manifest } from '../plan/model';

/** Marks of the engine's wire format (`pulumi/sdk/go/common/resource/properties.go`). */
export const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET_SIGNATURE = '1b47061264138c4ac30d75fd1eb44270';

/** Finds the value of a secret. */
export type SecretLookup = (secret: SecretValue) => string;

/** Wraps a value so that the engine encrypts it in its state and masks it in its output. */
export function secret(value: JavaScriptValue): JavaScriptValue {
  return { [SIGNATURE]: SECRET_SIGNATURE, value };
}

/** Every secret that a manifest asks for, each once. */
export function secretsOf(manifest: Manifest): SecretValue[] {
  const found = new Map<string, SecretValue>();
  visitStrings(manifest, (text) => {
    for (const value of secretsIn(text)) found.set(JSON.stringify(value), value);
  });
  return [...found.values()];
}

/** The manifest with secret values in place of their tokens, in clear. Never print or write it. */
export function withSecrets(manifest: JsonObject, valueOf: SecretLookup): JsonObject {
  return replacedIn(manifest, (value) =>
    typeof value === 'string' && value.includes('${secret:')
      ? revealSecrets(value, valueOf)
      : undefined,
  );
}

/**
 * The inputs of a manifest as the engine takes them. Every string that holds a secret, and all `data` and
 * `stringData` of a Secret, are marked, so that the engine encrypts and masks them.
 */
export function inputsOf(
  manifest: Manifest,
  valueOf: SecretLookup,
): { [key: string]: JavaScriptValue } {
  const inputs: { [key: string]: JavaScriptValue } = {};
  for (const [field, value] of Object.entries(manifest)) {
    if (value === undefined) continue;
    const hidden = manifest.kind === 'Secret' && (field === 'data' || field === 'stringData');
    inputs[field] = hidden ? secret(plain(value, valueOf, false)) : plain(value, valueOf, true);
  }
  return inputs;
}

function plain(value: Json, valueOf: SecretLookup, mark: boolean): JavaScriptValue {
  if (typeof value === 'string') {
    if (!value.includes('${secret:')) return value;
    const revealed = revealSecrets(value, valueOf);
    return mark && revealed !== value ? secret(revealed) : revealed;
  }
  if (isObject(value)) {
    const fields: { [key: string]: JavaScriptValue } = {};
    for (const [field, inner] of Object.entries(value)) {
      if (inner !== undefined && inner !== null) fields[field] = plain(inner, valueOf, mark);
    }
    return fields;
  }
  return isList(value) ? value.map((inner) => plain(inner, valueOf, mark)) : scalar(value);
}

function scalar(value: Json): JavaScriptValue {
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function visitStrings(value: Json | undefined, visit: (text: string) => void): void {
  if (typeof value === 'string') {
    if (value.includes('${secret:')) visit(value);
  } else if (isObject(value)) {
    for (const inner of Object.values(value)) visitStrings(inner, visit);
  } else if (isList(value)) {
    for (const inner of value) visitStrings(inner, visit);
  }
}
