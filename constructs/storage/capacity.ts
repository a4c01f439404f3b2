import { ApiObject } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';

import type { IStorageClass } from '../contracts';
import { find } from '../kit/findings';
import { gibibytes } from '../kit/quantity';
import { rejectInvalid } from '../kit/validate';
import { sizeProblems } from './names';
import {
  askedFor,
  grantedInAll,
  grantedTo,
  type ClassUse,
  type StorageObject,
} from './capacity-objects';

/** What a class can hold. */
export interface ClassCapacity {
  readonly storageClass: IStorageClass;
  /** What the storage behind it holds in GiB, copies already taken off. */
  readonly availableGiB: number;
  /**
   * How many times that the tenants may be promised together. 1 promises nothing twice.
   *
   * @default 1
   */
  readonly promise?: number;
}

/** What the site's classes hold. */
export interface StorageCapacityProps {
  readonly classes: readonly ClassCapacity[];
}

/** What one namespace asks of one class, and may ask for. */
export interface CapacityRow {
  readonly namespace: string;
  readonly className: string;
  /** GiB that its claims ask for. */
  readonly requestedGiB: number;
  /** GiB that its quota lets it ask for. Undefined without a quota. */
  readonly quotaGiB: number | undefined;
}

/**
 * Who asks how much of which class, against quota and against what the site has. Claims and quotas of the whole
 * environment count, whoever makes them; promising or taking more than there is is a finding of `beamline check`.
 */
export class StorageCapacity extends Construct {
  private readonly classes: readonly ClassCapacity[];
  private judged = false;

  constructor(scope: Construct, id: string, props: StorageCapacityProps) {
    super(scope, id);
    rejectInvalid(this, [
      ...props.classes.flatMap(({ storageClass, availableGiB, promise }) => [
        ...sizeProblems(`availableGiB' of '${storageClass.className}`, availableGiB),
        ...(promise === undefined || promise >= 1
          ? []
          : [`'promise' of '${storageClass.className}' must be 1 or more, got '${promise}'`]),
      ]),
    ]);
    this.classes = props.classes;
    // Claims are made after this: they are counted when the tree is read.
    this.node.addValidation({ validate: () => this.judge() });
  }

  /** A row for each namespace and class, in the order of their names. Ask once the tree is built. */
  public rows(): CapacityRow[] {
    const objects = objectsIn(this.node.root);
    const asked = askedFor(objects).filter(({ className }) => className !== '');
    const names = this.classes.map(({ storageClass }) => storageClass.className);
    const granted = grantedTo(objects, names);
    const all = [...asked, ...granted].map(
      ({ namespace, className }) => `${namespace}\n${className}`,
    );
    return [...new Set(all)].sort().flatMap((key) => {
      const [namespace = '', className = ''] = key.split('\n');
      const mine = ({ namespace: n, className: c }: ClassUse): boolean =>
        n === namespace && c === className;
      const quota = granted.filter(mine);
      return [
        {
          namespace,
          className,
          requestedGiB: sum(asked.filter(mine)),
          quotaGiB: quota.length === 0 ? undefined : Math.min(...quota.map(({ gib }) => gib)),
        },
      ];
    });
  }

  private judge(): string[] {
    if (this.judged) return [];
    this.judged = true;
    const rows = this.rows();
    for (const row of rows) this.judgeTenant(row);
    this.judgeTenants(rows);
    for (const capacity of this.classes) this.judgeClass(capacity, rows);
    return [];
  }

  private judgeTenant({ namespace, className, requestedGiB, quotaGiB }: CapacityRow): void {
    if (quotaGiB === undefined || requestedGiB <= quotaGiB) return;
    find(this, {
      rule: 'storage/over-quota',
      severity: 'error',
      reason: `claims of '${namespace}' ask class '${className}' for ${gibibytes(requestedGiB)}, and the quota is ${gibibytes(quotaGiB)}: the last of them are refused`,
      fix: 'Raise the quota, or make the claims smaller',
    });
  }

  /** A quota over all classes counts their claims together, where each class alone would fit. */
  private judgeTenants(rows: readonly CapacityRow[]): void {
    const objects = objectsIn(this.node.root);
    const asked = askedFor(objects);
    for (const [namespace, quotaGiB] of grantedInAll(objects)) {
      const known = rows.some(
        (row) => row.namespace === namespace && row.requestedGiB > (row.quotaGiB ?? Infinity),
      );
      const mine = asked.filter((use) => use.namespace === namespace);
      if (known || sum(mine) <= quotaGiB) continue;
      find(this, {
        rule: 'storage/over-quota',
        severity: 'error',
        reason: `claims of '${namespace}' ask all classes together for ${gibibytes(sum(mine))}, and the quota is ${gibibytes(quotaGiB)}: the last of them are refused`,
        fix: 'Raise the quota, or make the claims smaller',
      });
    }
  }

  private judgeClass(
    { storageClass: { className }, availableGiB, promise }: ClassCapacity,
    rows: readonly CapacityRow[],
  ): void {
    const mine = rows.filter((row) => row.className === className);
    const requested = mine.reduce((total, row) => total + row.requestedGiB, 0);
    const promised = mine.reduce(
      (total, row) => total + Math.max(row.quotaGiB ?? 0, row.requestedGiB),
      0,
    );
    const least = availableGiB * (promise ?? 1);
    if (requested > availableGiB) {
      find(this, {
        rule: 'storage/over-committed',
        severity: 'error',
        reason: `claims ask class '${className}' for ${gibibytes(requested)}, and it has ${gibibytes(availableGiB)}: ${shares(mine, (row) => row.requestedGiB)}`,
        fix: 'Add storage, or make the claims smaller, before they fill up',
      });
    } else if (promised > least) {
      find(this, {
        rule: 'storage/over-committed',
        severity: 'warning',
        reason: `quotas promise ${gibibytes(promised)} of class '${className}', and it has ${gibibytes(availableGiB)}, of which ${promise ?? 1} times may be promised: ${shares(mine, (row) => row.quotaGiB ?? row.requestedGiB)}`,
        fix: "Lower a quota, add storage, or say with 'promise' how many times it may be promised",
      });
    }
  }
}

function shares(rows: readonly CapacityRow[], of: (row: CapacityRow) => number): string {
  return rows
    .filter((row) => of(row) > 0)
    .map((row) => `'${row.namespace}' ${gibibytes(of(row))}`)
    .join(', ');
}

function sum(uses: readonly ClassUse[]): number {
  return uses.reduce((total, { gib }) => total + gib, 0);
}

function objectsIn(root: IConstruct): StorageObject[] {
  return root.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .filter(({ kind }) =>
      ['PersistentVolumeClaim', 'StatefulSet', 'ResourceQuota', 'StorageClass'].includes(kind),
    )
    .map((object) => {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- cdk8s types a rendered object as any
      const rendered: StorageObject = object.toJson();
      return rendered;
    });
}
