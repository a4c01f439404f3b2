import type { Command } from 'commander';

import { filesOfCheckout, textOf } from '../../support/tree';
import { entriesOf, type Entry } from './entry';
import { page, whole, type Section } from './page';
import { merged, rulesIn } from './rules';

/** A page of the reference: what it is called, and the sources it explains. */
interface Subject {
  readonly title: string;
  readonly pattern: RegExp;
}

const FIXED: Readonly<Record<string, Subject>> = {
  environments: { title: 'Environments and site facts', pattern: /^environments\/[a-z-]+\.ts$/ },
  stacks: { title: 'Stacks', pattern: /^stacks\/[a-z-]+\.ts$/ },
  contracts: {
    title: 'What constructs hand to each other',
    pattern: /^constructs\/(contracts|route-details|targets|versions)\.ts$/,
  },
};

/** Every page by its file name. */
export function pagesOfReference(program: Command): Map<string, string> {
  const files = filesOfCheckout().filter((path) => path.endsWith('.ts'));
  const rooms = [
    ...new Set(files.flatMap((path) => /^constructs\/([a-z]+)\//.exec(path)?.[1] ?? [])),
  ];
  const islands = rooms
    .sort()
    .map((room): [string, Subject] => [
      room,
      { title: `Constructs: ${room}`, pattern: new RegExp(`^constructs/${room}/`) },
    ]);
  const all = [...Object.entries(FIXED), ...islands].map(([name, { title, pattern }]) => ({
    file: `${name}.md`,
    title,
    sections: sectionsOf(files.filter((path) => pattern.test(path))),
  }));
  const shown = toldToUsers(all.flatMap(({ sections }) => sections));
  const subjects = all
    .map((subject) => ({
      ...subject,
      sections: subject.sections.flatMap((section) => only(section, shown)),
    }))
    .filter(({ sections }) => sections.length > 0);
  const places = new Map(
    subjects.flatMap(({ file, sections }) =>
      sections.flatMap(({ entries }) => entries.map(({ name }) => [name, file] as const)),
    ),
  );
  const pages = new Map(
    subjects.map(({ file, title, sections }) => [file, page(title, sections, places)]),
  );
  pages.set('commands.md', commandsPage(program));
  pages.set('rules.md', rulesPage(files));
  const titles = [...pages].map(
    ([file, text]) => `- [${text.slice(2, text.indexOf('\n'))}](${file})`,
  );
  pages.set('README.md', whole('Reference', [INTRODUCTION, titles.join('\n')]));
  return pages;
}

const INTRODUCTION =
  'What every command, stack, construct and rule takes and says, as the code has it. `npx beamline docs <words>` searches all guides and this.';

/**
 * What somebody who writes an environment can name: constructs, stacks and their props, what those are made of, and all of
 * what environments themselves export.
 */
function toldToUsers(sections: readonly Section[]): ReadonlySet<string> {
  const entries = new Map(
    sections.flatMap((section) => section.entries.map((entry) => [entry.name, entry] as const)),
  );
  const ofEnvironments = sections.filter(({ file }) =>
    /^(environments|stacks)\/|contracts/.test(file),
  );
  const shown = new Set<string>();
  const show = (name: string): void => {
    const entry = entries.get(name);
    if (entry === undefined || shown.has(name)) return;
    shown.add(name);
    for (const named of namesIn(entry)) show(named);
  };
  for (const { entries: own } of ofEnvironments) for (const { name } of own) show(name);
  for (const { name, signature } of entries.values())
    if (name.endsWith('Props') || /^new \w+\(scope: Construct/.test(signature)) show(name);
  return shown;
}

function namesIn({ signature, fields }: Pick<Entry, 'signature' | 'fields'>): string[] {
  const inner = fields.flatMap((field) => namesIn({ signature: field.type, fields: field.inner }));
  return [...(signature.match(/\b[A-Z]\w+/g) ?? []), ...inner];
}

function only(section: Section, shown: ReadonlySet<string>): Section[] {
  const entries = section.entries.filter(({ name }) => shown.has(name));
  return entries.length === 0 ? [] : [{ ...section, entries }];
}

function sectionsOf(paths: readonly string[]): Section[] {
  return paths.flatMap((file) => {
    const entries = entriesOf(file, textOf(file)).filter(({ text }) => text !== '');
    return entries.length === 0 ? [] : [{ file, entries }];
  });
}

function commandsPage(program: Command): string {
  return whole(
    'Commands',
    program.commands.flatMap((command) => commandParts(command, 'npx beamline')),
  );
}

function commandParts(command: Command, before: string): string[] {
  const call = `${before} ${command.name()}`;
  const taken = command.registeredArguments.map((argument) => {
    const many = argument.variadic ? '...' : '';
    return argument.required ? `<${argument.name()}${many}>` : `[${argument.name()}${many}]`;
  });
  const options = command.options.map(({ flags, description, argChoices, defaultValue }) => {
    const choices = argChoices === undefined ? '' : ` One of ${argChoices.join(', ')}.`;
    const fallback = defaultValue === undefined ? '' : ` Default: \`${String(defaultValue)}\`.`;
    return `- \`${flags}\` ${description}.${choices}${fallback}`;
  });
  return [
    `## \`${[call, ...taken].join(' ')}\``,
    `${command.description()}.`,
    options.join('\n'),
    ...command.commands.flatMap((inner) => commandParts(inner, call)),
  ];
}

function rulesPage(files: readonly string[]): string {
  const within = (room: RegExp): string => {
    const rules = merged(
      files.filter((path) => room.test(path)).flatMap((path) => rulesIn(path, textOf(path))),
    );
    return rules
      .map(
        ({ id, severities, says }) =>
          `- **\`${id}\`** (${severities.join(', ')}): ${says.join('; ')}`,
      )
      .join('\n');
  };
  return whole('Rules', [
    '`…` stands for the object, name or value that a rule speaks of.',
    '## `beamline check`',
    within(/^(review\/check|review\/admission|constructs)\//),
    '## Ranked previews',
    within(/^review\/risk\//),
  ]);
}
