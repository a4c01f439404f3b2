/** Objects of which a few are wanted by all and many by few. */
const OBJECTS = 300;

/** An access pattern, the same in every run. */
export function replay(requests: number): number[] {
  let seed = 20_261_122;
  return Array.from({ length: requests }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    const uniform = seed / 2 ** 31;
    return Math.floor(OBJECTS ** uniform) - 1;
  });
}

/** The items in groups that are asked for at once. */
export function inBatches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
