import { asBadAs, ranked } from '../../../review/risk/rank';
import { atLeast, worst, type Severity } from '../../../review/risk/risk';
import { changesOfCase, type Case } from '../corpus/case';
import { DANGEROUS as FIRST_DANGEROUS } from '../corpus/dangerous';
import { HARMLESS as FIRST_HARMLESS } from '../corpus/harmless';
import { MORE_DANGEROUS } from '../corpus/more-dangerous';
import { MORE_HARMLESS } from '../corpus/more-harmless';
import { NOTICED as FIRST_NOTICED } from '../corpus/more-noticed';
import { SITE_DANGEROUS } from '../corpus/site/all';
import { SITE_HARMLESS, SITE_NOTICED } from '../corpus/site/harmless';
import { SITE_HARMLESS_NEAR } from '../corpus/site/harmless-near';

const DANGEROUS = [...FIRST_DANGEROUS, ...MORE_DANGEROUS, ...SITE_DANGEROUS];
const HARMLESS = [...FIRST_HARMLESS, ...MORE_HARMLESS, ...SITE_HARMLESS, ...SITE_HARMLESS_NEAR];
const NOTICED = [...FIRST_NOTICED, ...SITE_NOTICED];

const severityOf = (item: Case): Severity => worst(ranked(changesOfCase(item)));

test('the corpus has at least 60 dangerous and 60 harmless changes, each once', () => {
  expect(DANGEROUS.length).toBeGreaterThanOrEqual(60);
  expect(HARMLESS.length).toBeGreaterThanOrEqual(60);
  const names = [...DANGEROUS, ...HARMLESS, ...NOTICED].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test.each(DANGEROUS)('at least high: $name', (item) => {
  const changes = ranked(changesOfCase(item));
  expect(asBadAs(changes, 'high')).not.toEqual([]);
});

test('of the harmless changes, at most one in twenty ranks above medium', () => {
  const loud = HARMLESS.filter((item) => atLeast(severityOf(item), 'high'));
  expect(loud.map(({ name }) => name)).toEqual([]);
  expect(loud.length / HARMLESS.length).toBeLessThanOrEqual(0.05);
});

test('of the harmless changes, most are not even medium', () => {
  const quiet = HARMLESS.filter((item) => severityOf(item) === 'low');
  expect(quiet.length / HARMLESS.length).toBeGreaterThan(0.6);
});

test.each(NOTICED)('at most medium: $name', (item) => {
  expect(asBadAs(ranked(changesOfCase(item)), 'high')).toEqual([]);
});

test('that nothing happens is not said beside what does', () => {
  for (const item of [...DANGEROUS, ...HARMLESS])
    for (const { risks } of ranked(changesOfCase(item)))
      expect(new Set(risks.map(({ severity }) => severity === 'low')).size).toBe(1);
});

test.each([...DANGEROUS, ...HARMLESS, ...NOTICED])(
  'says why, what is lost and what to do: $name',
  (item) => {
    for (const { risks } of ranked(changesOfCase(item))) {
      expect(risks.length).toBeGreaterThan(0);
      for (const { rule, why, lost, instead } of risks) {
        expect([rule, why.length > 10, lost.length > 3, instead.length > 3]).toEqual([
          rule,
          true,
          true,
          true,
        ]);
        expect(`${why} ${lost} ${instead}`).not.toMatch(/undefined|\[object|NaN/);
      }
    }
  },
);
