import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { CHECKOUT, filesOfCheckout, textOf } from '../support/tree';
import { undocumentedDefaults } from './defaults';

const files = filesOfCheckout();
const ROOMS =
  /^(bench|cli|constructs|deploy|environments|migrate|plan|review|sandbox|stacks|upstream)\/.*\.ts$/;

test('every optional property says what happens without it', () => {
  const described = files.filter((path) => ROOMS.test(path) && !path.startsWith('bench/'));
  expect(described.length).toBeGreaterThan(50);
  expect(described.flatMap((path) => undocumentedDefaults(path, textOf(path)))).toEqual([]);
});

test('rejects an optional property whose doc comment lacks @default', () => {
  const text = `
    export interface Props {
      /** How many. */
      readonly count?: number;
      /**
       * What it is called.
       *
       * @default 'it'
       */
      readonly name?: string;
      readonly inner: { readonly depth?: number };
    }
    interface Private { readonly secret?: string }
  `;
  expect(undocumentedDefaults('constructs/example.ts', text)).toEqual([
    "constructs/example.ts: 'count' of Props is optional and has no @default; say in its doc comment what holds without it",
    "constructs/example.ts: 'depth' of Props.inner is optional and has no @default; say in its doc comment what holds without it",
  ]);
});

test('no file is longer than 250 lines', () => {
  const long = files
    .filter((path) => ROOMS.test(path))
    .map((path) => ({ path, lines: textOf(path).trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > 250)
    .map(({ path, lines }) => `${path} has ${lines} lines; 250 are allowed, find its second idea`);
  expect(long).toEqual([]);
});

// `bench/bare` is no part of Beamline: it is the Pulumi program that Beamline is measured against.
test('only a site has an index.ts', () => {
  const barrels = files
    .filter((path) => /(^|\/)index\.[cm]?[jt]s$/.test(path))
    .filter((path) => !/^(environments\/[^/]+|bench\/bare)\/index\.ts$/.test(path));
  expect(barrels).toEqual([]);
});

test('a file is named after what is in it, in kebab-case', () => {
  const odd = files.filter(
    (path) => ROOMS.test(path) && !/\/[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(path),
  );
  expect(odd).toEqual([]);
});

test('no file names a path of one machine or a package registry', () => {
  // Spelled in pieces, so that this file does not find itself.
  const forbidden = [
    // The users of Harbor's own images have homes there, with their programs in them.
    [
      'a home directory',
      new RegExp(['/(home|Users)', '(?!(scanner|harbor)/)[a-z][a-z0-9_-]*/'].join('/')),
    ],
    ['the home of root', new RegExp(['(^|[\\s\'"`=(])', 'root', ''].join('/'))],
    ['the work folder of a machine', new RegExp(['(^|[\\s\'"`=(])', 'work', ''].join('/'))],
    ['a package registry', new RegExp(['registry\\.(npmjs|yarnpkg)', '(org|com)'].join('\\.'))],
    ['a package registry', new RegExp(['(pypi|crates)', '(org|io)\\b'].join('\\.'))],
    ['a module proxy', new RegExp(['(proxy|sum)', 'golang', 'org'].join('\\.'))],
    ['an artifact proxy', new RegExp(['(arti', 'factory|nex', 'us)[.:/-][a-z0-9]'].join(''), 'i')],
  ] as const;
  const found = files
    .filter((path) => !/\.sum$/.test(path))
    .flatMap((path) =>
      textOf(path)
        .split('\n')
        .flatMap((line, number) =>
          forbidden
            .filter(([, pattern]) => pattern.test(line))
            .map(([what]) => `${path}:${number + 1} names ${what}: ${line.trim().slice(0, 100)}`),
        ),
    );
  expect(found).toEqual([]);
});

test('tests are where the code is that they try', () => {
  const strays = files
    .filter((path) =>
      /^tests\/(?!architecture|integration|parts|support)[^/]+\/.*\.test\.ts$/.test(path),
    )
    .filter((path) => !existsSync(join(CHECKOUT, dirname(path).replace(/^tests\//, ''))))
    .map((path) => `${path} tries a room that there is not; move it beside the code it tries`);
  expect(strays).toEqual([]);
});
