/** Factor of each suffix of a Kubernetes quantity (`apimachinery/pkg/api/resource/suffix.go`). */
const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Fields below which strings are quantities, which the API server writes in its own canonical form. */
const QUANTITY_FIELDS = new Set([
  'allocatable',
  'averageValue',
  'capacity',
  'default',
  'defaultRequest',
  'divisor',
  'hard',
  'limits',
  'max',
  'maxLimitRequestRatio',
  'min',
  'overhead',
  'requests',
  'sizeLimit',
  'storage',
  'value',
]);

/** Whether two values at a path are the same amount, however they are spelled: `1000m` and `1`. */
export function sameQuantity(path: readonly string[], a: unknown, b: unknown): boolean {
  if (!path.slice(-2).some((segment) => QUANTITY_FIELDS.has(segment))) return false;
  const left = amount(a);
  return left !== undefined && left === amount(b);
}

function amount(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const [, number, suffix = ''] = /^([+-]?[0-9.]+(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(value) ?? [];
  const factor = SUFFIXES[suffix];
  return number === undefined || factor === undefined
    ? undefined
    : Number((Number(number) * factor).toPrecision(15));
}
