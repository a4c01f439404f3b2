/** Words of tags that move, such as `nightly` or `3.12-latest`. */
const MOVING = ['latest', 'stable', 'main', 'master', 'nightly', 'edge', 'dev', 'devel'];

/** Whether a reference always means the same image: a digest, or a tag with a version or date of more than one number. */
export function isExact(image: string): boolean {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return true;
  const tag = /:([A-Za-z0-9_][A-Za-z0-9._-]{0,127})$/.exec(image)?.[1] ?? '';
  if (new RegExp(`(^|[-_.])(${MOVING.join('|')})([-_.]|$)`, 'i').test(tag)) return false;
  return /\d[._-]\d/.test(tag) || /\d{8}/.test(tag) || /^[0-9a-f]{7,40}$/.test(tag);
}

/**
 * The images that `isExact` and a list of registries let pass, as one pattern. Python reads it and the browser does, which refuses a bare '-' in a class
 * and would then check nothing; neither is told to ignore case. Python's `$` lets a line break follow.
 */
export function imagePattern(registries: readonly string[]): string {
  const from = registries.map((registry) => registry.replaceAll('.', '\\.')).join('|');
  const path = '[a-z0-9]+(?:[._\\-]+[a-z0-9]+)*';
  const letters = '[A-Za-z0-9_.\\-]*';
  const words = MOVING.map((word) =>
    word.replaceAll(/./g, (letter) => `[${letter}${letter.toUpperCase()}]`),
  ).join('|');
  const still = `(?!(?:${letters}[._\\-])?(?:${words})(?:[._\\-]|$))`;
  const exact = `(?=${letters}[0-9][._\\-][0-9]|${letters}[0-9]{8}|[0-9a-f]{7,40}$)`;
  const tag = `[A-Za-z0-9_][A-Za-z0-9_.\\-]{0,127}`;
  const digest = '@sha256:[0-9a-f]{64}';
  return `^(?:${from})(?:/${path})+(?::${still}${exact}${tag}|(?::${tag})?${digest})$(?![\\s\\S])`;
}

/** What is wrong with an image that people's pods run: a tag that moves, or a registry that the site does not list. */
export function imageProblems(image: string, registries: readonly string[]): string[] {
  return [
    ...(isExact(image)
      ? []
      : [
          `'image' must have an exact tag or a digest, as a tag that moves changes sessions unseen, got '${image}'; take a dated or full version`,
        ]),
    ...(registries.some((registry) => image.startsWith(`${registry}/`))
      ? []
      : [
          `'image' must come from one of 'registries', ${registries.join(', ')}, got '${image}'; copy it there, or list its registry`,
        ]),
  ];
}

/** What is wrong with a list of registries. */
export function registryProblems(registries: readonly string[]): string[] {
  return [
    ...(registries.length > 0
      ? []
      : [`'registries' must list where images may come from, got none`]),
    ...registries
      .filter((registry) => !/^[a-z0-9.-]+\.[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/.test(registry))
      .map(
        (registry) =>
          `'registries' must be host names with or without a path, such as 'quay.io/jupyter', got '${registry}'`,
      ),
  ];
}
