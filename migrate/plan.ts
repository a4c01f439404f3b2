import type { MigrationContext, MigrationRequest } from './context';
import { classProblems, modeProblem } from './classes';
import { nameOf } from './cluster';
import { groupsOf, type Group } from './groups';
import { inventory, readClasses, type ClaimFacts } from './inventory';
import { spaceProblems } from './space';

/** What a migration would do, and what stands in its way. Nothing was changed to find out. */
export interface MigrationPlan {
  readonly groups: readonly Group<ClaimFacts>[];
  /** One sentence for each thing that has to be put right first. */
  readonly problems: readonly string[];
}

/** Looks at classes, claims, workloads and room. */
export async function planMigration(
  context: MigrationContext,
  request: MigrationRequest,
  /** Claims whose migration was begun, as `<namespace>/<name>`: their copies have their room already. */
  begun: ReadonlySet<string> = new Set(),
): Promise<MigrationPlan> {
  const { cluster } = context;
  const classes = await readClasses(cluster);
  const claims = await inventory(context, request);
  const wrong = classProblems(request, classes.map(nameOf).sort(), claims.length + begun.size);
  if (wrong.length > 0) return { groups: [], problems: wrong };
  const groups = groupsOf(claims, request.rate * 1e6);
  const target = classes.find((one) => nameOf(one) === request.to);
  const ofClaims = claims.flatMap((claim) => {
    const mode = modeProblem(claim.accessModes, request.to, target);
    return [...claim.problems, ...(mode === undefined ? [] : [mode])].map(
      (problem) => `claim '${claim.namespace}/${claim.name}': ${problem}`,
    );
  });
  // Claims and copies stand side by side until they are released, so that there must be room for all.
  const newOnes = (namespace: string): ClaimFacts[] =>
    claims.filter(
      (claim) => claim.namespace === namespace && !begun.has(`${namespace}/${claim.name}`),
    );
  const room: string[] = [];
  for (const namespace of new Set(claims.map((claim) => claim.namespace)))
    room.push(...(await spaceProblems(cluster, namespace, request.to, newOnes(namespace))));
  return { groups, problems: [...ofClaims, ...room] };
}
