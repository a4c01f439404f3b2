import { objectsOf, type Plan } from '../../../plan/model';
import { validityProblems } from '../../validity/object';
import { findingAbout, type CheckFinding } from '../finding';

/** Values that fit the schema and that the API server refuses for what they mean. Publishers' files are not judged. */
export function validity(plan: Plan): CheckFinding[] {
  return objectsOf(plan)
    .filter(({ upstream }) => upstream === undefined)
    .flatMap((object) =>
      validityProblems(object.manifest).map((problem) =>
        findingAbout(object, {
          rule: 'api/refused',
          severity: 'error',
          reason: `${problem}: the API server refuses it`,
          fix: 'Correct the value; the deployment stops at this object otherwise.',
        }),
      ),
    );
}
