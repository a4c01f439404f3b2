import { z } from 'zod';

import { at, parseJson } from '../../plan/json';
import { objectsOf, type Plan } from '../../plan/model';

const search = z.object({ base: z.string(), filter: z.string(), attribute: z.string() });
const facts = z.object({
  url: z.string(),
  bindDn: z.string().optional(),
  ca: z.string().optional(),
  users: search,
  groupSearch: search.extend({ member: z.string() }),
  adminGroups: z.array(z.string()),
});

/** How a directory is searched, as the plan has it. */
export type DirectoryFacts = z.infer<typeof facts>;

/** The annotation that holds it: `constructs/identity/directory-facts.ts`. */
const ANNOTATION = 'beamline/directory';

/** Every directory that a plan names, each once. */
export function directoriesIn(plan: Plan): DirectoryFacts[] {
  const texts = objectsOf(plan).flatMap(({ manifest }) => {
    const text = at(manifest, 'metadata', 'annotations', ANNOTATION);
    return typeof text === 'string' ? [text] : [];
  });
  return [...new Set(texts)].map((text) => facts.parse(parseJson(text)));
}
