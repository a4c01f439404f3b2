import {
  bcryptOf,
  generatedKey,
  generatedSecret,
  secretToken,
  type SecretValue,
} from '../kit/secret-value';
import type { HarborProps } from './harbor-props';
import type { HarborSecret, RotatableSecret } from './harbor-secret-names';

/** Lengths that Harbor checks or cuts to: `/etc/core/key` and the CSRF key; the chart makes the others of 16. */
const SECRET_LENGTHS: Readonly<Partial<Record<HarborSecret, number>>> = {
  secretKey: 16,
  core: 16,
  jobservice: 16,
  registryHttp: 16,
  csrf: 32,
};

/** Secrets whose values other systems remember, so that a new value alone would lock Harbor out. */
const NEVER_ROTATED: readonly HarborSecret[] = ['secretKey', 'admin', 'database'];

/** User as which core speaks to the registry. */
export const REGISTRY_USER = 'harbor_registry_user';

/** The secrets of one Harbor, as tokens for its objects. */
export class HarborSecrets {
  constructor(private readonly props: Pick<HarborProps, 'name' | 'secrets' | 'rotations'>) {}

  /** Where the value of a secret comes from. */
  value(secret: HarborSecret): SecretValue {
    const given = this.props.secrets?.[secret];
    if (given !== undefined) return given;
    const name = `${this.props.name ?? 'harbor'}/${kebab(secret)}`;
    const rotation = isRotatable(secret) ? (this.props.rotations?.[secret] ?? 0) : 0;
    return secret === 'tokenKey'
      ? generatedKey(name, { rotation })
      : generatedSecret(name, { length: SECRET_LENGTHS[secret] ?? 32, rotation });
  }

  /** The token of a secret. */
  token(secret: HarborSecret): string {
    return secretToken(this.value(secret));
  }

  /** The password file of the registry. */
  passwordFile(): string {
    return `${REGISTRY_USER}:${secretToken(bcryptOf(this.value('registryCredential')))}`;
  }
}

/** What is wrong with the secrets and rotations of the props. */
export function secretProblems({ secrets = {}, rotations = {} }: HarborProps): string[] {
  const given = Object.entries(secrets).flatMap(([name, value]) => {
    const length = isSecret(name) ? SECRET_LENGTHS[name] : undefined;
    if (value.from === 'generated' && length !== undefined && value.length !== length) {
      return [
        `'secrets.${name}' must be ${length} characters, which Harbor demands, got ${value.length}; give generatedSecret the length ${length}`,
      ];
    }
    if ((name === 'tokenKey') !== (value.from === 'rsa-key') && value.from !== 'config') {
      return [
        name === 'tokenKey'
          ? `'secrets.tokenKey' must be a private RSA key, got a secret from '${value.from}'; use generatedKey`
          : `'secrets.${name}' must be text, got a secret from '${value.from}'; use generatedSecret`,
      ];
    }
    if (name === 'registryCredential' && value.from === 'config') {
      return [
        `'secrets.registryCredential' must be generated, got a secret from 'config': the registry is given its hash; leave it out`,
      ];
    }
    return [];
  });
  const rotated = Object.entries(rotations).flatMap(([name, rotation]) => {
    if (!isRotatable(name)) {
      return [
        `'rotations.${name}' cannot be rotated by a deployment, as other systems remember the value; docs/how-to/harbor.md says how it is done by hand`,
      ];
    }
    if (Object.hasOwn(secrets, name)) {
      return [
        `'rotations.${name}' must be left out, as 'secrets.${name}' is given; raise the rotation there`,
      ];
    }
    return Number.isInteger(rotation) && rotation >= 0
      ? []
      : [`'rotations.${name}' must be a whole number from 0, got ${rotation}`];
  });
  return [...given, ...rotated];
}

const ROTATABLE: Readonly<Record<RotatableSecret, true>> = {
  core: true,
  jobservice: true,
  registryHttp: true,
  registryCredential: true,
  csrf: true,
  tokenKey: true,
  redis: true,
};

function isRotatable(name: string): name is RotatableSecret {
  return Object.hasOwn(ROTATABLE, name);
}

function isSecret(name: string): name is HarborSecret {
  return isRotatable(name) || NEVER_ROTATED.some((other) => other === name);
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
