import fc from 'fast-check';

import { order, type Edge, type Ordered } from '../../plan/order';

const alike = (): number => 0;
const hard = (from: string, to: string): Edge => ({ from, to, soft: false });
const soft = (from: string, to: string): Edge => ({ from, to, soft: true });
const name = (number: number): string => `n${String(number).padStart(2, '0')}`;

/** Ids with edges that lead only to lower ids, so that no circle can be; and the same in another order. */
const acyclic = fc
  .integer({ min: 1, max: 30 })
  .chain((count) =>
    fc.record({
      ids: fc.constant(Array.from({ length: count }, (_, number) => name(number))),
      pairs: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.boolean()), {
        maxLength: 80,
      }),
    }),
  )
  .chain(({ ids, pairs }) => {
    const edges = pairs
      .filter(([a, b]) => a !== b)
      .map(([a, b, isSoft]): Edge => ({
        from: name(Math.max(a, b)),
        to: name(Math.min(a, b)),
        soft: isSoft,
      }));
    return fc.record({
      ids: fc.constant(ids),
      edges: fc.constant(edges),
      shuffledIds: fc.shuffledSubarray(ids, { minLength: ids.length }),
      shuffledEdges: fc.shuffledSubarray(edges, { minLength: edges.length }),
    });
  });

/** Any edges at all: circles are likely. */
const any = fc.integer({ min: 2, max: 12 }).chain((count) =>
  fc.record({
    ids: fc.constant(Array.from({ length: count }, (_, number) => name(number))),
    edges: fc.array(
      fc.record({
        from: fc.nat(count - 1).map(name),
        to: fc.nat(count - 1).map(name),
        soft: fc.boolean(),
      }),
      { maxLength: 40 },
    ),
  }),
);

/** Everything that can be reached from an id. */
function reachable(edges: readonly { from: string; to: string }[], start: string): Set<string> {
  const found = new Set<string>();
  const next = [start];
  for (let here = next.pop(); here !== undefined; here = next.pop()) {
    for (const { from, to } of edges) {
      if (from !== here || found.has(to)) continue;
      found.add(to);
      next.push(to);
    }
  }
  return found;
}

function edgesOf(ordered: readonly Ordered[]): { from: string; to: string }[] {
  return ordered.flatMap(({ id, dependsOn }) => dependsOn.map((to) => ({ from: id, to })));
}

function attempt(ids: readonly string[], edges: readonly Edge[]): Ordered[] | string {
  try {
    return order(ids, edges, alike);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('each id stands behind everything that it waits for', () => {
  fc.assert(
    fc.property(acyclic, ({ ids, edges }) => {
      const sequence = order(ids, edges, alike).map(({ id }) => id);
      expect([...sequence].sort()).toEqual(ids);
      for (const { from, to } of edges)
        expect(sequence.indexOf(to)).toBeLessThan(sequence.indexOf(from));
    }),
  );
});

test('the order in which things are told does not matter', () => {
  fc.assert(
    fc.property(acyclic, ({ ids, edges, shuffledIds, shuffledEdges }) => {
      expect(order(shuffledIds, shuffledEdges, alike)).toEqual(order(ids, edges, alike));
    }),
  );
});

test('no edge is left that a longer way implies, and everything is still reached', () => {
  fc.assert(
    fc.property(acyclic, ({ ids, edges }) => {
      const reduced = edgesOf(order(ids, edges, alike));
      for (const id of ids) expect(reachable(reduced, id)).toEqual(reachable(edges, id));
      for (const { from, to } of reduced) {
        const others = reduced.filter((edge) => edge.from !== from || edge.to !== to);
        expect(reachable(others, from).has(to)).toBe(false);
      }
    }),
  );
});

test('a circle of hard edges is refused, and only that, naming a way that is really there', () => {
  fc.assert(
    fc.property(any, ({ ids, edges }) => {
      const firm = edges.filter((edge) => !edge.soft && edge.from !== edge.to);
      const circular = ids.some((id) => reachable(firm, id).has(id));
      const result = attempt(ids, edges);
      if (!circular) {
        expect(typeof result).not.toBe('string');
        return;
      }
      const lines = (typeof result === 'string' ? result : '').split('\n');
      expect(lines[0]).toBe('these wait for each other in a circle:');
      expect(lines.length).toBeGreaterThan(1);
      for (const line of lines.slice(1)) {
        const way = line.replace('  - ', '').split(' -> ');
        expect(way.at(-1)).toBe(way[0]);
        expect(way.length).toBeGreaterThan(2);
        way.slice(1).forEach((to, at) => {
          expect(firm).toContainEqual(hard(way[at] ?? '', to));
        });
      }
    }),
    { numRuns: 300 },
  );
});

test('every hard edge holds, and every soft one that is in no circle', () => {
  fc.assert(
    fc.property(any, ({ ids, edges }) => {
      const result = attempt(ids, edges);
      if (typeof result === 'string') return;
      const kept = edgesOf(result);
      for (const { from, to, soft: isSoft } of edges) {
        if (from === to) continue;
        const inCircle = reachable(edges, to).has(from);
        if (!isSoft || !inCircle) expect(reachable(kept, from).has(to)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('a soft edge gives way where it would close a circle', () => {
  expect(order(['a', 'b'], [hard('a', 'b'), soft('b', 'a')], alike)).toEqual([
    { id: 'b', dependsOn: [] },
    { id: 'a', dependsOn: ['b'] },
  ]);
});

test('an edge that is both soft and hard is hard', () => {
  const edges = [soft('a', 'b'), hard('a', 'b'), soft('b', 'a')];
  expect(order(['a', 'b'], edges, alike).map(({ id }) => id)).toEqual(['b', 'a']);
});

test('an edge to itself or to something unknown is no edge', () => {
  const edges = [hard('a', 'a'), hard('a', 'nobody'), hard('nobody', 'a')];
  expect(order(['a'], edges, alike)).toEqual([{ id: 'a', dependsOn: [] }]);
});

test('rejects two circles, naming a way around each', () => {
  const edges = [hard('a', 'b'), hard('b', 'a'), hard('c', 'd'), hard('d', 'e'), hard('e', 'c')];
  expect(() => order(['a', 'b', 'c', 'd', 'e'], edges, alike)).toThrow(
    new Error('these wait for each other in a circle:\n  - a -> b -> a\n  - c -> d -> e -> c'),
  );
});
