/** CPU cores as the API server itself writes them: `100m`, `2`. Any other spelling would show as drift. */
export function cpu(cores: number): string {
  const milli = Math.round(cores * 1000);
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** MiB as the API server itself writes them: `512Mi`, `4Gi`, `2Ti`. */
export function mebibytes(amount: number): string {
  const units = ['Mi', 'Gi', 'Ti', 'Pi'] as const;
  if (amount === 0) return '0';
  if (!Number.isInteger(amount)) return `${Math.round(amount * 1024)}Ki`;
  let value = amount;
  let unit = 0;
  while (value % 1024 === 0 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value}${units[unit] ?? 'Mi'}`;
}

/** GiB as the API server itself writes them. */
export function gibibytes(amount: number): string {
  return mebibytes(amount * 1024);
}
