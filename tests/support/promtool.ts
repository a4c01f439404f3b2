import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';
import { stringify } from 'yaml';
import { z } from 'zod';

/** The groups of rules of a PrometheusRule, as a file of Prometheus has them. */
export interface RuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
}

const rule = z.looseObject({ alert: z.string(), expr: z.string() });
const ruleFile = z.object({
  groups: z.array(z.looseObject({ name: z.string(), rules: z.array(rule) })),
});

/** What a PrometheusRule says to Prometheus. */
export function ruleFileOf(object: object): RuleFile {
  return z.object({ spec: ruleFile }).parse(object).spec;
}

/** A curve, as `promtool test rules` writes it: `0+10x30`. */
export interface Series {
  readonly series: string;
  readonly values: string;
}

/** What is there, minute by minute, and which alerts ring after how long. */
export interface RuleTest {
  readonly name: string;
  readonly series: readonly Series[];
  readonly alert: string;
  /** `30m`. */
  readonly at: string;
  /** The labels of each alert that rings; none is silence. */
  readonly rings: readonly Readonly<Record<string, string>>[];
}

/** Prometheus' own tool, on files of its own. */
export class Promtool {
  constructor(private readonly path: string) {}

  /** What it says of rules; empty where it has nothing against them. */
  async check(rules: RuleFile): Promise<string> {
    return this.in(async (folder) => {
      writeFileSync(join(folder, 'rules.yaml'), stringify(rules));
      return this.run(['check', 'rules', '--lint=all', '--lint-fatal', join(folder, 'rules.yaml')]);
    });
  }

  /** Tries an alert on curves. What is expected of annotations is what the rule says. */
  async test(rules: RuleFile, test: RuleTest): Promise<string> {
    return this.in(async (folder) => {
      writeFileSync(join(folder, 'rules.yaml'), stringify(rules));
      const said = z
        .array(
          z.looseObject({
            alert: z.string(),
            labels: z.record(z.string(), z.string()),
            annotations: z.record(z.string(), z.string()),
          }),
        )
        .parse(rules.groups.flatMap((group) => group.rules))
        .find(({ alert }) => alert === test.alert);
      if (said === undefined) throw new Error(`no rule rings '${test.alert}'`);
      const file = {
        rule_files: [join(folder, 'rules.yaml')],
        evaluation_interval: '1m',
        tests: [
          {
            interval: '1m',
            name: test.name,
            input_series: test.series,
            alert_rule_test: [
              {
                eval_time: test.at,
                alertname: test.alert,
                exp_alerts: test.rings.map((labels) => ({
                  exp_labels: { ...said.labels, ...labels },
                  exp_annotations: filled(said.annotations, labels),
                })),
              },
            ],
          },
        ],
      };
      writeFileSync(join(folder, 'test.yaml'), stringify(file));
      return this.run(['test', 'rules', join(folder, 'test.yaml')]);
    });
  }

  private async run(args: readonly string[]): Promise<string> {
    const { failed, all = '' } = await execa(this.path, args, { reject: false, all: true });
    return failed ? all : '';
  }

  private async in<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), 'beamline-promtool-'));
    try {
      return await work(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

/** Annotations with the labels of an alert in their places. */
function filled(
  annotations: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, text]) => [
      name,
      text.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? ''),
    ]),
  );
}
