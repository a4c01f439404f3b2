/** An amount as people read it: cores with three digits, memory in GiB or MiB, anything else as it is. */
export function amountText(resource: string, amount: number): string {
  if (amount === 0 || !/(^|\.)(memory|storage)$/.test(resource)) return digits(amount, 3);
  return amount < 2 ** 30
    ? `${digits(amount / 2 ** 20, 0)} MiB`
    : `${digits(amount / 2 ** 30, 1)} GiB`;
}

function digits(amount: number, most: number): string {
  return String(Number(amount.toFixed(most)));
}
