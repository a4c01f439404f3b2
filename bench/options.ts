import { Command, InvalidArgumentError, Option } from 'commander';

import { FAULTS, type Fault } from '../tests/integration/cvmfs/support/faults';
import { PER_NAMESPACE } from './fleet';

export const PARTS = [
  'plan',
  'review',
  'preview',
  'up',
  'memory',
  'start',
  'cvmfs',
  'cvmfs-speed',
  'notebooks',
] as const;
export type Part = (typeof PARTS)[number];

export const TOOLS = ['kubectl', 'kapp', 'pulumi', 'beamline'] as const;
export type ToolUnderTest = (typeof TOOLS)[number];

export const DATABASES = ['sqlite', 'postgresql'] as const;
export type Database = (typeof DATABASES)[number];

/** What a run of the bench measures. */
export interface BenchOptions {
  readonly only: readonly Part[];
  readonly tools: readonly ToolUnderTest[];
  /** How many objects the fleet has. */
  readonly objects: number;
  /** Kinds of failure of the CVMFS tier. */
  readonly faults: readonly Fault[];
  /** Whether the controllers of the control planes keep to the limits of a real cluster. */
  readonly controllers: 'upstream' | 'fast';
  /** How often each kind of failure of the CVMFS tier is tried. */
  readonly trials: number;
  /** How many people come to the hub at once. */
  readonly people: number;
  /** Where the hub keeps who has which session. */
  readonly databases: readonly Database[];
  /**
   * Cores that the hub gets while a crowd is there, as on a node where everybody takes what was set aside for them.
   *
   * @default - what is free
   */
  readonly hubCores?: number;
}

/** Reads the command line. Ends the process with a word on what is allowed when it is wrong. */
export function parseOptions(argv: readonly string[]): BenchOptions {
  return new Command('npm run bench --')
    .description('measures Beamline against the tools of its field; never fails for being slow')
    .option('--only <parts>', `which parts: ${PARTS.join(',')}`, oneOf(PARTS), [...PARTS])
    .option('--tools <tools>', `which tools: ${TOOLS.join(',')}`, oneOf(TOOLS), [...TOOLS])
    .option('--objects <count>', 'size of the fleet', wholeFleets, 1000)
    .addOption(
      new Option(
        '--controllers <speed>',
        "requests a second of the control planes' controllers: Kubernetes' own 20, or 500 as in the sandbox",
      )
        .choices(['upstream', 'fast'])
        .default('upstream'),
    )
    .option('--faults <kinds>', `which failures: ${FAULTS.join(',')}`, oneOf(FAULTS), [...FAULTS])
    .option('--trials <count>', 'failures of each kind of the CVMFS tier', atLeastOne, 30)
    .option('--people <count>', 'people who come to the hub at once', atLeastOne, 500)
    .option('--databases <kinds>', `of the hub: ${DATABASES.join(',')}`, oneOf(DATABASES), [
      ...DATABASES,
    ])
    .option('--hub-cores <share>', 'cores that the hub gets for its crowd: 0.2', someCores)
    .parse(argv)
    .opts<BenchOptions>();
}

function oneOf<T extends string>(allowed: readonly T[]): (text: string) => T[] {
  return (text) =>
    text.split(',').map((word) => {
      const found = allowed.find((one) => one === word);
      if (found === undefined)
        throw new InvalidArgumentError(`'${word}' is none of ${allowed.join(', ')}`);
      return found;
    });
}

function wholeFleets(text: string): number {
  const objects = Number(text);
  if (!Number.isInteger(objects / PER_NAMESPACE) || objects <= 0)
    throw new InvalidArgumentError(`'${text}' must be a multiple of ${PER_NAMESPACE}`);
  return objects;
}

function someCores(text: string): number {
  const cores = Number(text);
  if (!(cores >= 0.05 && cores <= 1))
    throw new InvalidArgumentError(`'${text}' must be from 0.05 to 1, as the hub is one process`);
  return cores;
}

function atLeastOne(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError(`'${text}' must be a whole number from 1`);
  return count;
}
