import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { objectsOf, type Plan, type PlannedObject } from '../../plan/model';
import { renderObject, yaml } from '../../plan/render';

/**
 * The goldens of a plan, by file name: one file a namespace, in apply order. What comes from an upstream file is its
 * publisher's: only its id, origin and checksum are kept, so that a change shows and no text is copied.
 */
export function goldensOf(plan: Plan): Map<string, string> {
  const files = new Map<string, string>();
  for (const object of objectsOf(plan)) {
    const file = `${object.manifest.metadata.namespace ?? '_cluster'}.yaml`;
    files.set(file, (files.get(file) ?? '') + entry(object));
  }
  return files;
}

function entry(object: PlannedObject): string {
  const { id, manifest, upstream } = object;
  if (upstream === undefined) return renderObject(object);
  const digest = createHash('sha256').update(yaml(manifest)).digest('hex');
  return `---\n# ${id} is in ${upstream.name} ${upstream.version}, sha256 ${digest}\n`;
}

/** What the goldens of an environment in a folder have that the plan has not, and the other way round. */
export function goldenProblems(folder: string, plan: Plan): string[] {
  const wanted = goldensOf(plan);
  const there = existsSync(folder) ? readdirSync(folder) : [];
  const names = [...new Set([...wanted.keys(), ...there])].sort();
  return names.flatMap((name) => {
    const file = `tests/golden/${plan.environment}/${name}`;
    const text = wanted.get(name);
    if (text === undefined) return [`${file} is left over: the plan has nothing there; ${REMEDY}`];
    if (!there.includes(name)) return [`${file} is missing; ${REMEDY}`];
    const golden = readFileSync(join(folder, name), 'utf8');
    return golden === text
      ? []
      : [`${file} is not what is planned; ${REMEDY}\n${firstDifference(golden, text)}`];
  });
}

const REMEDY = "if that is meant, run 'npm run golden' and commit what it writes";

/** The first lines in which two texts differ, with what stands above them. */
function firstDifference(golden: string, text: string): string {
  const [was, is] = [golden.split('\n'), text.split('\n')];
  const at = was.findIndex((line, number) => line !== is[number]);
  const first = at < 0 ? was.length : at;
  const above = was.slice(Math.max(0, first - 5), first).map((line) => `      ${line}`);
  const removed = was.slice(first, first + 5).map((line) => `    - ${line}`);
  const added = is.slice(first, first + 5).map((line) => `    + ${line}`);
  return [`    line ${first + 1}:`, ...above, ...removed, ...added].join('\n');
}

/** Writes the goldens of an environment anew. */
export function writeGoldens(folder: string, plan: Plan): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of goldensOf(plan)) writeFileSync(join(folder, name), text);
}
