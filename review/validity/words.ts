import { isIP } from 'node:net';

/** Names that are in a list more than once. */
export function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, place) => names.indexOf(name) !== place))];
}

export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}

/** The name of a port: at most 15 small letters, digits and hyphens, one letter at least. */
export function isPortName(name: string): boolean {
  return (
    name.length <= 15 &&
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) &&
    /[a-z]/.test(name) &&
    !name.includes('--')
  );
}

/** RFC 1123: what a label of DNS may be. */
export function isLabelName(name: string): boolean {
  return name.length <= 63 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name);
}

/** A host, with or without a star for its first label. */
export function isHost(name: string): boolean {
  return name.length <= 253 && name.replace(/^\*\./, '').split('.').every(isLabelName);
}

/** An address with the length of its prefix. */
export function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  const family = isIP(address);
  return (
    rest.length === 0 &&
    family !== 0 &&
    /^\d+$/.test(bits) &&
    Number(bits) <= (family === 4 ? 32 : 128)
  );
}

/** The value of a label. */
export function isLabelValue(value: string): boolean {
  return value.length <= 63 && /^(([A-Za-z0-9][A-Za-z0-9_.-]*)?[A-Za-z0-9])?$/.test(value);
}

/** The key of a label or an annotation: a name, perhaps behind a domain. */
export function isQualified(key: string): boolean {
  const [name = '', domain, ...rest] = key.split('/').toReversed();
  return (
    rest.length === 0 &&
    name !== '' &&
    isLabelValue(name) &&
    (domain === undefined || (domain !== '' && isHost(domain) && !domain.startsWith('*')))
  );
}

/** A key of a ConfigMap or a Secret. */
export function isDataKey(key: string): boolean {
  return key.length <= 253 && /^[-._a-zA-Z0-9]+$/.test(key) && !/^\.\.?$|^\.\./.test(key);
}
