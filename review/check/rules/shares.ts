import { at, isList, textAt } from '../../../plan/json';
import { objectsOf, type Plan, type PlannedObject } from '../../../plan/model';
import { exportsIn } from '../../exports';
import { findingAbout, type CheckFinding } from '../finding';

/** Volumes that are mounted from a server of the same plan in a way that its exports refuse (`hep.md` 2.3). */
export function shares(plan: Plan): CheckFinding[] {
  const objects = objectsOf(plan);
  const homes = new Map(
    objects
      .filter(({ manifest }) => manifest.kind === 'Service')
      .map(({ manifest }) => [textAt(manifest, 'spec', 'clusterIP'), manifest.metadata.namespace]),
  );
  return objects.flatMap((object) => {
    const home = homes.get(textAt(object.manifest, 'spec', 'nfs', 'server') ?? '');
    return home === undefined ? [] : refusedAt(object, home, objects);
  });
}

function refusedAt(
  object: PlannedObject,
  home: string,
  objects: readonly PlannedObject[],
): CheckFinding[] {
  const options = at(object.manifest, 'spec', 'mountOptions');
  const words = isList(options)
    ? options.flatMap((option) => (typeof option === 'string' ? option.split(',') : []))
    : [];
  const path = textAt(object.manifest, 'spec', 'nfs', 'path') ?? '';
  const given = objects
    .filter(
      ({ manifest: { kind, metadata } }) => kind === 'ConfigMap' && metadata.namespace === home,
    )
    .flatMap(({ manifest }) => [...exportsIn(at(manifest, 'data'))])
    // The kernel's server has a root of its own, below which clients begin to name things.
    .filter(([exported]) => exported === path || (path.length > 1 && exported.endsWith(path)))
    .map(([, entry]) => entry);
  if (!words.includes('noresvport') || given.length === 0) return [];
  if (given.some(({ highPorts }) => highPorts)) return [];
  return [
    findingAbout(object, {
      rule: 'conflict/nfs-port-refused',
      severity: 'error',
      reason: `it is mounted with 'noresvport', from a port above 1023, and the export of '${path}' takes clients from ports below only`,
      fix: "Let the export take them ('insecure'; of Ganesha PrivilegedPort = false), or leave 'noresvport' out.",
    }),
  ];
}
