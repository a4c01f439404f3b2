import { at, isObject } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import type { Change } from '../../change';
import { listed } from '../look';
import type { Risk } from '../risk';

/** What one export says, from either kind of server: the kernel's `exports` or Ganesha's configuration. */
interface Export {
  readonly id?: string | undefined;
  readonly writable: boolean;
  readonly root: boolean;
  readonly highPorts: boolean;
}

/** Exports in a configuration file: clients hold handles made of the ID, and writing or being root there is a right. */
export function exportsChanged({ before, after }: Change): Risk[] {
  const [was, will] = [before, after].map((side) => exportsIn(at(side?.manifest, 'data')));
  if (was === undefined || will === undefined || was.size === 0) return [];
  const both = [...was].flatMap(([path, old]): [string, Export, Export][] => {
    const now = will.get(path);
    return now === undefined ? [] : [[path, old, now]];
  });
  const which = (test: (old: Export, now: Export) => boolean): string[] =>
    both.filter(([, old, now]) => test(old, now)).map(([path]) => path);
  const risk = (rule: string, paths: readonly string[], why: string, lost: string): Risk[] =>
    paths.length === 0
      ? []
      : [
          {
            rule,
            severity: 'high',
            why: `${listed(paths)} ${why}`,
            lost,
            instead: 'keep it as it is, and export under another path what must differ',
          },
        ];
  return [
    ...risk(
      'export-renumbered',
      which((old, now) => old.id !== now.id),
      'gets another export ID: handles that clients hold mean nothing, or another file, from then on',
      'every mounted client: stale handles until its pod restarts',
    ),
    ...risk(
      'export-opened',
      which((old, now) => (!old.writable && now.writable) || (!old.root && now.root)),
      'may be written, or be used as root, where it could not',
      'the protection of what is exported from its clients',
    ),
    ...risk(
      'export-closed',
      which((old, now) => old.highPorts && !now.highPorts),
      "no longer takes clients from ports above 1023, which those behind an address translation or with 'noresvport' use",
      'the mounts of these clients',
    ),
    ...risk(
      'export-removed',
      [...was.keys()].filter((path) => !will.has(path)),
      'is exported no more',
      'every client that has it mounted',
    ),
  ];
}

function exportsIn(data: Json | undefined): Map<string, Export> {
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
