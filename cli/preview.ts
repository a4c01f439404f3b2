import { readFileSync, writeFileSync } from 'node:fs';

import { traceSources } from '../constructs/kit/source';
import { mayHoldData } from '../plan/lifecycle';
import type { ChangeSet } from '../review/change';
import { notApproved } from '../review/report/approval';
import { FORGE_LIMITS } from '../review/report/forge-limits';
import { reportHtml } from '../review/report/html';
import { reportMarkdown } from '../review/report/markdown';
import { reportOf } from '../review/report/report';
import type { Report } from '../review/report/schema';
import { reportText } from '../review/report/text';
import { atLeast, type Severity } from '../review/risk/risk';
import { changesOfPulumi } from '../review/sources/pulumi-preview';
import { sideOfPlan } from '../review/sources/side';
import { changesAgainst } from './against-base';
import { changesAgainstState } from './against-state';
import type { PREVIEW_FORMATS } from './formats';
import type { VerbContext } from './run-verb';
import { planned } from './session';

interface PreviewOptions {
  readonly format: (typeof PREVIEW_FORMATS)[number];
  readonly refresh?: boolean;
  readonly offline?: boolean;
  readonly base?: string;
  readonly fromPulumi?: string;
  readonly failOn?: Severity;
  readonly expect?: string;
  readonly forge?: keyof typeof FORGE_LIMITS;
  readonly out?: string;
}

/** `beamline preview`: what a deployment would do, ranked by what it could destroy. */
export async function preview(
  name: string,
  options: PreviewOptions,
  context: VerbContext,
): Promise<number> {
  traceSources();
  const set = await changeSetFor(name, options, context);
  const report = reportOf(set);
  const text = await printed(report, set, options);
  if (options.out === undefined) process.stdout.write(`${text.trimEnd()}\n`);
  else writeFileSync(options.out, text);
  if (options.expect !== undefined && options.expect !== report.fingerprint) {
    throw new Error(notApproved(report.fingerprint, options.expect));
  }
  return exitCode(report, options);
}

async function changeSetFor(
  name: string,
  options: PreviewOptions,
  context: VerbContext,
): Promise<ChangeSet> {
  const given = (['base', 'fromPulumi', 'refresh'] as const).filter(
    (source) => options[source] !== undefined,
  );
  if (given.length > 1 || (options.offline === true && options.refresh === true)) {
    throw new Error(
      '--base, --from-pulumi and --refresh (which needs a cluster) each say what to compare with; give one of them',
    );
  }
  if (options.base !== undefined) return changesAgainst(name, options.base, context);
  if (options.fromPulumi !== undefined) return fromPulumi(name, options.fromPulumi, context);
  return (await changesAgainstState(name, options, context)).set;
}

async function fromPulumi(name: string, file: string, context: VerbContext): Promise<ChangeSet> {
  const { plan } = await planned(name, context);
  const text = readFileSync(file === '-' ? 0 : file, 'utf8');
  return changesOfPulumi(text, { environment: name, after: sideOfPlan(plan), hidden: new Set() });
}

function printed(report: Report, set: ChangeSet, options: PreviewOptions): Promise<string> {
  switch (options.format) {
    case 'text':
      return Promise.resolve(reportText(report));
    case 'json':
      return Promise.resolve(`${JSON.stringify(report, null, 2)}\n`);
    case 'markdown':
      return reportMarkdown(report, FORGE_LIMITS[options.forge ?? 'github']);
    case 'html':
      return reportHtml(report, set);
  }
}

/** 0 none, 2 changes, 3 changes that can lose data, 1 error; with `--fail-on`, 3 for what is as bad and 0 for the rest. */
function exitCode(report: Report, { failOn }: PreviewOptions): number {
  if (report.changes.some(({ refusal }) => refusal !== undefined)) return 1;
  if (failOn !== undefined) {
    return report.changes.some(({ severity }) => atLeast(severity, failOn)) ? 3 : 0;
  }
  if (report.changes.length === 0) return 0;
  return report.changes.some(canLoseData) ? 3 : 2;
}

function canLoseData({ operation, id, severity }: Report['changes'][number]): boolean {
  if (severity === 'critical') return true;
  return (operation === 'delete' || operation === 'replace') && mayHoldData(id);
}
