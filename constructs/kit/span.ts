/** How much of something a pod of people has: `least` is set aside for it, `most` is where it ends. */
export interface Span {
  readonly least: number;
  readonly most: number;
}

/** What is wrong with a span: nothing set aside, or limits below requests. */
export function spanProblems(field: string, { least, most }: Span): string[] {
  return least > 0 && most >= least
    ? []
    : [`'${field}' must have a 'least' above 0 and a 'most' not below it, got ${least} to ${most}`];
}
