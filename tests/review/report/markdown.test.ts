import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';

import { reportMarkdown, stickyMark } from '../../../review/report/markdown';
import { reportOf } from '../../../review/report/report';
import type { Report } from '../../../review/report/schema';
import { changesOfCase, type Case } from '../corpus/case';
import { DANGEROUS } from '../corpus/dangerous';
import { HARMLESS } from '../corpus/harmless';
import * as a from '../corpus/objects';

const reportFor = (before: Case['before'], after: Case['after']): Report =>
  reportOf(changesOfCase({ before, after }));
const parse = (text: string): Nodes =>
  fromMarkdown(text, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] });

function nodes(node: Nodes): Nodes[] {
  return [node, ...('children' in node ? node.children.flatMap(nodes) : [])];
}

const HOSTILE = [
  '<script>alert(1)</script>',
  '</code></summary><img src=x onerror=alert(1)>',
  '`code` **bold** [link](javascript:alert(1)) ![](http://evil.example.org/x.png)',
  '| a | b |\n| - | - |\n# heading',
  '@everyone <!-- beamline-preview:other -->',
  '\u202egnp.exe\u202c \u001b[2J',
];

describe('hostile names', () => {
  test.each(HOSTILE)('do nothing: %j', async (name) => {
    const hostile = (data: string) => ({
      ...a.configMap({ [name]: data }),
      metadata: { name, namespace: a.NS, labels: { [name]: data } },
    });
    const text = await reportMarkdown(reportFor([hostile(name)], [hostile(`${name}2`)]));
    const all = nodes(parse(text));
    expect(all.filter(({ type }) => type === 'link' || type === 'image')).toEqual([]);
    const html = all.flatMap((node) => (node.type === 'html' ? [node.value] : []));
    for (const value of html) {
      expect(
        value.replaceAll(
          /<\/?(details( open)?|summary|code)>|<!-- beamline-preview:corpus -->/g,
          '',
        ),
      ).not.toMatch(/[<>]/);
    }
    expect(all.filter(({ type }) => type === 'heading')).toHaveLength(1);
    expect(text).not.toMatch(/[\u202e\u001b]/);
    expect(text.split(stickyMark('corpus'))).toHaveLength(2);
  });
});

test('texts of several lines are shown once, line by line', async () => {
  const before = a.configMap({ 'app.conf': 'level = 1\nsize = 2\n' });
  const after = a.configMap({ 'app.conf': 'level = 1\nsize = 3\n' });
  const text = await reportMarkdown(reportFor([before], [after]));
  expect(text).toContain('|line by line below|');
  expect(text.match(/size = 3/g)).toHaveLength(1);
});

describe('a comment', () => {
  const everything = [...DANGEROUS, ...HARMLESS];
  const many = reportOf(
    changesOfCase({
      before: [],
      after: Array.from({ length: 1000 }, (_, place) =>
        a.configMap({ level: 'x'.repeat(300) }, `c${place}`),
      ),
    }),
  );

  test('begins with its mark and is the same every time', async () => {
    for (const item of everything.slice(0, 30)) {
      const [first, second] = [
        await reportMarkdown(reportOf(changesOfCase(item))),
        await reportMarkdown(
          reportOf(
            changesOfCase({ before: item.before.toReversed(), after: item.after.toReversed() }),
          ),
        ),
      ];
      expect(first.startsWith(stickyMark('corpus'))).toBe(true);
      expect(second).toBe(first);
    }
  });

  test.each([40_000, 20_000, 3_000])(
    'never has more than %i characters, and says what it left out',
    async (limit) => {
      const text = await reportMarkdown(many, limit);
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text).toMatch(/\d+ more changes of the least importance do not fit/);
    },
  );

  test('leaves out the least important first', async () => {
    const before = [
      a.claim(),
      ...Array.from({ length: 300 }, (_, at) => a.configMap({ level: 'info' }, `c${at}`)),
    ];
    const after = before.slice(1).map((manifest) => ({ ...manifest, data: { level: 'debug' } }));
    const text = await reportMarkdown(reportFor(before, after), 20_000);
    expect(text.length).toBeLessThanOrEqual(20_000);
    expect(text).toContain(`everything on it (10Gi)`);
    expect(text.indexOf('persistentvolumeclaim')).toBeLessThan(text.indexOf('configmap'));
  });

  test('of nothing says so', async () => {
    expect(await reportMarkdown(reportFor([a.claim()], [a.claim()]))).toContain(
      'Nothing changes in `corpus`',
    );
  });

  test('compares long texts line by line', async () => {
    const text = await reportMarkdown(
      reportFor([a.configMap({ f: 'a\nb\nc\n' })], [a.configMap({ f: 'a\nB\nc\n' })]),
    );
    expect(text).toContain('```diff\n a\n-b\n+B\n c\n```');
  });
});
