import type { IdRange, Scc } from '../../../constructs/targets/sccs/scc';

export const UID_RANGE = 'openshift.io/sa.scc.uid-range';
export const MCS = 'openshift.io/sa.scc.mcs';
export const GROUPS = 'openshift.io/sa.scc.supplemental-groups';

/** Annotations of a namespace. */
export type Annotations = Readonly<Record<string, string>>;

/** The annotations that every pod's namespace must have, and that this one lacks. */
export function missingAllocations(annotations: Annotations): string[] {
  return [UID_RANGE, MCS].filter((name) => annotations[name] === undefined);
}

/**
 * An SCC as it is in a namespace: what it leaves open is what the namespace was allotted. Throws an Error saying what the namespace lacks or the
 * SCC misspells.
 */
export function inNamespace(scc: Scc, annotations: Annotations): Scc {
  return {
    ...scc,
    runAsUser: userIn(scc, annotations),
    seLinuxContext: seLinuxIn(scc, annotations),
    fsGroup: groupsIn(scc.fsGroup, () => {
      const [first] = groupBlocks(annotations);
      return first === undefined ? [] : [{ min: first.min, max: first.min }];
    }),
    supplementalGroups: groupsIn(scc.supplementalGroups, () => groupBlocks(annotations)),
  };
}

function userIn({ runAsUser }: Scc, annotations: Annotations): Scc['runAsUser'] {
  if (runAsUser.type === 'MustRunAs' && runAsUser.uid === undefined) {
    throw new Error('MustRunAs requires a UID');
  }
  if (runAsUser.type !== 'MustRunAsRange') return runAsUser;
  const { uidRangeMin, uidRangeMax } = runAsUser;
  if (uidRangeMin === undefined && uidRangeMax === undefined) {
    const { min, max } = block(allotted(annotations, UID_RANGE));
    return { ...runAsUser, uidRangeMin: min, uidRangeMax: max };
  }
  if (uidRangeMin === undefined) throw new Error('MustRunAsRange requires a UIDRangeMin');
  if (uidRangeMax === undefined) throw new Error('MustRunAsRange requires a UIDRangeMax');
  return runAsUser;
}

function seLinuxIn({ seLinuxContext }: Scc, annotations: Annotations): Scc['seLinuxContext'] {
  const { type, seLinuxOptions } = seLinuxContext;
  if (type !== 'MustRunAs' || (seLinuxOptions?.level ?? '') !== '') return seLinuxContext;
  return { type, seLinuxOptions: { ...seLinuxOptions, level: allotted(annotations, MCS) } };
}

function groupsIn(strategy: Scc['fsGroup'], blocks: () => readonly IdRange[]): Scc['fsGroup'] {
  if (strategy.type !== 'MustRunAs' || (strategy.ranges ?? []).length > 0) return strategy;
  return { ...strategy, ranges: blocks() };
}

function groupBlocks(annotations: Annotations): IdRange[] {
  const text = annotations[GROUPS] ?? annotations[UID_RANGE];
  if (text === undefined) throw new Error('unable to find supplemental group or uid annotation');
  if (text === '') {
    throw new Error(`unable to find groups using ${GROUPS} and ${UID_RANGE} annotations`);
  }
  return text.split(',').map(block);
}

function allotted(annotations: Annotations, name: string): string {
  const text = annotations[name];
  if (text === undefined) throw new Error(`unable to find annotation ${name}`);
  if (text === '') throw new Error(`found annotation ${name} but it was empty`);
  return text;
}

/** `start/length` or `start-end`; ids are of 32 bits. */
function block(text: string): IdRange {
  const slash = text.includes('/');
  const found = /^[\s]*(\d+)([/-])(\d+)/.exec(text);
  const [, start, separator, second] = found ?? [];
  if (start === undefined || second === undefined || separator !== (slash ? '/' : '-')) {
    throw new Error(
      `'${text}' is no block of ids: it must be '<start>/<length>' or '<start>-<end>'`,
    );
  }
  const [min, other] = [Number(start), Number(second)];
  const max = slash ? (min + other - 1) % 2 ** 32 : other;
  if (min >= 2 ** 32 || other >= 2 ** 32) throw new Error(`'${text}' is beyond ids of 32 bits`);
  return { min, max };
}
