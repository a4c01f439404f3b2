import type { MigrationContext, MigrationRequest } from './context';
import { arrivalProblems } from './arrival';
import { classProblems, modeProblem } from './classes';
import { nameOf } from './cluster';
import { groupsOf, type Group } from './groups';
import { inventory, readClasses, type ClaimFacts } from './inventory';
import { phaseOf } from './record';
import { readRecords } from './records';
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
  const { destination } = context;
  const cluster = destination?.cluster ?? context.cluster;
  const classes = await readClasses(cluster);
  const gone = await gonePlaces(context, request);
  const claims = (await inventory(context, request)).filter(
    ({ namespace, name }) => !gone.has(`${namespace}/${name}`),
  );
  const wrong = classProblems(request, {
    before: (destination === undefined ? classes : await readClasses(context.cluster)).map(nameOf),
    after: classes.map(nameOf),
    claims: claims.length + begun.size,
    apart: destination !== undefined,
  });
  if (wrong.length > 0) return { groups: [], problems: wrong };
  const groups = groupsOf(claims, request.rate * 1e6);
  const target = classes.find((one) => nameOf(one) === request.to);
  const arrivals = new Map<ClaimFacts, readonly string[]>();
  if (destination !== undefined)
    for (const claim of claims) {
      const arriving = { ...claim, claim: claim.name, to: request.to, manifest: claim.live };
      arrivals.set(claim, await arrivalProblems(destination, arriving, claim.size));
    }
  const ofClaims = claims.flatMap((claim) => {
    const mode = modeProblem(claim.accessModes, request.to, target);
    const arriving = arrivals.get(claim) ?? [];
    return [...claim.problems, ...(mode === undefined ? [] : [mode]), ...arriving].map(
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

/** The claims that were moved to another cluster, as `<namespace>/<name>`: they keep their class here. */
async function gonePlaces(
  { cluster }: MigrationContext,
  { namespaces }: MigrationRequest,
): Promise<ReadonlySet<string>> {
  const records = await readRecords(cluster, { namespaces, from: undefined, to: undefined });
  const gone = records.filter(
    ({ record }) => record.across !== undefined && ['moved', 'released'].includes(phaseOf(record)),
  );
  return new Set(gone.map(({ record }) => `${record.namespace}/${record.claim}`));
}
