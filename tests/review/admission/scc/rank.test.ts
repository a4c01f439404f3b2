import fc from 'fast-check';

import { defaultSccs } from '../../../../constructs/targets/sccs/defaults';
import { behaviourOf } from '../../../../review/admission/scc/behaviour';
import { pointsOf, ranked, whyBefore } from '../../../../review/admission/scc/rank';

const now = behaviourOf(21);
const order = (minor: number): string[] =>
  ranked(defaultSccs(minor), behaviourOf(minor)).map(({ name }) => name);

/** Computed from `util/sort/byrestrictions.go` by hand, SCC by SCC. */
test.each([
  ['anyuid', 154_950],
  ['restricted-v2', 132_010],
  ['restricted-v3', 132_010],
  ['restricted', 134_800],
  ['nested-container', 135_020],
  ['nonroot-v2', 142_010],
  ['nonroot', 144_800],
  ['hostmount-anyuid', 254_950],
  ['hostmount-anyuid-v2', 284_950],
  ['hostnetwork-v2', 1_332_010],
  ['hostnetwork', 1_334_800],
  ['hostaccess', 1_434_800],
  ['privileged', 3_089_000],
])('%s has %i points', (name, points) => {
  const scc = defaultSccs(21).find((one) => one.name === name);
  expect(scc === undefined ? undefined : pointsOf(scc, now)).toBe(points);
});

test('priority goes first, then strictness, then the name', () => {
  expect(order(21)).toEqual([
    ...['anyuid', 'restricted-v2', 'restricted-v3', 'restricted', 'nested-container'],
    ...['nonroot-v2', 'nonroot', 'hostmount-anyuid', 'hostmount-anyuid-v2'],
    ...['hostnetwork-v2', 'hostnetwork', 'hostaccess', 'privileged'],
  ]);
  expect(order(0)).toEqual([
    ...['anyuid', 'restricted', 'nonroot', 'hostmount-anyuid', 'hostnetwork', 'hostaccess'],
    'privileged',
  ]);
});

test('the order is the same however the SCCs are listed', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...defaultSccs(21)], { minLength: defaultSccs(21).length }),
      (shuffled) => {
        expect(ranked(shuffled, now).map(({ name }) => name)).toEqual(order(21));
      },
    ),
  );
});

test('why one goes before another is said', () => {
  const [anyuid, v2, v3, restricted] = ranked(defaultSccs(21), now);
  if (!anyuid || !v2 || !v3 || !restricted) throw new Error('four SCCs are there');
  expect(whyBefore(anyuid, v2, now)).toBe('has priority 10 against 0');
  expect(whyBefore(v2, v3, now)).toBe('is as strict and comes first by name');
  expect(whyBefore(v2, restricted, now)).toContain('fewer capabilities');
  const privileged = ranked(defaultSccs(21), now).at(-1);
  if (!privileged) throw new Error('privileged is there');
  expect(whyBefore(v2, privileged, now)).toContain('forbids privileged containers');
});
