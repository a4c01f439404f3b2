import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

import { reportTo } from '../upstream/progress';
import { Bench } from './bench';
import { cvmfsParts } from './cvmfs-part';
import { fleetParts } from './fleet-part';
import { verdictsOn } from './goals';
import { notebooksPart } from './notebooks-part';
import { parseOptions } from './options';
import { planPart } from './plan-part';
import { figuresTable, verdictsTable, type Results } from './results';
import { reviewPart } from './review-part';
import { startPart } from './start-part';
import { CHECKOUT, Workspace } from './workspace';

/** `npm run bench`. Always ends with exit code 0: a slow machine is no reason to stop anybody. */
async function main(): Promise<void> {
  const options = parseOptions(process.argv);
  const report = reportTo();
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  process.once('SIGTERM', () => abort.abort());
  const results: Results = {
    date: new Date().toISOString(),
    machine: {
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    },
    objects: options.objects,
    figures: [],
    problems: [],
  };
  const workspace = new Workspace(report);
  const bench = new Bench(workspace, results, report, abort.signal);
  try {
    if (options.only.includes('plan')) await planPart(bench);
    if (options.only.includes('review') && !abort.signal.aborted) await reviewPart(bench);
    if (options.only.some((part) => ['preview', 'up', 'memory'].includes(part)))
      await fleetParts(bench, options);
    if (options.only.includes('start') && !abort.signal.aborted) await startPart(bench);
    if (options.only.some((part) => ['cvmfs', 'cvmfs-speed'].includes(part)))
      await cvmfsParts(bench, options);
    if (options.only.includes('notebooks') && !abort.signal.aborted)
      await notebooksPart(bench, options);
  } catch (error) {
    bench.problem(error instanceof Error ? error.message : String(error));
  } finally {
    await workspace.clear();
  }
  const verdicts = verdictsOn(results);
  const failed = verdicts.filter(({ holds }) => holds === false).length;
  process.stdout.write(`${figuresTable(results)}\n${verdictsTable(verdicts)}\n`);
  for (const problem of results.problems) process.stdout.write(`could not measure: ${problem}\n`);
  process.stdout.write(
    `${verdicts.length - failed} goals hold or were not measured, ${failed} do not hold; written to ${write(results, verdicts)}\n`,
  );
}

function write(results: Results, verdicts: readonly object[]): string {
  const folder = join(CHECKOUT, '.beamline', 'bench');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${results.date.replaceAll(':', '')}.json`);
  writeFileSync(file, `${JSON.stringify({ ...results, verdicts }, null, 2)}\n`);
  return file;
}

void main();
