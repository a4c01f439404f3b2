import { at } from '../../../../plan/json';
import { objectsOf, type Plan } from '../../../../plan/model';
import { exportsIn } from '../../../exports';
import { findingAbout, type CheckFinding } from '../../finding';
import { nfsMountsOf, type NfsMount } from './nfs-mounts';

/** Volumes that are mounted from a server of the same plan in a way that its exports refuse (`hep.md` 2.3). */
export function nfsPorts(plan: Plan): CheckFinding[] {
  return nfsMountsOf(plan).flatMap((mount) => refused(mount, plan));
}

function refused({ object, options, path, service }: NfsMount, plan: Plan): CheckFinding[] {
  const home = service.metadata.namespace;
  const given = objectsOf(plan)
    .filter(
      ({ manifest: { kind, metadata } }) => kind === 'ConfigMap' && metadata.namespace === home,
    )
    .flatMap(({ manifest }) => [...exportsIn(at(manifest, 'data'))])
    // The kernel's server has a root of its own, below which clients begin to name things.
    .filter(([exported]) => exported === path || (path.length > 1 && exported.endsWith(path)))
    .map(([, entry]) => entry);
  if (!options.includes('noresvport') || given.length === 0) return [];
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
