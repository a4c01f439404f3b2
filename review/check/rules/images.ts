import type { ImageMirror } from '../../../constructs/kit/images';
import { unlockedImages } from '../../../plan/images';
import type { Plan } from '../../../plan/model';
import type { CheckFinding, Severity } from '../finding';

/** Images that are named by a tag alone, which whoever publishes them can move to other bytes. One finding for all of them. */
export function images(
  plan: Plan,
  mirror: ImageMirror | 'none',
  severity: Exclude<Severity, 'note'>,
): CheckFinding[] {
  const open = unlockedImages(plan, mirror).map(({ image }) => image);
  if (open.length === 0) return [];
  const named = open.slice(0, 3).join(', ');
  const more = open.length > 3 ? ` and ${open.length - 3} more` : '';
  return [
    {
      rule: 'image/unlocked',
      severity,
      object: undefined,
      path: plan.environment,
      source: [],
      reason: `${open.length} images are named by tag alone: ${named}${more}`,
      fix: `'beamline images lock ${plan.environment}' writes their digests to images.lock; 'beamline images ${plan.environment}' lists them.`,
    },
  ];
}
