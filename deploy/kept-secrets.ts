import { generateKeyPairSync, randomInt } from 'node:crypto';

import { getConfig } from '@pulumi/pulumi/runtime/config';
import { getStack } from '@pulumi/pulumi/runtime/settings';
import type { JavaScriptValue } from 'google-protobuf/google/protobuf/struct_pb';

import type { GeneratedSecret } from '../constructs/kit/secret-value';
import { isRehearsal, standInFor } from '../environments/rehearsal';
import { isObject } from '../plan/json';
import type { Plan } from '../plan/model';
import { PROJECT, stackUrn, STASH_TYPE } from './identity';
import { registerWithEngine } from './monitor';
import { lookupIn, missingSettings, secretsOfPlan, stashName } from './secrets';
import { secret, type SecretLookup } from './values';

/**
 * The values of a plan's secrets: settings from the encrypted configuration, generated ones from the encrypted
 * state, where a missing one is made now.
 *
 * @throws Error naming every setting that is missing and the command that sets it.
 */
export async function secretLookup(plan: Plan): Promise<SecretLookup> {
  const wanted = secretsOfPlan(plan);
  const values = new Map<string, string>();
  const missing: string[] = [];
  for (const value of wanted) {
    switch (value.from) {
      case 'config': {
        const found = isRehearsal() ? standInFor(value.key) : getConfig(`${PROJECT}:${value.key}`);
        if (found === undefined) missing.push(value.key);
        else values.set(JSON.stringify(value), found);
        break;
      }
      case 'generated':
      case 'rsa-key':
        values.set(JSON.stringify(value), await keptValue(value));
        break;
    }
  }
  if (missing.length > 0) throw new Error(missingSettings(plan.environment, missing));
  return lookupIn(values);
}

/**
 * The kept value of a generated secret. The engine's Stash returns what it was first given for as long as it lives;
 * its input is ignored afterwards, so that the fresh value offered at each run changes nothing.
 */
async function keptValue(value: GeneratedSecret): Promise<string> {
  const registered = await registerWithEngine(stackUrn(getStack()), {
    type: STASH_TYPE,
    name: stashName(value),
    inputs: { input: secret(fresh(value)) },
    dependsOn: [],
    ignoreChanges: ['input'],
    secretOutputs: ['output', 'input'],
    wantsOutputs: true,
  });
  const kept = unwrap(registered.outputs?.toJavaScript()['output']);
  if (typeof kept !== 'string')
    throw new Error(`the engine gave no value for the generated secret '${value.name}'`);
  return kept;
}

function unwrap(value: JavaScriptValue | undefined): unknown {
  return isObject(value) && 'value' in value ? value['value'] : value;
}

function fresh({ from, length }: GeneratedSecret): string {
  switch (from) {
    case 'generated':
      return randomText(length);
    case 'rsa-key':
      return generateKeyPairSync('rsa', {
        modulusLength: length,
        publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      }).privateKey;
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
