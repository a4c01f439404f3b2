import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { sectionsIn } from '../../cli/docs';
import { CHECKOUT, filesOfCheckout, textOf } from '../support/tree';

/** Every link of a text that leads to a file or an anchor. */
function linksIn(text: string): string[] {
  const outside = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
  return [...outside.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** What is wrong with a link from a file of the checkout. */
function problemOf(file: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const goal = path === '' ? file : relative(CHECKOUT, join(CHECKOUT, dirname(file), path));
  if (!existsSync(join(CHECKOUT, goal))) return `${file}: '${link}' leads to no file`;
  if (anchor === undefined || !goal.endsWith('.md')) return undefined;
  if (statSync(join(CHECKOUT, goal)).isDirectory()) return undefined;
  const known = sectionsIn(goal, textOf(goal)).map(({ id }) => id);
  return known.includes(`${goal}#${anchor}`) ? undefined : `${file}: '${link}' leads to no heading`;
}

test('every link of every guide leads somewhere', () => {
  const guides = filesOfCheckout().filter((path) => path.endsWith('.md'));
  expect(guides.length).toBeGreaterThan(20);
  const problems = guides.flatMap((file) =>
    linksIn(textOf(file)).flatMap((link) => problemOf(file, link) ?? []),
  );
  expect(problems).toEqual([]);
});

test('a link to nothing is found', () => {
  expect(linksIn('[a](x.md) `[b](y.md)` [c](https://example.org) ![d](p/q.svg#z)')).toEqual([
    'x.md',
    'p/q.svg#z',
  ]);
  expect(problemOf('README.md', 'nothing.md')).toContain('leads to no file');
  expect(problemOf('README.md', 'CONTRIBUTING.md#nothing')).toContain('leads to no heading');
});
