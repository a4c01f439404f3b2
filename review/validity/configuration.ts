import { at, isObject, textAt } from '../../plan/json';
import type { Manifest } from '../../plan/model';
import { isDataKey } from './words';

/** Keys that a type of Secret must have. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};
/** The most that an object of settings may hold. */
const MOST = 2 ** 20;

/** ConfigMaps and Secrets: their keys and their size. */
export function configurationProblems(manifest: Manifest): string[] {
  const values = ['data', 'stringData', 'binaryData'].flatMap((field) => {
    const map = at(manifest, field);
    return Object.entries(isObject(map) ? map : {});
  });
  const keys = values.map(([key]) => key);
  const size = values.reduce(
    (sum, [, value]) => sum + (typeof value === 'string' ? Buffer.byteLength(value) : 0),
    0,
  );
  // What an update leaves out of stringData stays in data.
  const needed = manifest['stringData'] === undefined ? NEEDED[textAt(manifest, 'type') ?? ''] : [];
  const lacking = (needed ?? []).filter((key) => !keys.includes(key));
  return [
    ...keys.filter((key) => !isDataKey(key)).map((key) => `'${key}' cannot be a key`),
    ...lacking.map((key) => `a Secret of this type needs the key '${key}'`),
    ...(manifest.kind === 'ConfigMap' && size > MOST
      ? [`it holds ${size} bytes, and ${MOST} are the most`]
      : []),
  ];
}
