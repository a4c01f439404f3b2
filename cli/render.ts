import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { renderObject, renderPlan } from '../plan/render';
import { splitPlan } from '../plan/split';
import { objectsOf } from '../plan/model';
import type { RENDER_FORMATS } from './formats';
import type { VerbContext } from './run-verb';
import { planned } from './session';

/** `beamline render`: the plan in apply order, as YAML or, with what the plan knows beside the manifests, as JSON. */
export async function render(
  name: string,
  {
    out,
    format,
    split,
  }: {
    readonly out?: string;
    readonly format?: (typeof RENDER_FORMATS)[number];
    readonly split?: boolean;
  },
  context: VerbContext,
): Promise<number> {
  const { plan } = await planned(name, context);
  if (split === true) {
    const folder = out ?? '.';
    mkdirSync(folder, { recursive: true });
    const { project, admin } = splitPlan(objectsOf(plan));
    for (const [part, objects] of [
      ['project', project],
      ['admin', admin],
    ] as const) {
      const file = join(folder, `${name}-${part}.yaml`);
      writeFileSync(file, objects.map(renderObject).join(''));
      process.stdout.write(`${file}: ${objects.length} objects\n`);
    }
    return 0;
  }
  if (out === undefined) {
    const text =
      format === 'json' ? `${JSON.stringify(objectsOf(plan), null, 2)}\n` : renderPlan(plan);
    process.stdout.write(text);
    return 0;
  }
  mkdirSync(out, { recursive: true });
  objectsOf(plan).forEach((object, place) => {
    const file = `${String(place + 1).padStart(4, '0')}-${object.id.replaceAll(/[/:]/g, '_')}.yaml`;
    writeFileSync(join(out, file), renderObject(object));
  });
  return 0;
}
