import fc from 'fast-check';

import { cpu, gibibytes, mebibytes } from '../../../constructs/kit/quantity';

const UNITS = new Map([
  ['Ki', 1 / 1024],
  ['Mi', 1],
  ['Gi', 1024],
  ['Ti', 1024 ** 2],
  ['Pi', 1024 ** 3],
]);

/** MiB that a quantity stands for. */
function read(quantity: string): number {
  const [, digits, unit] = /^(\d+)([KMGTP]i)?$/.exec(quantity) ?? [];
  return Number(digits) * (UNITS.get(unit ?? '') ?? 0);
}

test.each([
  [0.1, '100m'],
  [1, '1'],
  [1.5, '1500m'],
  [0, '0'],
])('%d cores are %s', (cores, text) => {
  expect(cpu(cores)).toBe(text);
});

test.each([
  [0, '0'],
  [512, '512Mi'],
  [1024, '1Gi'],
  [1536, '1536Mi'],
  [2 * 1024 ** 2, '2Ti'],
  [0.5, '512Ki'],
])('%d MiB are %s', (amount, text) => {
  expect(mebibytes(amount)).toBe(text);
});

test('a quantity stands for the amount and has the largest unit that fits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (amount) => {
      const text = mebibytes(amount);
      expect(read(text)).toBe(amount);
      expect(Number(text.slice(0, -2)) % 1024 === 0 && !text.endsWith('Pi')).toBe(false);
      expect(gibibytes(amount)).toBe(mebibytes(amount * 1024));
    }),
  );
});
