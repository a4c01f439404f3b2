import { idsOf } from '../answer';
import type { PodAdmission } from './admission';
import { podAfter, EXAMPLE_ALLOTMENT, type Admission } from './admission-of';
import { UID_RANGE } from '../scc/allocations';

const HEAD = ['object', 'account', 'admitted as', 'right of', 'level', 'UID', 'fsGroup'] as const;

/** What every pod of an environment is admitted as, as lines of text, and what is wrong with it. The same bytes every time. */
export function admissionTable({ pods, findings }: Admission): string {
  const rows = [[...HEAD], ...pods.map(rowOf)];
  const widths = HEAD.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const said = findings.map(
    ({ severity, object, reason, fix }) => `${severity}: ${object ?? ''}: ${reason} ${fix}`,
  );
  return `${[...lines, ...(said.length === 0 ? [] : ['', ...said])].join('\n')}\n`;
}

function rowOf(admission: PodAdmission): string[] {
  const { object, account, verdict, level, pod } = admission;
  const after = podAfter(verdict) ?? pod;
  const { containers = [], fsGroup } = idsOf(after);
  const users = containers.map(({ runAsUser }) => idText(runAsUser));
  return [
    object.id,
    account,
    admittedAs(admission),
    verdict?.kind === 'admitted' ? verdict.subject : '-',
    level,
    [...new Set(users)].join(','),
    fsGroup === undefined ? '-' : idText(fsGroup),
  ];
}

/** The SCC, or the Pod Security policy, that a pod is let in by. */
export function admittedAs({ verdict, enforced }: PodAdmission): string {
  if (enforced.violations.length > 0 || verdict?.kind === 'refused') return 'REFUSED';
  return verdict?.kind === 'admitted' ? verdict.scc : enforced.policy;
}

const FIRST = Number(EXAMPLE_ALLOTMENT[UID_RANGE].split('/')[0]);

/** An id; those that a namespace is allotted are known only in the cluster. */
function idText(id: number | undefined): string {
  if (id === undefined) return 'image';
  return id === FIRST ? 'namespace' : String(id);
}
