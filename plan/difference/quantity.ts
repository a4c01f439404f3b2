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

/** Maps from a resource to its amount: `limits.memory`. */
const MAPS = new Set([
  'allocatable',
  'capacity',
  'default',
  'defaultRequest',
  'hard',
  'limits',
  'max',
  'maxLimitRequestRatio',
  'min',
  'overhead',
  'requests',
]);
const AMOUNTS = new Set(['averageValue', 'divisor', 'sizeLimit']);
/** Where keys are anybody's and values are text. */
const FREE_TEXT = new Set(['binaryData', 'data', 'metadata', 'stringData']);

/** Whether two values at a path are the same amount, however they are spelled: the API server writes `1000m` as `1`. */
export function sameQuantity(path: readonly string[], a: unknown, b: unknown): boolean {
  if (!isQuantity(path)) return false;
  const left = amountOf(a);
  return left !== undefined && left === amountOf(b);
}

/** Whether the field at a path holds an amount. The `value` of an environment variable is text, that of a metric's target is one. */
function isQuantity(path: readonly string[]): boolean {
  const [root = ''] = path;
  const field = path.at(-1) ?? '';
  const parent = path.at(-2) ?? '';
  if (FREE_TEXT.has(root)) return false;
  return MAPS.has(parent) || AMOUNTS.has(field) || (field === 'value' && parent === 'target');
}

/** The number that a quantity stands for: cores, bytes or a count. Undefined when it is none. */
export function amountOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const [, number, suffix = ''] = /^([+-]?[0-9.]+(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(value) ?? [];
  const factor = SUFFIXES[suffix];
  return number === undefined || factor === undefined
    ? undefined
    : Number((Number(number) * factor).toPrecision(15));
}
