/** What every class of claims has, whatever serves it. */
export interface ClassProps {
  /** Name of the StorageClass, for claims to name. */
  readonly className: string;

  /**
   * What becomes of a volume when its claim is deleted: `keep` leaves it, Released, until somebody removes it by hand.
   *
   * @default 'delete'
   */
  readonly deletedClaims?: 'delete' | 'keep';

  /**
   * Whether claims can grow.
   *
   * @default true
   */
  readonly expandable?: boolean;

  /**
   * Options that nodes mount with.
   *
   * @default []
   */
  readonly mountOptions?: readonly string[];

  /**
   * Whether claims that name no class get this one. At most one class of a cluster.
   *
   * @default false
   */
  readonly isDefault?: boolean;

  /**
   * Where volumes can be reached from, and whether they are made only once a pod says where it runs.
   *
   * @default - from everywhere, made at once
   */
  readonly topology?: ClassTopology;
}

/** Where the volumes of a class can be reached from. */
export interface ClassTopology {
  /**
   * Node labels with the values that count: `{ 'topology.kubernetes.io/zone': ['a', 'b'] }`.
   *
   * @default - every node
   */
  readonly nodes?: Readonly<Record<string, readonly string[]>>;
  /** Whether a volume is made when its claim is, or when the first pod that mounts it has a node. */
  readonly binding: 'Immediate' | 'WaitForFirstConsumer';
}

const CLASS_NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/** What is wrong with the common props, one message each. */
export function classProblems({ className, mountOptions, topology }: ClassProps): string[] {
  return [
    ...(CLASS_NAME.test(className)
      ? []
      : [`'className' must be lower-case letters, digits, '-' and '.', got '${className}'`]),
    ...(mountOptions ?? []).flatMap((option) =>
      /^[^\s,]+$/.test(option)
        ? []
        : [
            `'mountOptions' must be one option an entry, without spaces and commas, got '${option}'`,
          ],
    ),
    ...Object.entries(topology?.nodes ?? {}).flatMap(([label, values]) =>
      values.length > 0
        ? []
        : [`'topology.nodes' must list a value for '${label}', got none: no node could have it`],
    ),
  ];
}
