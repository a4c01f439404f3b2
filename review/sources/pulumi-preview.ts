import { z } from 'zod';

import { changesBetween } from '../../plan/difference/compare';
import { normalForm } from '../../plan/difference/normal-form';
import { isManifest } from '../../plan/json';
import type { ObjectId } from '../../plan/model';
import { groupOf } from '../../plan/object-id';
import { isObjectType } from '../../plan/object-type';
import type { ChangeSet, ReviewedObject, Side } from '../change';
import { maskedText, type Hidden } from '../mask';
import { changeSet, type Verdict } from './between';
import { withoutEngine } from './without-engine';

const resource = z
  .object({
    type: z.string().default(''),
    inputs: z.unknown().optional(),
    protect: z.boolean().default(false),
    retainOnDelete: z.boolean().default(false),
  })
  .nullish();
const digest = z.object({
  steps: z.array(
    z.object({ op: z.string(), urn: z.string(), oldState: resource, newState: resource }),
  ),
  diagnostics: z.array(z.object({ severity: z.string(), message: z.string() })).default([]),
});

/** What the engine says at the end of a preview that is complete and that a policy stopped. */
const STOPPED = /^(error: )?preview failed$/;

type Operation = Verdict['operation'] | 'same';

/** What each step of the engine comes to. A replacement is several steps of one URN. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  same: 'same',
  create: 'create',
  update: 'update',
  delete: 'delete',
  replace: 'replace',
  'create-replacement': 'replace',
  'delete-replaced': 'replace',
  import: 'create',
  'import-replacement': 'replace',
};

/**
 * The change set of `pulumi preview --json`. What the steps do not show is taken from `after`, the plan as it is.
 *
 * @throws Error when the text is not one, or was cut off.
 */
export function changesOfPulumi(
  text: string,
  { environment, after, hidden }: { environment: string; after: Side; hidden: Hidden },
): ChangeSet {
  const { steps, diagnostics } = understood(text);
  const errors = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message.trim());
  const failures = errors.filter((message) => !STOPPED.test(message));
  if (failures.length > 0)
    throw new Error(
      `the engine's preview did not come to its end, so that nothing can be said of it: ${maskedText(failures.join('\n'), hidden)}`,
    );
  const before = new Map<ObjectId, ReviewedObject>(after);
  const operations = new Map<ObjectId, Operation>();
  for (const { op, urn, oldState, newState } of steps) {
    const [, , type = '', id = ''] = urn.split('::');
    if (!isObjectType(type)) continue;
    const was = objectOf(id, oldState);
    if (was !== undefined) before.set(id, was);
    else if (op === 'create' || op === 'import') before.delete(id);
    const known = OPERATIONS[op];
    if (known === undefined)
      throw new Error(`the preview has a step '${op}', which is not known here`);
    const retained = known === 'delete' && (oldState ?? newState)?.retainOnDelete === true;
    const operation = retained ? 'retain' : known;
    if (operations.get(id) !== 'replace') operations.set(id, operation);
  }
  const verdicts = [...operations].flatMap(([id, operation]): Verdict[] => {
    if (operation === 'same') return [];
    const [was, now] = [before.get(id), after.get(id)];
    const fields =
      was === undefined || now === undefined || operation === 'delete' || operation === 'retain'
        ? []
        : changesBetween(normalForm(was.manifest), normalForm(now.manifest));
    return [{ id, operation, fields }];
  });
  const comparedWith = "the engine's preview";
  const notes = errors.length === 0 ? [] : ['a policy stopped the preview of the engine'];
  const sides = { environment, comparedWith, before, after, moved: [], notes, hidden };
  return changeSet(sides, verdicts);
}

function understood(text: string): z.infer<typeof digest> {
  const result = digest.safeParse(parsed(text));
  if (result.success) return result.data;
  const [first] = result.error.issues;
  const where = first === undefined ? '' : ` (${first.path.join('.')}: ${first.message})`;
  throw new Error(
    `this is not what pulumi preview --json prints${where}; it takes no other flag that changes the output`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(
      text.trim() === ''
        ? 'the preview is empty; pipe the output of pulumi preview --json'
        : `the preview was cut off after ${text.length} characters or is no JSON; run 'pulumi preview --json' again, and let nothing else print to its standard output`,
    );
  }
}

function objectOf(id: ObjectId, state: z.infer<typeof resource>): ReviewedObject | undefined {
  const inputs = state?.inputs;
  if (!isManifest(inputs)) return undefined;
  const manifest = withoutEngine(inputs);
  const { protect = false, retainOnDelete = false } = state ?? {};
  return {
    id,
    group: groupOf(manifest.apiVersion),
    manifest,
    lifecycle: { protect, retainOnDelete, replaceOnChanges: [], ignoreChanges: [] },
  };
}
