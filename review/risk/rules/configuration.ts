import { at, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, called, goes, listed } from '../look';
import type { Risk, Rule } from '../risk';
import { dataOf, type Workload } from '../world';
import { exportsChanged } from './nfs-exports';

/** Secrets and ConfigMaps: who reads them, and whether it notices. */
export const configuration: Rule = (change, context) => {
  const { kind } = manifestOf(change);
  if (kind !== 'Secret' && kind !== 'ConfigMap') return [];
  if (goes(change)) return gone(change, context);
  return change.operation === 'update'
    ? [...changed(change, context), ...frozen(change), ...exportsChanged(change)]
    : [];
};

/** Workloads that use an object and are still there, with it or without. */
function remaining(change: Change, { before, after }: Context): Workload[] {
  return before
    .podsUsing(change.before?.id ?? change.id)
    .flatMap(({ object }) => after.workload(object.id) ?? []);
}

function gone(change: Change, context: Context): Risk[] {
  const { kind } = manifestOf(change);
  const users = remaining(change, context).filter(
    ({ object }) =>
      change.operation === 'replace' ||
      context.after.podsUsing(change.id).some((user) => user.object.id === object.id),
  );
  const type = textAt(change.before?.manifest, 'type') ?? 'Opaque';
  const names = users.map(({ object }) => called(object));
  if (change.operation === 'replace') {
    return [
      {
        rule: 'configuration-replaced',
        severity: users.length > 0 && kind === 'Secret' ? 'high' : 'medium',
        why: `the ${kind} is deleted and made anew: pods of ${listed(names)} that start meanwhile fail`,
        lost: 'nothing that is in the plan',
        instead: 'give the new one another name, and let the pods roll over to it',
      },
    ];
  }
  if (users.length > 0) {
    return [
      {
        rule: 'configuration-deleted',
        severity: 'high',
        why: `${listed(names)} still names it: its pods do not start any more`,
        lost: 'these pods, at their next start',
        instead: 'take it out of the pods first',
      },
    ];
  }
  if (kind === 'ConfigMap') {
    return [
      {
        rule: 'configuration-deleted',
        severity: 'low',
        why: 'nothing in the plan reads it',
        lost: 'nothing',
        instead: 'nothing',
      },
    ];
  }
  const irreplaceable =
    /tls|ssh|key/.test(type) || keysOf(change.before?.manifest).some(isKeyMaterial);
  return [
    {
      rule: 'secret-deleted',
      severity: irreplaceable ? 'high' : 'medium',
      why: `no pod of the plan reads it; the cluster's copy of ${irreplaceable ? 'this key' : 'the values'} goes`,
      lost: irreplaceable
        ? 'whatever was encrypted or signed with it, unless somebody has another copy'
        : 'the values, unless they are kept elsewhere',
      instead: 'make sure that there is another copy',
    },
  ];
}

function keysOf(manifest: Json | undefined): string[] {
  return ['data', 'stringData', 'binaryData'].flatMap((field) => {
    const values = at(manifest, field);
    return isObject(values) ? Object.keys(values) : [];
  });
}

/** Keys that data is encrypted or signed with, by their usual names. */
function isKeyMaterial(key: string): boolean {
  return /(crypt(ion)?|fernet|master|signing|secret|cookie|jwt|private|root|ca)[-_.]?(key|secret)|\.key$|^id_(rsa|ed25519)$|keyring|htpasswd/i.test(
    key,
  );
}

function changed(change: Change, context: Context): Risk[] {
  const users = remaining(change, context);
  const fields = change.fields.filter(({ path }) =>
    ['data', 'stringData', 'binaryData'].includes(path[0] ?? ''),
  );
  if (fields.length === 0) return [];
  const keys = [...new Set(fields.map(({ path }) => path[1] ?? ''))];
  const left = new Set(keysOf(change.after?.manifest));
  const lost = keys.filter((key) => !left.has(key));
  const needed = users.filter((user) => lost.some((key) => namesKey(user, change, key)));
  if (needed.length > 0) {
    return [
      {
        rule: 'configuration-key-removed',
        severity: 'high',
        why: `${listed(needed.map(({ object }) => called(object)))} asks for ${listed(lost)}: its pods do not start any more`,
        lost: 'these pods, at their next start',
        instead: 'take the key out of the pods first',
      },
    ];
  }
  return manifestOf(change).kind === 'Secret'
    ? secretChanged(change, context, { users, keys })
    : [notRolled(context, users)];
}

function secretChanged(
  change: Change,
  context: Context,
  { users, keys }: { readonly users: readonly Workload[]; readonly keys: readonly string[] },
): Risk[] {
  const encrypts = keys.filter(isKeyMaterial);
  if (encrypts.length > 0 && textAt(change.after?.manifest, 'type') !== 'kubernetes.io/tls') {
    return [
      {
        rule: 'key-changed',
        severity: 'high',
        why: `by its name, ${listed(encrypts)} encrypts or signs something: what was made with the old value can no longer be read`,
        lost: 'sessions, stored credentials or data that depend on it',
        instead: 'rotate it as the program says: usually both keys are known to it for a while',
      },
    ];
  }
  const keepers = users.filter((user) => dataOf(user).length > 0);
  const passwords = keys.filter((key) => /pass|pwd|user/i.test(key));
  if (keepers.length > 0 && passwords.length > 0) {
    return [
      {
        rule: 'password-of-stored-data',
        severity: 'high',
        why: `${listed(keepers.map(({ object }) => called(object)))} keeps data with its own copy of the password: most databases read ${listed(passwords)} only when they begin with an empty disk`,
        lost: 'access of every client that gets the new value',
        instead: 'change the password in the database first (ALTER USER ...), then here',
      },
    ];
  }
  return [notRolled(context, users)];
}

function notRolled(context: Context, users: readonly Workload[]): Risk {
  const rolled = users.every(
    ({ object }) =>
      context.changes.get(object.id)?.fields.some(({ path }) => path.includes('template')) === true,
  );
  const names = users.map(({ object }) => called(object));
  return users.length === 0 || rolled
    ? {
        rule: 'configuration-changed',
        severity: 'low',
        why:
          users.length === 0
            ? 'no pod of the plan reads it'
            : `${listed(names)} rolls over to the new values`,
        lost: 'nothing',
        instead: 'nothing',
      }
    : {
        rule: 'configuration-not-rolled-out',
        severity: 'medium',
        why: `${listed(names)} does not restart: environment variables keep the old values, files change within a minute, and programs rarely look again`,
        lost: 'the certainty that all pods run with the same values',
        instead: 'put a checksum of it into the annotations of the pod template',
      };
}

/** Whether a pod asks for one key, and does not start without it. */
function namesKey({ pod }: Workload, change: Change, key: string): boolean {
  const { name } = manifestOf(change).metadata;
  const field = manifestOf(change).kind === 'Secret' ? 'secretKeyRef' : 'configMapKeyRef';
  const volume = manifestOf(change).kind === 'Secret' ? 'secret' : 'configMap';
  const containers = [...objectsAt(pod, 'initContainers'), ...objectsAt(pod, 'containers')];
  const asked = containers.some((container) =>
    objectsAt(container, 'env').some((variable) => {
      const from = at(variable, 'valueFrom', field);
      return (
        textAt(from, 'name') === name &&
        textAt(from, 'key') === key &&
        at(from, 'optional') !== true
      );
    }),
  );
  const mounted = objectsAt(pod, 'volumes').some((entry) => {
    const source = at(entry, volume);
    const named = textAt(source, volume === 'secret' ? 'secretName' : 'name');
    return named === name && objectsAt(source, 'items').some((item) => textAt(item, 'key') === key);
  });
  const part = containers.some((container) =>
    objectsAt(container, 'volumeMounts').some((mount) => textAt(mount, 'subPath') === key),
  );
  return asked || mounted || part;
}

function frozen(change: Change): Risk[] {
  const [was, will] = beforeAndAfter(change, 'immutable');
  if (was === true || will !== true) return [];
  return [
    {
      rule: 'configuration-frozen',
      severity: 'medium',
      why: 'it cannot be changed any more, nor made changeable again: only deleted and made anew',
      lost: 'the simple way to rotate or correct it',
      instead: 'put a checksum of the values into its name first',
    },
  ];
}
