import { imageProblems, isExact, registryProblems } from '../../../constructs/kit/image-rules';

test.each([
  ['a/b:1.2.3', true],
  ['a/b:2025-03-14', true],
  ['a/b:python-3.11.7', true],
  [`a/b@sha256:${'0'.repeat(64)}`, true],
  ['a/b:main', false],
  ['a/b:3', false],
  ['a/b:1.2-latest', false],
  ['a.example.org:5000/b', false],
])('%s is exact: %s', (image, exact) => {
  expect(isExact(image)).toBe(exact);
});

test('an image is judged by its tag and by where it comes from', () => {
  expect(imageProblems('quay.io/a/b:1.2', ['quay.io/a'])).toEqual([]);
  expect(imageProblems('quay.io/ab/c:latest', ['quay.io/a'])).toEqual([
    expect.stringContaining('must have an exact tag or a digest'),
    expect.stringContaining("must come from one of 'registries', quay.io/a"),
  ]);
});

test('registries are hosts with or without a path, and at least one', () => {
  expect(registryProblems(['quay.io/a', 'registry.example.org:5000'])).toEqual([]);
  expect(registryProblems([])).toEqual([expect.stringContaining('got none')]);
  expect(registryProblems(['https://quay.io'])).toEqual([expect.stringContaining('host names')]);
});
