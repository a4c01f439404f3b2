import { collisionProblems, exportIdsOf } from '../../../constructs/cvmfs/fsid';

test('the numbers of a repository never change', () => {
  expect(exportIdsOf('atlas.cern.ch')).toEqual({ fsid: 1954343144, exportId: 14254 });
});

test('numbers are in range for ten thousand names, and fsids differ', () => {
  const all = Array.from({ length: 10_000 }, (_, n) => exportIdsOf(`r${n}.example.org`));
  expect(all.every(({ fsid }) => fsid > 0 && fsid < 2 ** 31)).toBe(true);
  expect(all.every(({ exportId }) => exportId > 0 && exportId < 2 ** 16)).toBe(true);
  expect(new Set(all.map(({ fsid }) => fsid)).size).toBeGreaterThan(9_990);
});

/** Two names with the same number, found by trying. */
function twins(number: 'fsid' | 'exportId'): readonly [string, string] {
  const seen = new Map<number, string>();
  for (let n = 0; ; n += 1) {
    const name = `r${n}.example.org`;
    const other = seen.get(exportIdsOf(name)[number]);
    if (other !== undefined) return [other, name];
    seen.set(exportIdsOf(name)[number], name);
  }
}

test('two names of one fsid are refused', () => {
  const [first, second] = twins('fsid');
  const { fsid } = exportIdsOf(first);
  expect(collisionProblems([{ name: first }, { name: second }], [])).toEqual([
    `'repositories' has '${second}' with fsid ${fsid}, which '${first}' has: a handle of one would open a file of ` +
      `the other; export one of the two from a catalogue and a tier of its own`,
  ]);
});

test('the fsid of a repository that was exported once is not given to another', () => {
  const [first, second] = twins('fsid');
  expect(collisionProblems([{ name: second }], [first])).toHaveLength(1);
  expect(collisionProblems([{ name: second }], [])).toEqual([]);
  expect(collisionProblems([{ name: first }], [first])).toEqual([]);
});

test('two names of one export id are refused until one is given another', () => {
  const [first, second] = twins('exportId');
  const { exportId } = exportIdsOf(first);
  expect(collisionProblems([{ name: first }, { name: second }], [])).toEqual([
    `'repositories' has '${second}' with export id ${exportId}, which '${first}' has; give the one that is not ` +
      `exported yet another 'exportId', 1 to 65535, and keep it for ever`,
  ]);
  expect(collisionProblems([{ name: first }, { name: second, exportId: 7 }], [])).toEqual([]);
});
