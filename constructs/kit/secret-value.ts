/**
 * Where the value of a secret comes from. A construct never sees the value itself: it writes the
 * token of a `SecretValue` where the value belongs, and `deploy/` puts the value in its place.
 */
export type SecretValue =
  /** The encrypted Pulumi setting `beamline:<key>` of the environment. */
  | { readonly from: 'config'; readonly key: string }
  | GeneratedSecret
  | HashedSecret
  | EncodedSecret
  | SignedSecret;

/**
 * Made once by Beamline, kept in the encrypted state, the same at every deployment.
 * Raising `rotation` makes a new value at the next deployment.
 */
export interface GeneratedSecret {
  /** Text, or a private RSA key in PEM (PKCS #1). */
  readonly from: 'generated' | 'rsa-key';
  readonly name: string;
  /** Number of characters, each of `A-Z a-z 0-9`; of a key, its bits. */
  readonly length: number;
  readonly rotation: number;
}

/** The bcrypt hash of a generated text, as password files hold it. It follows from the text, so nothing of it is kept. */
export interface HashedSecret {
  readonly from: 'bcrypt';
  readonly name: string;
  readonly length: number;
  readonly rotation: number;
}

const CONFIG_KEY = /^[A-Za-z][A-Za-z0-9._-]*$/;
const GENERATED_NAME = /^[a-z0-9]([a-z0-9./-]*[a-z0-9])?$/;

/** Base64 of a text that ends with a generated one, as `user:password` stands in the files that log in to registries. */
export interface EncodedSecret {
  readonly from: 'base64';
  /** What stands before the generated text. */
  readonly before: string;
  readonly name: string;
  readonly length: number;
  readonly rotation: number;
}

/** An IDTOKEN of HTCondor (a JWT), signed with a generated text as the pool's key. It follows from the key, so nothing of it is kept. */
export interface SignedSecret {
  readonly from: 'idtoken';
  /** What is signed: header and claims of the JWT, each in base64url. */
  readonly before: string;
  readonly name: string;
  readonly length: number;
  readonly rotation: number;
}

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
  return generated(name, options);
}

function generated(name: string, options: GeneratedSecretOptions): GeneratedSecret {
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

/** A private RSA key of 2048 bits that Beamline makes once and keeps, in PEM. `name` as for `generatedSecret`. */
export function generatedKey(
  name: string,
  options: Pick<GeneratedSecretOptions, 'rotation'> = {},
): SecretValue {
  // The rules for name and rotation are the same; the length means bits here.
  const { rotation } = generated(name, options);
  return { from: 'rsa-key', name, length: 2048, rotation };
}

/** The bcrypt hash of a generated text. Throws an Error for a secret of another kind, whose value may be a password of people. */
export function bcryptOf(value: SecretValue): SecretValue {
  if (value.from === 'generated') return { ...value, from: 'bcrypt' };
  throw new Error(`only a generated text is hashed, got a secret from '${value.from}'`);
}

const ENCODED_BEFORE = /^[A-Za-z0-9$+:._-]*$/;

/** Base64 of `before` and a generated text. */
export function base64Of(before: string, value: SecretValue): SecretValue {
  if (value.from !== 'generated')
    throw new Error(`only a generated text is encoded, got a secret from '${value.from}'`);
  if (!ENCODED_BEFORE.test(before))
    throw new Error(`'${before}' must be letters, digits and '$+:._-'`);
  return { ...value, from: 'base64', before };
}

/** An IDTOKEN with these claims, signed with a generated key of the pool that `keyId` names. */
export function idTokenOf(
  key: SecretValue,
  keyId: string,
  claims: Readonly<Record<string, string | number>>,
): SecretValue {
  if (key.from !== 'generated')
    throw new Error(`only a generated text signs tokens, got a secret from '${key.from}'`);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const before = `${part({ alg: 'HS256', kid: keyId, typ: 'JWT' })}.${part(claims)}`;
  return { ...key, from: 'idtoken', before };
}

/** The generated text that a secret follows from. */
export function sourceOfSecret({
  name,
  length,
  rotation,
}: HashedSecret | EncodedSecret | SignedSecret): GeneratedSecret {
  return { from: 'generated', name, length, rotation };
}

/** The text that stands for the value in a manifest. Safe inside any string, shown as it is by `render`. */
export function secretToken(value: SecretValue): string {
  switch (value.from) {
    case 'config':
      return `\${secret:config:${value.key}}`;
    case 'generated':
    case 'rsa-key':
    case 'bcrypt':
      return `\${secret:${value.from}:${value.name}:${value.length}:${value.rotation}}`;
    case 'base64':
    case 'idtoken':
      return `\${secret:${value.from}:${value.name}:${value.length}:${value.rotation}:${value.before}}`;
  }
}

const TOKEN =
  /\$\{secret:(?:config:([A-Za-z0-9._-]+)|(generated|rsa-key|bcrypt|base64|idtoken):([a-z0-9./-]+):(\d+):(\d+)(?::([A-Za-z0-9$+:._-]*))?)\}/g;

/** Every secret that a text asks for. */
export function secretsIn(text: string): SecretValue[] {
  return Array.from(text.matchAll(TOKEN), ([, key, kind, name = '', length, rotation, before]) => {
    if (key !== undefined) return { from: 'config', key };
    const made = { name, length: Number(length), rotation: Number(rotation) };
    switch (kind) {
      case 'rsa-key':
      case 'bcrypt':
        return { from: kind, ...made };
      case 'base64':
      case 'idtoken':
        return { from: kind, ...made, before: before ?? '' };
      default:
        return { from: 'generated', ...made };
    }
  });
}

/** The text with every token replaced by its value. */
export function revealSecrets(text: string, valueOf: (secret: SecretValue) => string): string {
  return text.replaceAll(TOKEN, (token) => {
    const [secret] = secretsIn(token);
    return secret === undefined ? token : valueOf(secret);
  });
}
