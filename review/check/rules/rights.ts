import { objectsAt, textAt } from '../../../plan/json';
import { objectsOf, type Plan } from '../../../plan/model';
import { findingAbout, type CheckFinding } from '../finding';
import type { Workload } from '../pods';

/** Tokens without rights, and rights without a program. */
export function rights(plan: Plan, workloads: readonly Workload[]): CheckFinding[] {
  const bound = boundAccounts(plan);
  const useless = workloads.flatMap(({ object, namespace, spec }) => {
    const account = textAt(spec, 'serviceAccountName') ?? 'default';
    if (spec['automountServiceAccountToken'] === false) return [];
    if (bound.has(`${namespace}/${account}`)) return [];
    return [
      findingAbout(object, {
        rule: 'rbac/token-without-rights',
        severity: 'warning',
        reason: `its pods carry the token of ServiceAccount '${account}', which no binding of the plan gives any right`,
        fix: 'Bind a Role to the ServiceAccount, or do not mount the token (automountServiceAccountToken: false).',
      }),
    ];
  });
  return [...useless, ...tooWide(plan)];
}

/** `namespace/name` of every ServiceAccount that some binding names. */
function boundAccounts(plan: Plan): Set<string> {
  return new Set(
    objectsOf(plan).flatMap(({ manifest }) =>
      objectsAt(manifest, 'subjects')
        .filter(({ kind }) => kind === 'ServiceAccount')
        .map(
          (subject) =>
            `${textAt(subject, 'namespace') ?? manifest.metadata.namespace ?? ''}/${textAt(subject, 'name') ?? ''}`,
        ),
    ),
  );
}

/** Rules that give everything: with them, all other rules say nothing. */
function tooWide(plan: Plan): CheckFinding[] {
  return objectsOf(plan).flatMap((object) => {
    const { manifest } = object;
    if (manifest.kind !== 'Role' && manifest.kind !== 'ClusterRole') return [];
    if (object.upstream !== undefined) return [];
    return objectsAt(manifest, 'rules').flatMap((rule, place) => {
      const stars = ['apiGroups', 'resources', 'verbs'].filter((field) => {
        const list = rule[field];
        return Array.isArray(list) && list.includes('*');
      });
      if (!stars.includes('verbs') && !stars.includes('resources')) return [];
      return [
        findingAbout(object, {
          rule: 'rbac/wildcard',
          severity: manifest.kind === 'ClusterRole' ? 'error' : 'warning',
          reason: `rule ${place + 1} has '*' in ${stars.join(' and ')}`,
          fix: 'List what the program uses.',
        }),
      ];
    });
  });
}
