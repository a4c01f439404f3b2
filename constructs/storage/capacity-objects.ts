/** A rendered object, as far as it says something about storage. */
export interface StorageObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    /** @default - it is the cluster's */
    readonly namespace?: string;
    /** @default {} */
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** @default - it has none */
  readonly spec?: ClaimSpec & {
    /** @default 1 */
    readonly replicas?: number;
    /** @default [] */
    readonly volumeClaimTemplates?: readonly { readonly spec?: ClaimSpec }[];
    /** @default {} */
    readonly hard?: Readonly<Record<string, string>>;
  };
}

interface ClaimSpec {
  /** @default - the cluster's default class */
  readonly storageClassName?: string;
  /** @default - it asks for nothing */
  readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
}

/** GiB of a class that a namespace asks for or may ask for. */
export interface ClassUse {
  readonly namespace: string;
  readonly className: string;
  readonly gib: number;
}

/** What claims and the claims of StatefulSets ask for. Those on volumes that are there already are of class ''. */
export function askedFor(objects: readonly StorageObject[]): ClassUse[] {
  const byDefault = objects.find(
    ({ kind, metadata }) =>
      kind === 'StorageClass' &&
      metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true',
  )?.metadata.name;
  return objects.flatMap(({ kind, metadata, spec }) => {
    const namespace = metadata.namespace ?? '';
    const use = (claim: ClaimSpec | undefined, times: number): ClassUse[] => {
      const className = claim?.storageClassName ?? byDefault ?? '';
      const gib = times * gibOf(claim?.resources?.requests?.['storage'] ?? '0');
      return gib === 0 ? [] : [{ namespace, className, gib }];
    };
    switch (kind) {
      case 'PersistentVolumeClaim':
        return use(spec, 1);
      case 'StatefulSet':
        return (spec?.volumeClaimTemplates ?? []).flatMap((claim) =>
          use(claim.spec, spec?.replicas ?? 1),
        );
      default:
        return [];
    }
  });
}

const OF_CLASS = /^(.+)\.storageclass\.storage\.k8s\.io\/requests\.storage$/;

/** What quotas let a namespace ask for. A quota over all classes counts for each of them. */
export function grantedTo(
  objects: readonly StorageObject[],
  classNames: readonly string[],
): ClassUse[] {
  return objects
    .filter(({ kind }) => kind === 'ResourceQuota')
    .flatMap(({ metadata, spec }) =>
      Object.entries(spec?.hard ?? {}).flatMap(([resource, amount]) => {
        const namespace = metadata.namespace ?? '';
        const gib = gibOf(amount);
        const [, className] = OF_CLASS.exec(resource) ?? [];
        if (className !== undefined) return [{ namespace, className, gib }];
        return resource === 'requests.storage'
          ? classNames.map((name) => ({ namespace, className: name, gib }))
          : [];
      }),
    );
}

/** What each namespace may ask for over all classes together. */
export function grantedInAll(objects: readonly StorageObject[]): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const { kind, metadata, spec } of objects) {
    const amount = kind === 'ResourceQuota' ? spec?.hard?.['requests.storage'] : undefined;
    if (amount === undefined) continue;
    const namespace = metadata.namespace ?? '';
    all.set(namespace, Math.min(gibOf(amount), all.get(namespace) ?? Infinity));
  }
  return all;
}

const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3 * 2 ** -30,
  '': 2 ** -30,
  k: 1e3 * 2 ** -30,
  M: 1e6 * 2 ** -30,
  G: 1e9 * 2 ** -30,
  T: 1e12 * 2 ** -30,
  P: 1e15 * 2 ** -30,
  E: 1e18 * 2 ** -30,
  Ki: 2 ** -20,
  Mi: 2 ** -10,
  Gi: 1,
  Ti: 2 ** 10,
  Pi: 2 ** 20,
  Ei: 2 ** 30,
};

/** An amount of bytes as Kubernetes writes it, in GiB. Throws on what the API server would refuse, too. */
export function gibOf(text: string): number {
  const [, number = '', unit = ''] = /^([0-9.]+(?:[eE][+-]?[0-9]+)?)([A-Za-z]*)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (number === '' || factor === undefined)
    throw new Error(`'${text}' must be an amount of bytes, such as '10Gi'`);
  return Number(number) * factor;
}
