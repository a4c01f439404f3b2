import { amountOf } from '../plan/difference/quantity';

/** Bytes of a size as Kubernetes writes it: `10Gi`. @throws Error when it is none. */
export function bytesOf(quantity: string): number {
  const bytes = amountOf(quantity);
  if (bytes !== undefined) return bytes;
  throw new Error(`'${quantity}' is not a size as Kubernetes writes it, such as '10Gi'`);
}

/** A size as a person reads it: `1.5 GiB`. */
export function readableBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** A time as a person reads it: `40 s`, `12 min`, `3 h 20 min`. */
export function readableSeconds(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
