import { ALL_FAULTS, CLIENT_ERRORS, PAUSE, SUDDEN, WRONG_BYTES } from './cvmfs-words';
import { DEED } from './fleet-run';
import { FAILURES, LIVENESS_LIMIT, PROBES } from './notebooks-words';
import type { Part } from './options';
import { REVIEW } from './review-part';
import { figureOf, type Results, type Verdict } from './results';

/** What Beamline is to reach, in ratios within one run wherever there is something to compare with. */
export function verdictsOn(results: Results): Verdict[] {
  const ours = (part: Part, what: string): number | undefined =>
    figureOf(results, part, what, 'beamline');
  const theirs = (part: Part, what: string, tool: string): number | undefined =>
    figureOf(results, part, what, tool);
  const plan = (size: string): number | undefined => ours('plan', `${size}, warm`);
  return [
    ratio('plan', 'cold, at least 10 times faster than cdk8s synthYaml', 10, [
      theirs('plan', '1,000 objects, cold', 'cdk8s synthYaml'),
      ours('plan', '1,000 objects, cold'),
    ]),
    ratio('plan', 'warm, at least 10 times faster than cdk8s synthYaml', 10, [
      theirs('plan', '1,000 objects, warm', 'cdk8s synthYaml'),
      plan('1,000 objects'),
    ]),
    growth('ten times the objects, at most 15 times the time', [
      plan('1,000 objects'),
      plan('10,000 objects'),
    ]),
    growth('the same in ten chained layers', [
      plan('1,000 objects in ten layers'),
      plan('10,000 objects in ten layers'),
    ]),
    below('review', 'any environment, offline, under 3 s', 3, ours('review', REVIEW.slowest)),
    below('review', '1,000 objects, offline, under 5 s', 5, ours('review', REVIEW.thousand)),
    smaller('HTML of 1,000 changes, under 2 MB', 2, ours('review', REVIEW.report)),
    below('preview', 'nothing changed, under 3 s', 3, ours('preview', DEED.nothing)),
    ratio('preview', 'nothing changed, at least 4 times faster than kubectl diff', 4, [
      theirs('preview', DEED.nothing, 'kubectl'),
      ours('preview', DEED.nothing),
    ]),
    ratio('preview', 'ten changed, faster than kubectl diff', 1, [
      theirs('preview', DEED.ten, 'kubectl'),
      ours('preview', DEED.ten),
    ]),
    ratio('up', 'everything ready, faster than kapp', 1, [
      theirs('up', DEED.first, 'kapp'),
      ours('up', DEED.first),
    ]),
    below('up', 'nothing changed, under 5 s', 5, ours('up', DEED.nothing)),
    below('up', 'ten changed, under 10 s', 10, ours('up', DEED.ten)),
    ratio('memory', 'program at most half of the bare one', 2, [
      theirs('memory', DEED.program, 'pulumi'),
      ours('memory', DEED.program),
    ]),
    below('start', 'first npm start, under 60 s', 60, ours('start', 'npm start, first')),
    below('start', 'second npm start, under 20 s', 20, ours('start', 'npm start, again')),
    ...cvmfsVerdicts(results),
    ...notebooksVerdicts(results),
  ].filter(({ part }) => results.figures.some((figure) => figure.part === part));
}

/** A failover is felt for less than three seconds by those who read, and by nobody as more than that. */
function cvmfsVerdicts(results: Results): Verdict[] {
  const milliseconds = (fault: string): number | undefined =>
    figureOf(results, 'cvmfs', PAUSE.p95, fault);
  return [
    ...SUDDEN.map((fault) => {
      const found = milliseconds(fault);
      const seconds = found === undefined ? undefined : found / 1000;
      return below('cvmfs', `${fault}: p95 of the pause under 3 s`, 3, seconds);
    }),
    ...[WRONG_BYTES, CLIENT_ERRORS].map((what) => {
      const found = figureOf(results, 'cvmfs', what, ALL_FAULTS);
      return found === undefined
        ? missing('cvmfs', `${what}: none`)
        : {
            part: 'cvmfs' as const,
            goal: `${what}: none`,
            found: String(found),
            holds: found === 0,
          };
    }),
  ];
}

/** A crowd gets what it came for, and nobody restarts the hub in the middle. */
function notebooksVerdicts({ figures }: Results): Verdict[] {
  return figures.flatMap(({ part, what, tool, value }): Verdict[] => {
    const found = String(value);
    if (what.startsWith(FAILURES))
      return [{ part, goal: `${what}, on ${tool}: none`, found, holds: value === 0 }];
    if (what !== PROBES) return [];
    const goal = `${what}, on ${tool}: fewer than ${LIVENESS_LIMIT}`;
    return [{ part, goal, found, holds: value < LIVENESS_LIMIT }];
  });
}

type Pair = readonly [number | undefined, number | undefined];

/** Theirs over ours. */
function ratio(part: Part, goal: string, least: number, [theirs, ours]: Pair): Verdict {
  if (theirs === undefined || ours === undefined) return missing(part, goal);
  const times = theirs / ours;
  return { part, goal, found: `${times.toFixed(1)} times`, holds: times >= least };
}

/** How much longer ten times as much takes. Half as much again is left to sorting and to the garbage collector. */
function growth(goal: string, [small, large]: Pair): Verdict {
  if (small === undefined || large === undefined) return missing('plan', goal);
  const times = large / small;
  return { part: 'plan', goal, found: `${times.toFixed(1)} times`, holds: times <= 15 };
}

function below(part: Part, goal: string, limit: number, seconds: number | undefined): Verdict {
  if (seconds === undefined) return missing(part, goal);
  return { part, goal, found: `${seconds.toFixed(1)} s`, holds: seconds < limit };
}

function smaller(goal: string, limit: number, megabytes: number | undefined): Verdict {
  if (megabytes === undefined) return missing('review', goal);
  return { part: 'review', goal, found: `${megabytes.toFixed(1)} MB`, holds: megabytes < limit };
}

function missing(part: Part, goal: string): Verdict {
  return { part, goal, found: '-', holds: undefined };
}
