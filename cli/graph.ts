import { writeFileSync } from 'node:fs';

import { graphOfPlan } from '../review/graph/graph-of';
import { graphSvg } from '../review/graph/svg';
import type { GRAPH_FORMATS } from './formats';
import type { VerbContext } from './run-verb';
import { planned } from './session';

/** `beamline graph`: the picture of an environment, or what is on it as JSON. */
export async function graph(
  name: string,
  { out, format }: { readonly out?: string; readonly format?: (typeof GRAPH_FORMATS)[number] },
  context: VerbContext,
): Promise<number> {
  const { plan } = await planned(name, context);
  const found = graphOfPlan(plan);
  const text = format === 'json' ? `${JSON.stringify(found, null, 2)}\n` : await graphSvg(found);
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
  return 0;
}
