import type { EnvVar } from 'kubernetes-types/core/v1';

import type { Login, SecretRef } from '../contracts';

/** The secret that the hub shows to whoever knows the people. */
export function loginEnv(login: Login): EnvVar[] {
  switch (login.kind) {
    case 'oidc':
      return [secretEnv('LOGIN_SECRET', login.clientSecret)];
    case 'ldap':
      // Without a value it is empty. The provider leaves an empty one out of what it records, which would be a change at every deployment.
      return login.bind === undefined
        ? [{ name: 'LOGIN_SECRET' }]
        : [secretEnv('LOGIN_SECRET', login.bind.password)];
  }
}

/** A variable that comes from a Secret. */
export function secretEnv(name: string, ref: SecretRef): EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: ref.name, key: ref.key } } };
}
