import type { IIngress } from '../contracts';
import { sizeProblems } from './names';
import type { RookOperator } from './rook-operator';

/** Where Ceph keeps its data. */
export type CephStorage =
  /** Devices of some nodes. */
  | {
      readonly on: 'devices';
      /** Nodes by name, with their devices: `sdb`, `/dev/disk/by-id/…`. */
      readonly nodes: readonly { readonly name: string; readonly devices: readonly string[] }[];
      /**
       * Whether the nodes encrypt the devices.
       *
       * @default false
       */
      readonly encrypted?: boolean;
    }
  /** Devices of every node that have such a name and are empty. */
  | {
      readonly on: 'matching-devices';
      /** Regular expression: `^sd[b-z]$`. */
      readonly pattern: string;
      /**
       * Whether the nodes encrypt the devices.
       *
       * @default false
       */
      readonly encrypted?: boolean;
    }
  /** Claims of another class. */
  | {
      readonly on: 'claims';
      /** Class of the monitors' own volumes. */
      readonly monitorClass: string;
      readonly sets: readonly CephClaimSet[];
    };

/** Data of Ceph on claims of another class, raw. */
export interface CephClaimSet {
  readonly name: string;
  /** Number of claims. */
  readonly count: number;
  /** Size of each in GiB. */
  readonly sizeGiB: number;
  /** A class with raw block devices. */
  readonly className: string;
  /**
   * Whether a claim can follow its daemon to another node.
   *
   * @default false
   */
  readonly portable?: boolean;
  /** @default false */
  readonly encrypted?: boolean;
}

/** A Ceph cluster that Rook runs. */
export interface CephClusterProps {
  readonly operator: RookOperator;
  readonly storage: CephStorage;

  /**
   * Number of monitors: odd, so that a majority can be had. Each on a node of its own.
   *
   * @default 3
   */
  readonly monitors?: number;

  /**
   * Directory on the nodes where the daemons keep their state. It must outlive the node's reboot, and be empty when
   * the cluster is first made.
   *
   * @default '/var/lib/rook'
   */
  readonly dataDirectory?: string;

  /**
   * Labels of the nodes that daemons run on.
   *
   * @default - any node
   */
  readonly nodes?: Readonly<Record<string, string>>;

  /**
   * Where the dashboard is seen: on networks that the ingress lists as internal. Its password is in the Secret
   * `rook-ceph-dashboard-password`.
   *
   * @default - no dashboard
   */
  readonly dashboard?: { readonly ingress: IIngress; readonly host: string };

  /**
   * Why a pod with the keys of Ceph's administrator is to run: `we debug placement groups until March`.
   *
   * @default - no such pod
   */
  readonly toolbox?: { readonly consent: string };
}

/** What is wrong with the props, one message each. */
export function cephClusterProblems(props: CephClusterProps): string[] {
  const monitors = props.monitors ?? 3;
  const { dataDirectory, toolbox } = props;
  return [
    ...(Number.isInteger(monitors) && monitors >= 1 && monitors % 2 === 1 && monitors <= 9
      ? []
      : [`'monitors' must be an odd number from 1 to 9, got '${monitors}'`]),
    ...(dataDirectory === undefined || /^\/[^\s]+$/.test(dataDirectory)
      ? []
      : [`'dataDirectory' must be an absolute path below '/', got '${dataDirectory}'`]),
    ...(toolbox !== undefined && toolbox.consent.trim() === ''
      ? [`'toolbox.consent' must say what the administrator's pod is for, got ''`]
      : []),
    ...storageProblems(props.storage),
  ];
}

function storageProblems(storage: CephStorage): string[] {
  switch (storage.on) {
    case 'devices':
      return deviceProblems(storage.nodes);
    case 'matching-devices':
      return patternProblems(storage.pattern);
    case 'claims':
      return [
        ...(storage.sets.length === 0
          ? [`'storage.sets' must list at least one set, got none`]
          : []),
        ...storage.sets.flatMap(({ name, count, sizeGiB }) => [
          ...(Number.isInteger(count) && count >= 1
            ? []
            : [`'storage.sets' '${name}': 'count' must be a whole number from 1, got '${count}'`]),
          ...sizeProblems(`storage.sets' '${name}': 'sizeGiB`, sizeGiB),
        ]),
        ...twice(storage.sets.map(({ name }) => name)).map(
          (name) => `'storage.sets' must have different names, got '${name}' twice`,
        ),
      ];
  }
}

function deviceProblems(
  nodes: readonly { readonly name: string; readonly devices: readonly string[] }[],
): string[] {
  return [
    ...(nodes.length === 0 ? [`'storage.nodes' must list at least one node, got none`] : []),
    ...nodes.flatMap(({ name, devices }) =>
      devices.length === 0 ? [`'storage.nodes' must list the devices of '${name}', got none`] : [],
    ),
    ...twice(nodes.map(({ name }) => name)).map(
      (name) => `'storage.nodes' must list each node once, got '${name}' twice`,
    ),
  ];
}

function patternProblems(pattern: string): string[] {
  try {
    new RegExp(pattern);
  } catch {
    return [`'storage.pattern' must be a regular expression, got '${pattern}'`];
  }
  return pattern.trim() === ''
    ? [
        `'storage.pattern' must say which devices are Ceph's, such as '^sd[b-z]$', got '': an empty one takes every empty disk`,
      ]
    : [];
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
