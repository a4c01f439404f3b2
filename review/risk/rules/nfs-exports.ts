import { at } from '../../../plan/json';
import type { Change } from '../../change';
import { exportsIn, type Export } from '../../exports';
import { listed } from '../look';
import type { Risk } from '../risk';

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
