/** What one decision adds to the files of a new site. */
export interface Piece {
  /**
   * Stacks and constructs that `index.ts` imports: name and file from the root of the checkout.
   *
   * @default - nothing
   */
  readonly imports?: readonly (readonly [name: string, file: string])[];
  /**
   * Pieces of `environments/schemas` that `site.ts` uses.
   *
   * @default - nothing
   */
  readonly schemas?: readonly string[];
  /**
   * Whole facts that `site.ts` takes from a file of `environments/`: name and file.
   *
   * @default - nothing
   */
  readonly whole?: readonly [name: string, file: string];
  /**
   * Further schemas of files of `environments/`, which `schema` names.
   *
   * @default - nothing
   */
  readonly taken?: readonly (readonly [name: string, file: string])[];
  /**
   * Lines of the schema in `site.ts`, unindented.
   *
   * @default - nothing
   */
  readonly schema?: string;
  /**
   * Text for `site.yaml`, with comments.
   *
   * @default - nothing
   */
  readonly facts?: string;
  /**
   * Lines of `build` in `index.ts`, unindented.
   *
   * @default - nothing
   */
  readonly build?: string;
  /**
   * A line of `defineEnvironment` beside `data`.
   *
   * @default - nothing
   */
  readonly entry?: string;
  /**
   * A file of its own, which `index.ts` imports: what is too long for a composition.
   *
   * @default - no such file
   */
  readonly beside?: PieceFile;
  /**
   * Row of the README's table: the fact and what to put there.
   *
   * @default - nothing
   */
  readonly readme?: readonly [fact: string, what: string];
}

/** A file beside the composition. */
export interface PieceFile {
  /** Its name without `.ts`. */
  readonly name: string;
  /** What `index.ts` takes from it. */
  readonly gives: string;
  /** What it says, for the README: `who people are`. */
  readonly what: string;
  readonly text: (prefix: string) => string;
}

/** A text block without its first and last line break. */
export function block(text: string): string {
  return text.replace(/^\n/, '').replace(/\n\s*$/, '');
}
