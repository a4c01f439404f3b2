import { at } from '../../../plan/json';
import type { Manifest } from '../../../plan/model';
import { validityProblems } from '../../validity/object';
import { listed } from '../look';
import type { Rule } from '../risk';
import { matchesAll } from '../selector';

/** Objects that the API server refuses for what their values mean: the deployment stops there, half-way. */
export const refused: Rule = ({ after, operation }) => {
  if (after === undefined || operation === 'retain') return [];
  const problems = [...validityProblems(after.manifest), ...unselected(after.manifest)];
  if (problems.length === 0) return [];
  return [
    {
      rule: 'object-refused',
      severity: 'high',
      why: `${listed(problems, 2)}: the API server refuses it, and the deployment stops there`,
      lost: 'the rest of the deployment',
      instead: 'correct it before anything is deployed',
    },
  ];
};

/** `beamline check` says this by a rule of its own. */
function unselected(manifest: Manifest): string[] {
  const wanted = at(manifest, 'spec', 'selector', 'matchLabels');
  const template = at(manifest, 'spec', 'template');
  const isWorkload = wanted !== undefined && template !== undefined;
  return isWorkload && !matchesAll(wanted, at(template, 'metadata', 'labels'))
    ? ['its selector does not match the labels of its own pods']
    : [];
}
