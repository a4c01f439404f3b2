/**
 * Where the value of a secret comes from. A construct never sees the value itself: it writes the
 * token of a `SecretValue` where the value belongs, and `deploy/` puts the value in its place.
 */
export type SecretValue =
  /** The encrypted Pulumi setting `beamline:<key>` of the environment. */
  | { readonly from: 'config'; readonly key: string }
  /**
   * Made once by Beamline, kept in the encrypted state, the same at every deployment.
   * Raising `rotation` makes a new value at the next deployment.
   */
  | {
      readonly from: 'generated';
      readonly name: string;
      /** Number of characters, each of `A-Z a-z 0-9`. */
      readonly length: number;
      readonly rotation: number;
    };

const CONFIG_KEY = /^[A-Za-z][A-Za-z0-9._-]*$/;
const GENERATED_NAME = /^[a-z0-9]([a-z0-9./-]*[a-z0-9])?$/;

/** The value of the encrypted setting `beamline:<key>`. */
export function secretFromConfig(key: string): SecretValue {
  if (!CONFIG_KEY.test(key)) {
    throw new Error(
      `secret setting '${key}' must be letters, digits, '.', '_' and '-', beginning with a letter`,
    );
  }
  return { from: 'config', key };
}

/** How a generated secret looks. */
export interface GeneratedSecretOptions {
  /**
   * Number of characters, from 16 to 256.
   *
   * @default 32
   */
  readonly length?: number;

  /**
   * Raise it to have a new value made at the next deployment.
   *
   * @default 0
   */
  readonly rotation?: number;
}

/** A value that Beamline makes once and keeps. `name` is unique in the environment, for example `harbor/core`. */
export function generatedSecret(name: string, options: GeneratedSecretOptions = {}): SecretValue {
  const length = options.length ?? 32;
  const rotation = options.rotation ?? 0;
  const problems = [
    ...(GENERATED_NAME.test(name)
      ? []
      : [`name must be lower-case letters, digits, '.', '/' and '-', got '${name}'`]),
    ...(Number.isInteger(length) && length >= 16 && length <= 256
      ? []
      : [`length must be 16 to 256, got ${length}`]),
    ...(Number.isInteger(rotation) && rotation >= 0
      ? []
      : [`rotation must be 0 or more, got ${rotation}`]),
  ];
  if (problems.length > 0) throw new Error(`generated secret '${name}': ${problems.join('; ')}`);
  return { from: 'generated', name, length, rotation };
}

/** The text that stands for the value in a manifest. Safe inside any string, shown as it is by `render`. */
export function secretToken(value: SecretValue): string {
  switch (value.from) {
    case 'config':
      return `\${secret:config:${value.key}}`;
    case 'generated':
      return `\${secret:generated:${value.name}:${value.length}:${value.rotation}}`;
  }
}

const TOKEN = /\$\{secret:(?:config:([A-Za-z0-9._-]+)|generated:([a-z0-9./-]+):(\d+):(\d+))\}/g;

/** Every secret that a text asks for. */
export function secretsIn(text: string): SecretValue[] {
  return Array.from(text.matchAll(TOKEN), ([, key, name, length, rotation]) =>
    key === undefined
      ? { from: 'generated', name: name ?? '', length: Number(length), rotation: Number(rotation) }
      : { from: 'config', key },
  );
}

/** The text with every token replaced by its value. */
export function revealSecrets(text: string, valueOf: (secret: SecretValue) => string): string {
  return text.replaceAll(TOKEN, (token) => {
    const [secret] = secretsIn(token);
    return secret === undefined ? token : valueOf(secret);
  });
}
