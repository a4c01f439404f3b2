import { objectsOf, type Plan } from '../../plan/model';
import type { ReviewedObject, Side } from '../change';

/** A plan as one side of a comparison. */
export function sideOfPlan(plan: Plan): Side {
  return new Map(
    objectsOf(plan).map((object) => {
      const { id, group, manifest, lifecycle, path, dependsOn } = object;
      // The outermost call: the environment's own line.
      const source = object.source.at(-1);
      const reviewed: ReviewedObject = {
        ...{ id, group, manifest, lifecycle, path, dependsOn },
        ...(source === undefined ? {} : { source }),
      };
      return [id, reviewed];
    }),
  );
}
