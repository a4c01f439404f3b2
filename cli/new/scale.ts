import type { Capability, Target } from '../../constructs/targets';
import type { RunChoice, ScaleChoice, StorageChoice } from './questions';

/** What decides whether work can be done beside notebooks. */
interface ScaledSite {
  readonly target: Target;
  readonly storage: StorageChoice;
  readonly run: readonly RunChoice[];
  readonly scale: readonly ScaleChoice[];
}

/** What keeps work beside notebooks from a site: one message for each of them. */
export function scaleProblems({ target, storage, run, scale }: ScaledSite): string[] {
  if (scale.length === 0) return [];
  const missing = (['notebooks', 'tenants'] as const).filter((item) => !run.includes(item));
  return [
    ...(missing.length === 0
      ? []
      : [
          `'--scale ${scale.join(',')}' is for people with notebooks, in the namespaces of tenants; add '${missing.join(',')}' to '--run'`,
        ]),
    ...scale.flatMap((choice) => {
      const problems = SCALE_NEEDS[choice].flatMap((capability) =>
        target.problemsOf(`'--scale ${choice}'`, capability),
      );
      return problems.slice(0, 1).map((problem) => `${problem}; here: leave '${choice}' out`);
    }),
    ...(scale.includes('htcondor') && storage !== 'rook' && storage !== 'existing'
      ? [
          `'--scale htcondor' keeps its queue on a disk of one node, and '--storage ${storage}' makes none here; choose 'rook', or 'existing' with a class of block devices`,
        ]
      : []),
  ];
}

/** What each needs of its target, the first of which is said when several are missing. */
const SCALE_NEEDS: Readonly<Record<ScaleChoice, readonly Capability[]>> = {
  dask: ['crd-v1', 'endpoint-slice-v1'],
  htcondor: ['run-as-group'],
  spark: ['crd-v1'],
};
