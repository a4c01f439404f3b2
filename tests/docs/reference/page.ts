import type { Entry, Field } from './entry';

/** What one file exports. */
export interface Section {
  readonly file: string;
  readonly entries: readonly Entry[];
}

const MADE =
  '<!-- Made from the code by `npm run golden`. What is wrong here is to be mended in the doc comments. -->';

/** One page of the reference. `places` says on which page a name is explained. */
export function page(
  title: string,
  sections: readonly Section[],
  places: ReadonlyMap<string, string>,
): string {
  const parts = sections.flatMap(({ file, entries }) => [
    `## \`${file}\``,
    ...entries.flatMap((entry) => [
      `### ${entry.name}`,
      escaped(entry.text),
      ...(entry.signature === '' ? [] : [linked(entry.signature, entry.name, places)]),
      fieldList(entry.fields, '', places),
    ]),
  ]);
  return whole(title, parts);
}

/** A page of any parts. */
export function whole(title: string, parts: readonly string[]): string {
  return `${[`# ${title}`, MADE, ...parts].filter((part) => part !== '').join('\n\n')}\n`;
}

function fieldList(
  fields: readonly Field[],
  indent: string,
  places: ReadonlyMap<string, string>,
): string {
  return fields
    .map((field) => {
      const type = field.type === '' ? '' : ` ${code(field.type)}`;
      const more = explained(field.type, places);
      const fallback = field.fallback === '' ? '' : ` Default: ${defaultText(field.fallback)}.`;
      const text = field.text === '' ? '' : ` ${escaped(field.text)}`;
      const line = `${indent}- **\`${field.name}${field.optional ? '?' : ''}\`**${type}${more}${text}${fallback}`;
      const inner = fieldList(field.inner, `${indent}  `, places);
      return inner === '' ? line : `${line}\n${inner}`;
    })
    .join('\n');
}

/** `@default 5` is a value, `@default - none` are words. */
function defaultText(fallback: string): string {
  return fallback.startsWith('- ') ? escaped(fallback.slice(2)) : escapedValue(fallback);
}

function escapedValue(fallback: string): string {
  const [value = '', ...why] = fallback.split(' - ');
  return [code(value), ...why.map(escaped)].join(', ');
}

function linked(signature: string, own: string, places: ReadonlyMap<string, string>): string {
  return `${code(signature)}${explained(signature, places, own)}`;
}

/** Links to what explains the names in a type. */
function explained(type: string, places: ReadonlyMap<string, string>, own = ''): string {
  const names = [...new Set(type.match(/\b[A-Z]\w+/g) ?? [])].filter((name) => name !== own);
  const links = names.flatMap((name) => {
    const place = places.get(name);
    return place === undefined ? [] : [`[${name}](${place}#${name.toLowerCase()})`];
  });
  return links.length === 0 ? '' : ` (${links.join(', ')})`;
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** Doc comments are Markdown already; only what looks like HTML outside of code is not meant as it. */
function escaped(text: string): string {
  return text
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '\\<') : part))
    .join('`');
}
