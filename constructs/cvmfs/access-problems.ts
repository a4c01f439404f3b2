import { coerce, lt } from 'semver';

import type { Target } from '../targets';
import type { CvmfsExecWay, CvmfsWay, ParrotWay } from './access-props';

/** FUSE in user namespaces: README of cvmfsexec, mode 3. */
const OLDEST_KERNEL = '4.18.0';

/** What is wrong with a way on its target, for a pod whose `hostUsers` is known. One message each. */
export function problemsIn(target: Target, way: CvmfsWay, hostUsers: boolean): string[] {
  switch (way.type) {
    case 'export':
      return [
        ...(hostUsers
          ? []
          : [
              `'hostUsers' must not be false with an NFS volume ('${way.share.claimName}'): NFS has no ID-mapped mounts, and the pod would not start; leave it out, or take the way 'cvmfsexec'`,
            ]),
        ...(way.volume === 'inline' && target.flavour === 'okd'
          ? [
              `'way.volume' must be 'claim' on '${target.name}', got 'inline': no SCC of ordinary users admits nfs volumes, and they carry no mount options`,
            ]
          : []),
      ];
    case 'csi':
      return hostUsers
        ? []
        : [
            `'hostUsers' must not be false with the CSI driver: the FUSE mounts of the node have no ID-mapped mounts; leave it out, or take the way 'cvmfsexec'`,
          ];
    case 'cvmfsexec':
      return execProblems(target, way);
    case 'parrot':
      return parrotProblems(way);
  }
}

function execProblems(target: Target, way: CvmfsExecWay): string[] {
  const kernel = coerce(way.nodeKernel);
  const known = new Set(way.repositories.repositories.map(({ name }) => name));
  return [
    ...(kernel === null
      ? [`'way.nodeKernel' must be the kernel of the nodes, '5.14', got '${way.nodeKernel}'`]
      : lt(kernel, OLDEST_KERNEL)
        ? [
            `'way.nodeKernel' must be 4.18 or later, got '${way.nodeKernel}': FUSE in user namespaces needs it; take the way 'export'`,
          ]
        : []),
    ...way.mount.flatMap((name) =>
      known.has(name)
        ? []
        : [`'way.mount' must be repositories of the catalogue, got '${name}'; add it there`],
    ),
    ...(/^\/[^\s]+$/.test(way.directory)
      ? []
      : [`'way.directory' must be an absolute directory of the image, got '${way.directory}'`]),
    ...target.problemsOf("the way 'cvmfsexec'", 'user-namespaces'),
    ...(way.fuse.by === 'crio' ? target.problemsOf("'way.fuse'", 'crio-fuse-device') : []),
  ];
}

function parrotProblems({ program, repositories }: ParrotWay): string[] {
  return [
    ...(/^\/[^\s]+$/.test(program)
      ? []
      : [`'way.program' must be the absolute path of parrot_run, got '${program}'`]),
    ...repositories.repositories.flatMap(({ name, keys }) =>
      keys.from === 'pem'
        ? []
        : [
            `'way.repositories' must have the keys of '${name}' as 'pem': Parrot is told single files, and not the directory of an image`,
          ],
    ),
  ];
}
