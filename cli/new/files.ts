import type { NewSite } from './answers';
import type { Piece, PieceFile } from './piece';
import { piecesOf } from './pieces';

/** How a site's files reach the checkout: `../..` for a folder of `environments/`. */
export type Prefix = string;

/** The files of a new site: names and texts, formatted as the checkout's own. */
export function filesOf(site: NewSite, prefix: Prefix): ReadonlyMap<string, string> {
  const pieces = piecesOf(site);
  return new Map([
    ['site.yaml', yaml(site, pieces)],
    ['site.ts', schema(pieces, prefix)],
    ['index.ts', composition(site, pieces, prefix)],
    ...besides(pieces).map(({ name, text }) => [`${name}.ts`, text(prefix)] as const),
    ['README.md', readme(site, pieces)],
  ]);
}

function yaml({ name }: NewSite, pieces: readonly Piece[]): string {
  const facts = pieces.flatMap((piece) => piece.facts ?? []);
  return `# The facts of ${name}. Every address and name here is an example.\n\n${facts.join('\n\n')}\n`;
}

function schema(pieces: readonly Piece[], prefix: Prefix): string {
  const used = new Set(['facts', ...pieces.flatMap((piece) => piece.schemas ?? [])]);
  const whole = pieces.flatMap((piece) => [
    ...(piece.whole === undefined ? [] : [piece.whole]),
    ...(piece.taken ?? []),
  ]);
  const files = [...new Set(whole.map(([, file]) => file))].sort();
  const imports = [
    ...files.filter((file) => file < 'facts').map(importedFrom),
    `import { readFacts } from '${environments(prefix)}/facts';`,
    imported([...used].sort(), `${environments(prefix)}/schemas`),
    ...files.filter((file) => file > 'schemas').map(importedFrom),
  ];
  const fields = pieces
    .flatMap((piece) => [
      ...(piece.whole === undefined ? [] : [`${piece.whole[0]},`]),
      ...(piece.schema === undefined ? [] : [piece.schema]),
    ])
    .join('\n');
  return `import { join } from 'node:path';

${imports.join('\n')}

const schema = facts({
${indented(fields, 2)}
});

/** The facts of this site, as \`site.yaml\` has them. */
export const site = readFacts(schema, join(__dirname, 'site.yaml'));
`;

  function importedFrom(file: string): string {
    const names = whole.flatMap(([name, from]) => (from === file ? [name] : []));
    return imported(names.sort(), `${environments(prefix)}/${file}`);
  }
}

function composition({ name, target }: NewSite, pieces: readonly Piece[], prefix: Prefix): string {
  const files = new Map(pieces.flatMap(({ imports }) => imports ?? []).map(([n, f]) => [f, n]));
  const imports = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const entries = pieces.flatMap(({ entry }) => entry ?? []).map((line) => `  ${line}\n`);
  const build = pieces.flatMap((piece) => piece.build ?? []).join('\n\n');
  return `${imports.map(([file, it]) => `import { ${it} } from '${prefix}/${file}';\n`).join('')}import { defineEnvironment } from '${environments(prefix)}/environment';
${besides(pieces)
  .map(({ name, gives }) => `import { ${gives} } from './${name}';\n`)
  .join('')}import { site } from './site';

/** What ${name} is made of. */
export const environment = defineEnvironment({
  name: '${name}',
  target: '${target.name}',
  cluster: { kind: 'kubeconfig', ...site.cluster },
${entries.join('')}${build === '' ? '  build: () => undefined,' : `  build: (app) => {\n${indented(build, 4)}\n  },`}
});
`;
}

function readme({ name, target }: NewSite, pieces: readonly Piece[]): string {
  const rows = pieces.flatMap(({ readme: row }) => (row === undefined ? [] : [row]));
  const cells = [
    ['fact', 'what to put there'],
    ...rows.map(([fact, what]) => [`\`${fact}\``, what]),
  ];
  const width = (column: number): number =>
    Math.max(...cells.map((row) => (row[column] ?? '').length));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(width(column))).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return `# ${name}

A site on ${target.name}, begun with \`beamline new\`. What is in \`site.yaml\` are examples until you replace them:

${[line(head), `| ${'-'.repeat(width(0))} | ${'-'.repeat(width(1))} |`, ...body.map(line)].join('\n')}

\`\`\`
beamline check ${name}       # judges it, without a cluster
beamline rehearse ${name}    # deploys it on an embedded control plane
beamline preview ${name}     # what 'up' would change on your cluster
\`\`\`

Facts belong in \`site.yaml\`, what each may be in \`site.ts\`, what is built from them in \`index.ts\`${besides(
    pieces,
  )
    .map(({ name: file, what }) => `, ${what} in \`${file}.ts\``)
    .join('')}.
`;
}

/** The files beside the composition, by their names. */
function besides(pieces: readonly Piece[]): PieceFile[] {
  return pieces
    .flatMap(({ beside }) => beside ?? [])
    .sort(({ name: a }, { name: b }) => (a < b ? -1 : 1));
}

/** The folder `environments/` of the checkout, from a site. */
function environments(prefix: Prefix): string {
  return prefix === '../..' ? '..' : `${prefix}/environments`;
}

/** An import as the formatter breaks it: on one line up to 100 characters. */
function imported(names: readonly string[], from: string): string {
  const flat = `import { ${names.join(', ')} } from '${from}';`;
  return flat.length <= 100
    ? flat
    : `import {\n${names.map((name) => `  ${name},\n`).join('')}} from '${from}';`;
}

function indented(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}
