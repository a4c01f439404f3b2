import fc from 'fast-check';

import {
  imagePattern,
  imageProblems,
  isExact,
  registryProblems,
} from '../../../constructs/kit/image-rules';

const DIGEST = `@sha256:${'0a'.repeat(32)}`;
const pattern = imagePattern(['quay.io/jupyter', 'registry.example.org:5000']);
/** What Node.js, which a browser is like, makes of the pattern with either of its flags. */
const taken = (image: string): boolean[] =>
  ['', 'v'].map((flags) => new RegExp(pattern, flags).test(image));

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

test.each([
  'quay.io/jupyter/x:1.0',
  'quay.io/jupyter/my-image_x:1.0-b.2',
  'quay.io/jupyter/group/x:2025-03-14',
  'quay.io/jupyter/x:1c0ffee',
  `quay.io/jupyter/x${DIGEST}`,
  `quay.io/jupyter/x:1.0${DIGEST}`,
  `quay.io/jupyter/x:latest${DIGEST}`, // the digest decides
  'registry.example.org:5000/x:1.0',
])("an image of one's own is taken: %s, also by browsers, which compile it otherwise", (image) => {
  expect(taken(image)).toEqual([true, true]);
});

test.each([
  'quay.io/jupyter/x',
  'quay.io/jupyter/x:latest',
  'quay.io/jupyter/x:LATEST',
  'quay.io/jupyter/x:3.12-nightly',
  'quay.io/jupyter/x:3',
  'quay.io/jupyter/x:lab',
  'quay.io/jupyter:1.0',
  'quay.io/jupyter-evil/x:1.0',
  'quay.io/jupyterevil/x:1.0',
  'quay.io/jupyter.evil.org/x:1.0',
  'quay.io/jupyter@evil.org/x:1.0',
  'quay.io/jupyter/../evil/x:1.0',
  'quay.io/jupyter//x:1.0',
  'quay.io/Jupyter/x:1.0',
  'quayXio/jupyter/x:1.0',
  'docker.io/quay.io/jupyter/x:1.0',
  'quay.io/jupyter/x:1.0 ',
  'quay.io/jupyter/x:1.0\n',
  ' quay.io/jupyter/x:1.0',
  'quay.io/jupyter/x:1.0\nquay.io/jupyter/y:1.0',
  'quay.io/jupyter/x@sha256:0a',
  `quay.io/jupyter/x@sha512:${'0a'.repeat(32)}`,
  `quay.io/jupyter/x${DIGEST}0`,
  'registry.example.org/x:1.0',
  'registry.example.org:50001/x:1.0',
])('and refused: %j', (image) => {
  expect(taken(image)).toEqual([false, false]);
});

test('tags are as exact for people as for profiles', () => {
  const part = fc.constantFrom(
    '1',
    '2025',
    'latest',
    'Dev',
    'lab',
    'devil',
    '.',
    '-',
    '_',
    'c0ffee1',
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const image = `quay.io/jupyter/x:${parts.join('')}`;
      expect(taken(image)).toEqual([isExact(image), isExact(image)]);
    }),
    { numRuns: 2000 },
  );
});
