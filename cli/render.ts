import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { renderObject, renderPlan } from '../plan/render';
import { objectsOf } from '../plan/model';
import type { VerbContext } from './run-verb';
import { planned } from './session';

/** `beamline render`: the plan as YAML in apply order. */
export async function render(
  name: string,
  { out }: { readonly out?: string; readonly json?: boolean },
  context: VerbContext,
): Promise<number> {
  const { plan } = await planned(name, context);
  if (out === undefined) {
    process.stdout.write(renderPlan(plan));
    return 0;
  }
  mkdirSync(out, { recursive: true });
  objectsOf(plan).forEach((object, place) => {
    const file = `${String(place + 1).padStart(4, '0')}-${object.id.replaceAll(/[/:]/g, '_')}.yaml`;
    writeFileSync(join(out, file), renderObject(object));
  });
  return 0;
}
