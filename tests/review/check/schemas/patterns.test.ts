import { patternOf } from '../../../../review/check/schemas/patterns';

test.each([
  ['^[a-z]+$', 'abc', true],
  ['^[a-z]+$', 'ABC', false],
  // Prometheus' definitions have Go's flag for either case.
  ['^(?i)(abort|warn)?$', 'Warn', true],
  ['^(?i)(abort|warn)?$', 'other', false],
  ['(?i)^json$', 'JSON', true],
  // An escape that JavaScript refuses in its Unicode mode.
  ['^[a-z\\_]+$', 'a_b', true],
  ['^[a-z\\_]+$', 'a-b', false],
  // Go's named groups are no JavaScript: nothing is said of them.
  ['(?P<name>x)', 'y', true],
])('%s judges %s: %s', (pattern, text, fits) => {
  expect(patternOf(pattern).test(text)).toBe(fits);
});
