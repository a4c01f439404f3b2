import type { Target } from '../targets';
import { classProblems, type ClassProps } from './class-props';
import type { Credentials } from './credentials';

/** How the bricks of a volume hold its data. */
export type GlusterVolumeType =
  /** Every file `copies` times. */
  | { readonly kind: 'replicate'; readonly copies: number }
  /** Every file in `data` pieces and `redundancy` more, as many as may be lost. */
  | { readonly kind: 'disperse'; readonly data: number; readonly redundancy: number }
  /** Every file once: a lost brick is lost data. */
  | { readonly kind: 'none' };

/**
 * Nodes of OKD 4.12 come without the GlusterFS client: why mounts work on this site all the same, for example
 * `nodes are layered with glusterfs-fuse by MachineConfig 99-gluster`.
 */
export interface GlusterClient {
  /**
   * @default - the target's nodes have the client
   */
  readonly clientOnNodes?: string;
}

/** Which heketi makes the volumes of a class, and how. */
export interface GlusterClassProps extends ClassProps, GlusterClient {
  readonly heketi: {
    /** `http://heketi.example.org:8080`. */
    readonly url: string;
    /** User that heketi's administrator gave the cluster: `admin`. */
    readonly user: string;
    /** The user's key; an existing Secret is of type `kubernetes.io/glusterfs` and holds it under `key`. */
    readonly key: Credentials;
    /**
     * Ids of the Gluster clusters that may be used, as `heketi-cli cluster list` prints them.
     *
     * @default - any that heketi manages
     */
    readonly clusters?: readonly string[];
  };

  /** @default { kind: 'replicate', copies: 3 } */
  readonly volumes?: GlusterVolumeType;

  /**
   * Groups of which every volume gets one of its own, the lowest and the highest. Pods get it as a supplemental group.
   *
   * @default { lowest: 2000, highest: 2147483647 }
   */
  readonly groups?: { readonly lowest: number; readonly highest: number };
}

const CLUSTER_ID = /^[0-9a-f]{32}$/;
const LOWEST_GROUP = 2000; // absoluteGidMin of the driver
const HIGHEST_GROUP = 2147483647;

/** Why Gluster cannot be had on a target. */
export function glusterProblems(
  target: Target,
  what: string,
  { clientOnNodes }: GlusterClient,
): string[] {
  const driver = target.problemsOf(what, 'in-tree-glusterfs');
  if (driver.length > 0) return driver;
  return clientOnNodes === undefined
    ? target
        .problemsOf(what, 'glusterfs-client')
        .map((problem) => `${problem}, and say so in 'clientOnNodes'`)
    : [];
}

/** What is wrong with the props, one message each. */
export function glusterClassProblems(target: Target, props: GlusterClassProps): string[] {
  const { heketi, groups } = props;
  const lowest = groups?.lowest ?? LOWEST_GROUP;
  const highest = groups?.highest ?? HIGHEST_GROUP;
  return [
    ...glusterProblems(target, 'a Gluster class', props),
    ...classProblems(props),
    ...(/^https?:\/\/[^\s/]+$/.test(heketi.url)
      ? []
      : [
          `'heketi.url' must be scheme, host and port, such as 'http://heketi.example.org:8080', got '${heketi.url}'`,
        ]),
    ...(heketi.user === '' ? [`'heketi.user' must be the name of a user of heketi, got ''`] : []),
    ...(heketi.clusters ?? []).flatMap((id) =>
      CLUSTER_ID.test(id)
        ? []
        : [`'heketi.clusters' must be ids of 32 hexadecimal digits, got '${id}'`],
    ),
    ...volumeTypeProblems(props.volumes),
    ...(Number.isInteger(lowest) && Number.isInteger(highest) && lowest < highest
      ? []
      : [`'groups' must be two GIDs, the lowest below the highest, got ${lowest} and ${highest}`]),
    ...(lowest >= LOWEST_GROUP && highest <= HIGHEST_GROUP
      ? []
      : [
          `'groups' must be from ${LOWEST_GROUP} to ${HIGHEST_GROUP}, the driver's own bounds, got ${lowest} and ${highest}`,
        ]),
  ];
}

function volumeTypeProblems(type: GlusterVolumeType | undefined): string[] {
  switch (type?.kind) {
    case undefined:
    case 'none':
      return [];
    case 'replicate':
      return Number.isInteger(type.copies) && type.copies >= 2
        ? []
        : [`'volumes.copies' must be a whole number from 2, got '${type.copies}'`];
    case 'disperse': {
      const { data, redundancy } = type;
      // More than half of the bricks must be left: the majority decides what the data is.
      return Number.isInteger(data) &&
        Number.isInteger(redundancy) &&
        redundancy >= 1 &&
        data > redundancy
        ? []
        : [
            `'volumes' must have more pieces of data than of redundancy, which is 1 or more, got ${data} and ${redundancy}`,
          ];
    }
  }
}
