import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import MiniSearch from 'minisearch';
import pc from 'picocolors';

const CHECKOUT = resolve(__dirname, '..');
const MOST = 8;

/** A part of a guide, below one heading. */
export interface DocSection {
  /** `docs/how-to/storage.md#migrate`. */
  readonly id: string;
  /** The headings that lead to it: `Storage > Migrate`. */
  readonly title: string;
  readonly text: string;
}

interface DocsOptions {
  readonly json?: boolean;
}

/** `beamline docs <words>`: the parts of the guides and of the reference that speak of something, the best first. */
export function docs(words: readonly string[], { json }: DocsOptions): Promise<number> {
  const query = words.join(' ');
  const found = search(sectionsOfDocs(), query);
  if (json === true) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  else if (found.length === 0)
    process.stdout.write(
      `nothing in docs/ speaks of '${query}'; docs/README.md lists the guides\n`,
    );
  else process.stdout.write(`${found.map(asText).join('\n\n')}\n`);
  return Promise.resolve(found.length === 0 ? 1 : 0);
}

function asText({ id, title, text }: DocSection): string {
  return `${pc.bold(title)}\n  ${pc.cyan(id)}\n  ${text}`;
}

/** The sections that fit a query best, each with the piece of its text in which the words stand. */
export function search(sections: readonly DocSection[], query: string): DocSection[] {
  const index = new MiniSearch<DocSection>({
    fields: ['title', 'text'],
    searchOptions: { boost: { title: 3 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' },
  });
  index.addAll(sections);
  // Sections with every word first, then those with some.
  const strict = index.search(query);
  const every = new Set(strict.map(({ id }) => String(id)));
  const some = index
    .search(query, { combineWith: 'OR' })
    .filter(({ id }) => !every.has(String(id)));
  const hits = [...strict, ...some];
  const byId = new Map(sections.map((section) => [section.id, section]));
  return hits.slice(0, MOST).flatMap(({ id, terms }) => {
    const section = byId.get(String(id));
    return section === undefined ? [] : [{ ...section, text: excerpt(section.text, terms) }];
  });
}

const EXCERPT = 160;

function excerpt(text: string, terms: readonly string[]): string {
  const lower = text.toLowerCase();
  const places = terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0);
  const from = Math.max(0, Math.min(...places, text.length) - 40);
  const start = places.length === 0 ? 0 : from;
  const cut = text.slice(start, start + EXCERPT).trim();
  return `${start > 0 ? '… ' : ''}${cut}${start + EXCERPT < text.length ? ' …' : ''}`;
}

/** Every section of every guide of this checkout. */
export function sectionsOfDocs(): DocSection[] {
  const guides = readdirSync(join(CHECKOUT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.replaceAll('\\', '/')}`);
  return ['README.md', 'CONTRIBUTING.md', ...guides.sort()].flatMap((file) =>
    sectionsIn(file, readFileSync(join(CHECKOUT, file), 'utf8')),
  );
}

/** The sections of a Markdown file: what stands below each heading, up to the next. */
export function sectionsIn(file: string, markdown: string): DocSection[] {
  const sections: DocSection[] = [];
  const above: string[] = [];
  const anchors = new Map<string, number>();
  let text: string[] = [];
  let id = file;
  let fenced = false;
  const close = (): void => {
    const body = text.join(' ').replace(/\s+/g, ' ').trim();
    if (above.length > 0) sections.push({ id, title: above.join(' > '), text: body });
    text = [];
  };
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) fenced = !fenced;
    const [, marks, heading] = fenced ? [] : (/^(#{1,4}) (.+)$/.exec(line) ?? []);
    if (marks === undefined || heading === undefined) {
      if (!line.startsWith('<!--')) text.push(line);
      continue;
    }
    close();
    above.splice(marks.length - 1, above.length, plain(heading));
    id = marks.length === 1 ? file : `${file}#${anchorOf(heading, anchors)}`;
  }
  close();
  return sections;
}

/** The anchor that forges give a heading; the second of one name gets a number. */
export function anchorOf(heading: string, taken: Map<string, number>): string {
  const anchor = plain(heading)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
  const before = taken.get(anchor) ?? 0;
  taken.set(anchor, before + 1);
  return before === 0 ? anchor : `${anchor}-${before}`;
}

function plain(heading: string): string {
  return heading
    .replace(/`/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim();
}
