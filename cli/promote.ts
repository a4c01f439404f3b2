import { promotionOf, type Promotion } from '../review/promotion';
import { pathText, SIGNS, short, visible } from '../review/report/words';
import { changesAgainst } from './against-base';
import type { VerbContext } from './run-verb';

interface PromoteOptions {
  readonly from: string;
  readonly to: string;
  readonly base: string;
  readonly json?: boolean;
}

/**
 * `beamline promote`: what the commits since `base`, which the second environment was deployed from, do there, and whether the first has already seen
 * it. Deploys nothing. Exit code 0 if everything was tried, 2 if not.
 */
export async function promote(
  { from, to, base, json }: PromoteOptions,
  context: VerbContext,
): Promise<number> {
  if (from === to)
    throw new Error(`'${from}' cannot be promoted to itself; --from and --to must differ`);
  const promotion = promotionOf(
    await changesAgainst(from, base, context),
    await changesAgainst(to, base, context),
  );
  const untried = promotion.changes.filter(({ tried }) => tried !== 'tried');
  process.stdout.write(
    json === true
      ? `${JSON.stringify(
          {
            ...{ from, to, base },
            changes: promotion.changes.map(
              ({ change: { id, operation, severity, risks }, tried }) => ({
                ...{ id, operation, severity, risks, tried },
              }),
            ),
            left: promotion.left,
          },
          null,
          2,
        )}\n`
      : `${text(from, to, promotion)}\n`,
  );
  return untried.length === 0 ? 0 : 2;
}

function text(from: string, to: string, { changes, left }: Promotion): string {
  const words = {
    tried: `as in ${from}`,
    partly: `changes in ${from}, too, but to something else`,
    untried: `not in ${from}`,
  };
  const lines = changes.flatMap(({ change, tried }) => [
    `${SIGNS[change.operation]} ${visible(change.id)}  ${change.severity}, ${words[tried]}`,
    ...(change.severity === 'low' ? [] : [`    ! ${visible(change.risks[0]?.why ?? '')}`]),
    ...(tried === 'tried'
      ? []
      : change.fields
          .slice(0, 10)
          .map(
            ({ path, before, after }) =>
              `    ${visible(pathText({ path }))}: ${short(before)} → ${short(after)}`,
          )),
  ]);
  const untried = changes.filter(({ tried }) => tried !== 'tried').length;
  return [
    ...lines,
    ...(left.length === 0 ? [] : ['', `only in ${from}: ${left.map(visible).join(', ')}`]),
    '',
    `${from} to ${to}: ${changes.length} changes, ${untried} of them not as in ${from}`,
  ].join('\n');
}
