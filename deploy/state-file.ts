import { createDecipheriv, pbkdf2 } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { z } from 'zod';

import { isObject, parseJson, replacedIn } from '../plan/json';
import type { Json } from '../plan/model';
import { PROJECT } from './identity';
import { SIGNATURE } from './values';

/** The variables that tell Pulumi where its states are and what encrypts them. */
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the state of an environment from Pulumi's own file, secrets in clear. `pulumi stack export` says the same, and
 * takes a second of CPU for 1,000 objects: most of what a preview would cost.
 *
 * Only of what is known for certain: a local back end, the third version of the file, not packed, secrets encrypted by a
 * passphrase that is the right one (`backend/diy/state.go`, `sdk/go/common/apitype/core.go` and
 * `sdk/go/common/resource/config/crypt.go` of Pulumi 3.228).
 *
 * @returns What is deployed, as `pulumi stack export --show-secrets` has it; undefined where Pulumi must be asked.
 */
export async function readStateFile(
  environment: string,
  variables: Variables,
): Promise<Json | undefined> {
  const file = fileOf(environment, variables['PULUMI_BACKEND_URL'] ?? '');
  if (file === undefined) return undefined;
  try {
    const text = await readFile(file, 'utf8');
    const checkpoint = written.safeParse(parseJson(text));
    if (!checkpoint.success) return undefined;
    const deployment = checkpoint.data.checkpoint.latest;
    const clear = text.includes(SIGNATURE) ? await decrypted(deployment, variables) : deployment;
    return clear === undefined ? undefined : { version: 3, deployment: clear };
  } catch {
    // Not there, cut off, another passphrase: Pulumi has the words for each.
    return undefined;
  }
}

const json = z.custom<Json>((value) => value !== undefined);
const written = z.object({ version: z.literal(3), checkpoint: z.object({ latest: json }) });

function fileOf(environment: string, backend: string): string | undefined {
  // `file://~` and relative places mean what Pulumi says they mean.
  if (!backend.startsWith('file:///') || backend.includes('?')) return undefined;
  return join(fileURLToPath(backend), '.pulumi', 'stacks', PROJECT, `${environment}.json`);
}

const byPassphrase = z.object({
  secrets_providers: z.object({
    type: z.literal('passphrase'),
    state: z.object({ salt: z.string() }),
  }),
});

/** The same with every secret in clear. Undefined where something else than a passphrase encrypts them. */
async function decrypted(deployment: Json, variables: Variables): Promise<Json | undefined> {
  const provider = byPassphrase.safeParse(deployment);
  const passphrase = await passphraseIn(variables);
  if (!provider.success || !isObject(deployment) || passphrase === undefined) return undefined;
  const [version, salt = '', ...check] = provider.data.secrets_providers.state.salt.split(':');
  if (version !== 'v1') return undefined;
  const key = await derive(passphrase, Buffer.from(salt, 'base64'), ROUNDS, KEY_BYTES, 'sha256');
  if (plainText(check.join(':'), key) !== 'pulumi') return undefined;
  return replacedIn(deployment, (value) => {
    if (!isObject(value) || !(SIGNATURE in value)) return undefined;
    const { [SIGNATURE]: signature, ciphertext } = value;
    return typeof ciphertext === 'string'
      ? { [SIGNATURE]: signature, plaintext: plainText(ciphertext, key) }
      : undefined;
  });
}

const derive = promisify(pbkdf2);
const ROUNDS = 1_000_000;
const KEY_BYTES = 32;
const TAG_BYTES = 16;

async function passphraseIn(variables: Variables): Promise<string | undefined> {
  const { PULUMI_CONFIG_PASSPHRASE: given, PULUMI_CONFIG_PASSPHRASE_FILE: file } = variables;
  if (given !== undefined && given !== '') return given;
  return file === undefined ? undefined : (await readFile(file, 'utf8')).trim();
}

/** The text behind `v1:<nonce>:<ciphertext and tag>`. @throws Error when the key is not its own. */
function plainText(encrypted: string, key: Buffer): string {
  const [version, nonce = '', text = ''] = encrypted.split(':');
  if (version !== 'v1') throw new Error('not encrypted as Pulumi 3.228 does it');
  const bytes = Buffer.from(text, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}
