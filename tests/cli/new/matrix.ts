import { choicesOf, newSite, type NewSite, type NewSiteFlags } from '../../../cli/new/answers';
import { IDENTITY, INGRESS, RUN, SCALE, STORAGE } from '../../../cli/new/questions';

/** Targets from the oldest to the newest, with what differs between them. */
const TARGETS = [
  ['okd', '3.11'],
  ['okd', '4.12'],
  ['okd', '4.21'],
  ['kubernetes', '1.25'],
  ['kubernetes', '1.34'],
] as const;

/** A site that can be made, and the answers that make it. */
export interface Combination {
  readonly flags: NewSiteFlags;
  readonly site: NewSite;
}

/** Every combination of answers that is not refused. */
function possible(): Combination[] {
  const runs = subsets(choicesOf(RUN));
  const scales = subsets(choicesOf(SCALE));
  return TARGETS.flatMap(([flavour, version]) =>
    choicesOf(STORAGE).flatMap((storage) =>
      choicesOf(INGRESS).flatMap((ingress) =>
        choicesOf(IDENTITY).flatMap((identity) =>
          runs.flatMap((run) =>
            // What is for people with notebooks and tenants is refused without: not tried for every set of the others.
            (run.includes('notebooks') && run.includes('tenants') ? scales : [[]]).flatMap(
              (scale) => {
                const flags = {
                  ...{ flavour, version, storage, ingress, identity },
                  run: run.join(','),
                  ...(scale.length === 0 ? {} : { scale: scale.join(',') }),
                };
                try {
                  return [{ flags, site: newSite('example', flags) }];
                } catch {
                  return [];
                }
              },
            ),
          ),
        ),
      ),
    ),
  );
}

/** Combinations in which every pair of answers that can meet does meet, fewest first taken greedily; and the longest of all. */
export function pairwise(): Combination[] {
  const all = possible();
  const open = new Set(all.flatMap(pairsOf));
  const chosen: Combination[] = [];
  while (open.size > 0) {
    let best = all[0];
    let most = 0;
    for (const one of all) {
      const gain = pairsOf(one).filter((pair) => open.has(pair)).length;
      if (gain > most) [best, most] = [one, gain];
    }
    if (best === undefined || most === 0) break;
    chosen.push(best);
    for (const pair of pairsOf(best)) open.delete(pair);
  }
  return chosen;
}

/** Of each storage, front door and way to know people, the site that runs the most. */
export function longest(): Combination[] {
  const most = new Map<string, { readonly length: number; readonly one: Combination }>();
  for (const one of possible()) {
    const { storage, ingress, identity, run, scale, target } = one.site;
    const length = run.length + scale.length;
    const key = [target.flavour, storage, ingress, identity].join(' ');
    if (length >= (most.get(key)?.length ?? 0)) most.set(key, { length, one });
  }
  return [...most.values()].map(({ one }) => one);
}

const known = new WeakMap<Combination, readonly string[]>();

function pairsOf(one: Combination): readonly string[] {
  const found = known.get(one);
  if (found !== undefined) return found;
  const { target, storage, ingress, identity, run, scale } = one.site;
  const answers = [
    target.name,
    `storage ${storage}`,
    `ingress ${ingress}`,
    `identity ${identity}`,
    ...choicesOf(RUN).map((item) => `${run.includes(item) ? 'with' : 'without'} ${item}`),
    ...choicesOf(SCALE).map((item) => `${scale.includes(item) ? 'with' : 'without'} ${item}`),
  ];
  const pairs = answers.flatMap((a, index) => answers.slice(index + 1).map((b) => `${a} / ${b}`));
  known.set(one, pairs);
  return pairs;
}

function subsets<T>(items: readonly T[]): T[][] {
  return items.reduce<T[][]>((sets, item) => [...sets, ...sets.map((set) => [...set, item])], [[]]);
}
