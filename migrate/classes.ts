import { textAt } from '../plan/json';
import type { JsonObject } from '../plan/model';

/**
 * Provisioners whose file systems only one node can mount. By the end of the name: operators put a prefix of theirs before it
 * (`rook-ceph.rbd.csi.ceph.com`). From the drivers' own tables of access modes.
 */
const ONE_NODE = [
  'rbd.csi.ceph.com',
  'kubernetes.io/rbd',
  'cinder.csi.openstack.org',
  'kubernetes.io/cinder',
  'topolvm.io',
  'topolvm.cybozu.com',
  'rancher.io/local-path',
  'kubernetes.io/no-provisioner',
  'ebs.csi.aws.com',
  'disk.csi.azure.com',
  'pd.csi.storage.gke.io',
  'kubernetes.io/vsphere-volume',
];

/** The classes that a migration has to do with. */
export interface KnownClasses {
  /** Those of the cluster that the claims are in. */
  readonly before: readonly string[];
  /** Those of the cluster that they go to. */
  readonly after: readonly string[];
  /** How many claims there are of the old one. */
  readonly claims: number;
  /** Whether these are two clusters, whose classes may have the same name. */
  readonly apart: boolean;
}

/** What is wrong with the two classes of a migration. */
export function classProblems(
  { from, to }: { readonly from: string; readonly to: string },
  { before, after, claims, apart }: KnownClasses,
): string[] {
  const listed = (known: readonly string[]): string =>
    known.length === 0
      ? 'none'
      : [...known]
          .sort()
          .map((name) => `'${name}'`)
          .join(', ');
  return [
    ...(from === to && !apart
      ? [`--from and --to are both '${from}'; name the class that the claims are to get`]
      : []),
    ...(after.includes(to)
      ? []
      : [`--to '${to}' is no class of the cluster; there are ${listed(after)}`]),
    // A class may be gone while claims of it live on.
    ...(before.includes(from) || claims > 0
      ? []
      : [
          `--from '${from}' is no class of the cluster, and no claim is of it; there are ${listed(before)}`,
        ]),
  ];
}

/** Why claims of these modes cannot be of a class; undefined when they can, as far as its provisioner tells. */
export function modeProblem(
  modes: readonly string[],
  to: string,
  target: JsonObject | undefined,
): string | undefined {
  const provisioner = textAt(target, 'provisioner') ?? '';
  const shared = modes.filter((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany');
  const oneNode = ONE_NODE.some((end) => provisioner === end || provisioner.endsWith(`.${end}`));
  if (!oneNode || shared.length === 0) return undefined;
  return (
    `it is ${shared.join(', ')}, and class '${to}' (${provisioner}) gives file systems that one node mounts; ` +
    'move it to a class of shared files such as CephFS'
  );
}
