import { isObject } from '../plan/json';
import type { Json } from '../plan/model';

/** What one export says, from either kind of server: the kernel's `exports` or Ganesha's configuration. */
export interface Export {
  /** @default - the server chooses one */
  readonly id?: string | undefined;
  readonly writable: boolean;
  readonly root: boolean;
  readonly highPorts: boolean;
}

/** The exports in the data of a ConfigMap, by path. */
export function exportsIn(data: Json | undefined): Map<string, Export> {
  const found = new Map<string, Export>();
  for (const text of isObject(data) ? Object.values(data) : []) {
    if (typeof text !== 'string') continue;
    for (const [, path = '', options = ''] of text.matchAll(/^\s*(\/\S+)\s+\S*\(([^)]*)\)/gm))
      found.set(path, kernel(options));
    for (const [, block = ''] of text.matchAll(/^\s*EXPORT\s*\{((?:[^{}]|\{[^{}]*\})*)\}/gim)) {
      const path = /^\s*(?:Pseudo|Path)\s*=\s*"?([^";]+)"?;/im.exec(block)?.[1];
      if (path !== undefined) found.set(path, ganesha(block));
    }
  }
  return found;
}

function kernel(text: string): Export {
  const options = text.split(',').map((option) => option.trim());
  return {
    id: options.find((option) => option.startsWith('fsid=')),
    writable: options.includes('rw'),
    root: options.includes('no_root_squash'),
    highPorts: options.includes('insecure'),
  };
}

function ganesha(block: string): Export {
  const value = (name: string): string | undefined =>
    new RegExp(`\\b${name}\\s*=\\s*"?([^";]+)"?;`, 'i').exec(block)?.[1]?.trim();
  return {
    id: [value('Export_Id'), value('Filesystem_id')].join('/'),
    writable: /^rw$/i.test(value('Access_Type') ?? ''),
    root: /^(no_root_squash|none)$/i.test(value('Squash') ?? ''),
    highPorts: !/^true$/i.test(value('PrivilegedPort') ?? ''),
  };
}
