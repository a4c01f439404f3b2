import { mayHoldData } from '../plan/lifecycle';
import type { Json } from '../plan/model';
import { compare, isOfAnotherCluster } from '../deploy/deployment';
import { countsOf, tried, withLive, type TriedChange } from '../deploy/preview';
import { changesText, isSecret } from './print-changes';
import type { VerbContext } from './run-verb';
import { prepared } from './session';

export const PREVIEW_FORMATS = ['text', 'json'] as const;

interface PreviewOptions {
  readonly format: (typeof PREVIEW_FORMATS)[number];
  readonly refresh?: boolean;
  readonly offline?: boolean;
}

/** `beamline preview`: compares the plan with the recorded state and asks the cluster only about what differs. */
export async function preview(
  name: string,
  options: PreviewOptions,
  context: VerbContext,
): Promise<number> {
  const { environment, plan, engine, cluster } = await prepared(
    name,
    options.offline === true,
    context,
  );
  try {
    const comparison = await compare(environment, plan, engine);
    const foreign =
      cluster !== undefined && comparison.recorded && isOfAnotherCluster(comparison.state, cluster);
    if (foreign)
      throw new Error(
        `the state of '${name}' is that of another cluster than the one found; 'beamline up ${name}' says what to do`,
      );
    const { objects } =
      cluster !== undefined && options.refresh === true
        ? await withLive(cluster.api, plan, comparison, comparison.valueOf)
        : comparison.changes;
    const all =
      cluster === undefined ? objects : await tried(cluster.api, objects, comparison.valueOf);
    const changes: readonly TriedChange[] = all.filter(({ operation }) => operation !== 'same');
    const counts = countsOf(all);
    const text =
      options.format === 'json'
        ? JSON.stringify(
            { environment: name, counts: Object.fromEntries(counts), changes: changes.map(shown) },
            null,
            2,
          )
        : changesText(name, changes, counts);
    process.stdout.write(`${text}\n`);
    if (changes.some(({ refusal }) => refusal !== undefined)) return 1;
    return changes.length === 0 ? 0 : changes.some(canLoseData) ? 3 : 2;
  } finally {
    await cluster?.api.close();
  }
}

function canLoseData({ operation, id, planned: object, recorded }: TriedChange): boolean {
  if (operation !== 'delete' && operation !== 'replace') return false;
  return mayHoldData(id) || object?.lifecycle.protect === true || recorded?.protect === true;
}

function shown(change: TriedChange): { [field: string]: Json } {
  const mask = (secret: boolean, value: Json | undefined): Json =>
    secret && value !== undefined ? '[secret]' : (value ?? null);
  return {
    id: change.id,
    operation: change.operation,
    fields: change.fields.map((field) => {
      const secret = isSecret(change, field);
      return {
        path: field.path,
        kind: field.kind,
        before: mask(secret, field.before),
        after: mask(secret, field.after),
      };
    }),
    ...(change.refusal === undefined ? {} : { refusal: change.refusal }),
  };
}
