import fc from 'fast-check';

import { groupsOf, type Member } from '../../migrate/groups';

const GIB = 2 ** 30;

function claim(name: string, workloads: readonly string[], size = GIB, used?: number): Member {
  return {
    namespace: 'site',
    name,
    size,
    used,
    workloads: workloads.map((one) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: one })),
  };
}

const names = (members: readonly Member[], rate = 50e6): string[] =>
  groupsOf(members, rate).map(({ claims }) => claims.map(({ name }) => name).join(' '));

test('claims that share workloads, even over others, go together', () => {
  const members = [claim('a', ['x']), claim('b', ['x', 'y']), claim('c', ['y']), claim('d', ['z'])];
  expect(names(members).sort()).toEqual(['a b c', 'd']);
});

test('what nobody mounts goes first, then what is small', () => {
  const members = [
    claim('large', ['x'], 9 * GIB),
    claim('small', ['y']),
    claim('idle', [], 99 * GIB),
  ];
  expect(names(members)).toEqual(['idle', 'small', 'large']);
});

test('the downtime counts what is used twice, as both sides are read, and nothing where nobody mounts', () => {
  const [idle, busy] = groupsOf([claim('busy', ['x'], 10 * GIB, 50e6), claim('idle', [])], 50e6);
  expect(idle?.downtime).toBe(0);
  expect(busy?.downtime).toBe(62);
});

test('every claim is in one group, whatever mounts what, and the order is always the same', () => {
  const member = fc.tuple(
    fc.subarray(['v', 'w', 'x', 'y', 'z']),
    fc.integer({ min: 1, max: 1000 }),
  );
  fc.assert(
    fc.property(fc.array(member, { maxLength: 12 }), (all) => {
      const members = all.map(([workloads, size], at) => claim(`claim-${at}`, workloads, size));
      const found = names(members);
      expect(found.join(' ').split(' ').filter(Boolean).sort()).toEqual(
        members.map(({ name }) => name).sort(),
      );
      expect(names([...members].reverse())).toEqual(found);
    }),
  );
});
