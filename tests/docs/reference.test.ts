import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { program } from '../../cli/program';
import { CHECKOUT } from '../support/tree';
import { entriesOf } from './reference/entry';
import { page } from './reference/page';
import { pagesOfReference } from './reference/pages';
import { merged, rulesIn } from './reference/rules';

const FOLDER = join(CHECKOUT, 'docs', 'reference');

test('the reference says what the code says', () => {
  const pages = pagesOfReference(program());
  const stale = existsSync(FOLDER)
    ? readdirSync(FOLDER).filter((file) => file.endsWith('.md') && !pages.has(file))
    : [];
  if (process.env['BEAMLINE_GOLDEN'] === 'write') {
    mkdirSync(FOLDER, { recursive: true });
    for (const [file, text] of pages) writeFileSync(join(FOLDER, file), text);
    for (const file of stale) rmSync(join(FOLDER, file));
  }
  const differing = [...pages]
    .filter(([file, text]) => textIn(file) !== text)
    .map(([file]) => file);
  expect([...differing, ...stale.filter((file) => existsSync(join(FOLDER, file)))]).toEqual([]);
});

test('an interface, a union and a class are explained with their defaults and what is inside them', () => {
  const text = `
    /** A filer. */
    export interface FilerProps {
      /** Its \`host\`, as <name>. */
      readonly server: string;
      /**
       * How many.
       *
       * @default 2
       */
      readonly pods?: number;
      /**
       * Where.
       *
       * @default - anywhere
       */
      readonly place?: {
        /** A zone. */
        readonly zone: string;
      };
    }
    /** A size. */
    export type Size =
      /** As it is. */
      | { readonly kind: 'fixed'; readonly pods: number }
      | { readonly kind: 'free' };
    /** It serves. */
    export class Filer extends Construct {
      constructor(scope: Construct, id: string, { server }: FilerProps) {}
    }
    interface Hidden { readonly secret: string }
  `;
  const entries = entriesOf('constructs/x.ts', text);
  const places = new Map([['FilerProps', 'x.md']]);
  expect(page('X', [{ file: 'constructs/x.ts', entries }], places)).toBe(
    [
      '# X',
      '<!-- Made from the code by `npm run golden`. What is wrong here is to be mended in the doc comments. -->',
      '## `constructs/x.ts`',
      '### FilerProps',
      'A filer.',
      [
        '- **`server`** `string` Its `host`, as \\<name>.',
        '- **`pods?`** `number` How many. Default: `2`.',
        '- **`place?`** `{…}` Where. Default: anywhere.',
        '  - **`zone`** `string` A zone.',
      ].join('\n'),
      '### Size',
      'A size.',
      '`{…} | {…}`',
      ["- **`kind: 'fixed'`** As it is.", '  - **`pods`** `number`', "- **`kind: 'free'`**"].join(
        '\n',
      ),
      '### Filer',
      'It serves.',
      '`new Filer(scope: Construct, id: string, props: FilerProps) extends Construct` ([FilerProps](x.md#filerprops))',
      '',
    ]
      .join('\n\n')
      .replace(/\n\n$/, '\n'),
  );
});

test('a rule is found with every severity and text that it can have', () => {
  const text =
    "const a = { rule: 'x/y', severity: on ? 'error' : 'note', reason: `port ${port} of '${name}' is ` + more };" +
    "const b = { rule: 'x/y', severity: 'error', why: 'gone' }; const c = { rule: 'no/text' };";
  expect(merged(rulesIn('review/x.ts', text))).toEqual([
    {
      id: 'x/y',
      severities: ['error', 'note'],
      says: ["port … of '…' is …", 'gone'],
      file: 'review/x.ts',
    },
  ]);
});

function textIn(file: string): string | undefined {
  const path = join(FOLDER, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
