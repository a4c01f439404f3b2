import { isBeyondCluster } from '../../../constructs/kit/beyond-cluster';
import { APIS, type ApiVersion } from '../../../constructs/targets/apis';
import { objectsOf, type Plan, type PlannedObject } from '../../../plan/model';
import { findingAbout, type CheckFinding } from '../finding';
import type { Schemas } from '../schemas/schemas';

/** Kinds and fields that the target does not have, or will not have for long. */
export function api(plan: Plan, schemas: Schemas): CheckFinding[] {
  return objectsOf(plan).flatMap((object) => {
    const { manifest } = object;
    if (isBeyondCluster(manifest.apiVersion)) return [];
    const served = schemas.serving(manifest);
    const what = `${manifest.apiVersion} ${manifest.kind}`;
    if (served.served === 'unknown') {
      return [
        findingAbout(object, {
          rule: 'schema/unknown-kind',
          severity: 'warning',
          reason: `neither '${plan.target.name}' nor a CustomResourceDefinition of the plan describes ${what}, so nothing of it was checked`,
          fix: 'Bring the definition into the plan, or suppress this where the cluster has it.',
        }),
      ];
    }
    if (!served.served) return [notServed(plan, object, served.versions)];
    return [...deprecated(plan, object), ...invalid(object, schemas)];
  });
}

function notServed(plan: Plan, object: PlannedObject, versions: readonly string[]): CheckFinding {
  const { apiVersion, kind } = object.manifest;
  const row = rowOf(kind, apiVersion);
  const gone = row?.kubernetes.until;
  const since = row?.kubernetes.since;
  const why =
    gone !== undefined && gone <= plan.target.kubernetesMinor
      ? `; it went with Kubernetes 1.${gone}`
      : since !== undefined && since > plan.target.kubernetesMinor
        ? `; it comes with Kubernetes 1.${since}`
        : '';
  return findingAbout(object, {
    rule: 'api/not-served',
    severity: 'error',
    reason: `'${plan.target.name}' does not serve ${apiVersion} ${kind}${why}`,
    fix:
      versions.length === 0
        ? `'${plan.target.name}' has no ${kind}: leave it out, or install what brings it.`
        : `Use ${versions.join(' or ')}, or ask the target: target.apiVersion('${kind}').`,
  });
}

/** Versions that the target still serves beside a better one, with the release that drops them. */
function deprecated(plan: Plan, object: PlannedObject): CheckFinding[] {
  const { apiVersion, kind } = object.manifest;
  const row = rowOf(kind, apiVersion);
  const until = row?.kubernetes.until;
  if (row === undefined || until === undefined) return [];
  const better = rowsOf(kind).find(
    (one) =>
      one !== row &&
      one.kubernetes.since <= plan.target.kubernetesMinor &&
      one.kubernetes.until === undefined,
  );
  if (better === undefined) return [];
  return [
    findingAbout(object, {
      rule: 'api/deprecated',
      severity: 'warning',
      reason: `${apiVersion} ${kind} is dropped by Kubernetes 1.${until} (${row.source})`,
      fix: `Use ${better.apiVersion}.`,
    }),
  ];
}

function invalid(object: PlannedObject, schemas: Schemas): CheckFinding[] {
  // The API server is the judge of what a publisher's own file holds; a finding there would be nobody's to mend.
  if (object.upstream !== undefined) return [];
  return schemas.problemsOf(object.manifest).map(({ sort, text }) =>
    findingAbout(object, {
      rule: `schema/${sort}`,
      severity: 'error',
      reason: text,
      fix: `See 'kubectl explain ${object.manifest.kind.toLowerCase()} --api-version=${object.manifest.apiVersion}'.`,
    }),
  );
}

function rowsOf(kind: string): readonly ApiVersion[] {
  const table: Readonly<Record<string, readonly ApiVersion[]>> = APIS;
  return table[kind] ?? [];
}

function rowOf(kind: string, apiVersion: string): ApiVersion | undefined {
  return rowsOf(kind).find((row) => row.apiVersion === apiVersion);
}
