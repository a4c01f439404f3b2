import { createHash, createHmac, hkdfSync } from 'node:crypto';

import { encodeBase64, hashSync } from 'bcryptjs';

import {
  sourceOfSecret,
  type GeneratedSecret,
  type SecretValue,
} from '../constructs/kit/secret-value';
import { objectsOf, type Plan } from '../plan/model';
import { PROJECT } from './identity';
import { secretsOf, type SecretLookup } from './values';

/** Name of the resource that keeps a generated value. Another rotation is another resource, hence another value. */
export function stashName(value: GeneratedSecret): string {
  return `secret/${value.name}/${value.rotation}`;
}

/** A secret whose value has to be found; the others follow from these. */
export type SourceSecret = Exclude<SecretValue, { readonly from: 'bcrypt' | 'base64' | 'idtoken' }>;

/** Every secret that a plan asks for, each once. Where it asks for what follows from a text, that text. */
export function secretsOfPlan(plan: Plan): SourceSecret[] {
  const found = new Map<string, SourceSecret>();
  for (const { manifest } of objectsOf(plan)) {
    for (const value of secretsOf(manifest)) {
      const source = isDerived(value) ? sourceOfSecret(value) : value;
      found.set(JSON.stringify(source), source);
    }
  }
  return [...found.values()];
}

function isDerived(value: SecretValue): value is Exclude<SecretValue, SourceSecret> {
  return value.from === 'bcrypt' || value.from === 'base64' || value.from === 'idtoken';
}

/** Whether the value is made by us and kept in the state. */
export function isKept(value: SourceSecret): value is GeneratedSecret {
  return value.from !== 'config';
}

/** A lookup over known values, which fails on any other. */
export function lookupIn(values: ReadonlyMap<string, string>): SecretLookup {
  const hashes = new Map<string, string>();
  return (value) => {
    if (isDerived(value)) {
      const text = valueOfSource(values, sourceOfSecret(value));
      if (value.from === 'base64') return Buffer.from(value.before + text).toString('base64');
      if (value.from === 'idtoken') return `${value.before}.${condorSignature(text, value.before)}`;
      const hash = hashes.get(text) ?? bcrypt(text);
      hashes.set(text, hash);
      return hash;
    }
    return valueOfSource(values, value);
  };
}

function valueOfSource(values: ReadonlyMap<string, string>, value: SourceSecret): string {
  const found = values.get(JSON.stringify(value));
  if (found === undefined) throw new Error(`the secret ${JSON.stringify(value)} was not looked up`);
  return found;
}

/**
 * The hash with a salt taken from the text, so that it is the same at every deployment. That is safe for texts that are drawn at
 * random: a salt guards against lists of hashes of probable passwords.
 */
function bcrypt(text: string): string {
  const digest = createHash('sha256').update(`bcrypt salt of ${text}`).digest();
  return hashSync(text, `$2b$10$${encodeBase64(digest, 16)}`);
}

/**
 * What HTCondor signs a token with is derived from the content of its key file, which it unscrambles first. Source:
 * `src/condor_io/condor_auth_passwd.cpp` (generate_token) and `src/condor_utils/store_cred.cpp` (getTokenSigningKey) of release 25.13.2.
 */
function condorSignature(keyFile: string, signed: string): string {
  const scramble = [0xde, 0xad, 0xbe, 0xef];
  const secret = Buffer.from(keyFile).map((byte, index) => byte ^ (scramble[index % 4] ?? 0));
  const key = hkdfSync('sha256', secret, 'htcondor', 'master jwt', 32);
  return createHmac('sha256', Buffer.from(key)).update(signed).digest('base64url');
}

/** Says which encrypted settings an environment lacks. */
export function missingSettings(environment: string, keys: readonly string[]): string {
  const commands = keys.map(
    (key) => `\n  - pulumi config set --secret ${PROJECT}:${key} -s ${environment}`,
  );
  return `environment '${environment}' needs encrypted settings that are not set:${commands.join('')}`;
}
