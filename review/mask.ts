import type { FieldChange } from '../plan/difference/compare';
import { at, isList, isObject } from '../plan/json';
import type { Json, JsonObject, Manifest } from '../plan/model';
import type { ReviewedObject, Side } from './change';

/** Values that no report may show: those of the plan's secrets and those that the state marks as secret. */
export type Hidden = ReadonlySet<string>;

/** What stands in a report for a secret. */
export const MASK = '[secret]';

/** Shorter values are hidden only where they are the whole text: a password `1` must not blank every 1. */
const SHORTEST_PART = 6;

/** How names of secret settings end. `secretName` and `passwordFile` name a place, not a value. */
const SENSITIVE_NAME =
  /(pass(word|wd|phrase)?|secret|token|(api|access|secret|private|encryption|crypt|signing)[-_.]?key|credential|hmac)s?$/i;

/** Texts that are secret wherever they stand, and what is left of them. */
const SENSITIVE_TEXT: readonly (readonly [RegExp, string])[] = [
  [/\$\{secret:[^}]*\}+/g, MASK],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, MASK],
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+@/gi, `$1${MASK}@`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, MASK],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  [
    /((?:pass(?:word|wd|phrase)?|secret|token|(?:api|access|secret|private|encryption|crypt)[-_.]?key|credentials?|bindpw)["']?\s*[:=]\s*)(?!(?:true|false|null)\b)("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s"',;}&]+)/gi,
    `$1${MASK}`,
  ],
];

/** One side with every secret masked. */
export function maskedSide(side: Side, hidden: Hidden): Side {
  return new Map([...side].map(([id, object]) => [id, maskedObject(object, hidden)]));
}

/**
 * An object with every secret masked, and without what the cluster said of it where that may be one. Masked when it is looked
 * at: of 1,000 objects a report shows a few.
 */
function maskedObject(object: ReviewedObject, hidden: Hidden): ReviewedObject {
  let masked: Manifest | undefined;
  return {
    ...object,
    get manifest() {
      return (masked ??= maskedManifest(object.manifest, hidden));
    },
  };
}

function maskedManifest(manifest: Manifest, hidden: Hidden): Manifest {
  const { apiVersion, kind, metadata, ...rest } = manifest;
  const { name, namespace, ...more } = metadata;
  const place = namespace === undefined ? { name } : { name, namespace };
  return {
    ...maskedFieldsOf(manifest, rest, [], hidden),
    apiVersion,
    kind,
    metadata: { ...maskedFieldsOf(manifest, more, ['metadata'], hidden), ...place },
  };
}

/** Changed fields with every secret masked: what is secret on either side is secret on both. */
export function maskedFields(
  fields: readonly FieldChange[],
  sides: readonly (ReviewedObject | undefined)[],
  hidden: Hidden,
): FieldChange[] {
  const manifests = sides.flatMap((side) => (side === undefined ? [] : [side.manifest]));
  return fields.map((field) => {
    const mask = (value: Json): Json =>
      manifests.reduce<Json>(
        (masked, manifest) => maskedAt(manifest, masked, field.path, hidden),
        value,
      );
    return {
      ...field,
      ...(field.before === undefined ? {} : { before: mask(field.before) }),
      ...(field.after === undefined ? {} : { after: mask(field.after) }),
    };
  });
}

function maskedFieldsOf(
  root: JsonObject,
  object: JsonObject,
  path: readonly string[],
  hidden: Hidden,
): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([field, value]) => [
      field,
      value === undefined ? value : maskedAt(root, value, [...path, field], hidden),
    ]),
  );
}

function maskedAt(root: JsonObject, value: Json, path: readonly string[], hidden: Hidden): Json {
  if (isList(value)) {
    return value.map((inner, index) => maskedAt(root, inner, [...path, String(index)], hidden));
  }
  if (isObject(value)) return maskedFieldsOf(root, value, path, hidden);
  if (value === null || typeof value === 'boolean') return value;
  if (isSensitive(root, path)) return MASK;
  return typeof value === 'string' ? maskedText(value, hidden) : value;
}

/** A text with the secrets in it masked. */
export function maskedText(text: string, hidden: Hidden): string {
  if (text.length < 4) return hidden.has(text) ? MASK : text;
  let masked = text;
  for (const value of hidden) {
    if (masked === value) return MASK;
    if (value.length >= SHORTEST_PART && masked.includes(value))
      masked = masked.replaceAll(value, MASK);
  }
  for (const [pattern, left] of SENSITIVE_TEXT) masked = masked.replace(pattern, left);
  return masked;
}

function isSensitive(root: JsonObject, path: readonly string[]): boolean {
  const [first, second, third] = path;
  const last = path.at(-1) ?? '';
  if (root['kind'] === 'Secret' && root['apiVersion'] === 'v1') {
    if (first === 'data' || first === 'stringData') return true;
    if (second === 'annotations') return true;
  }
  if (second === 'annotations' && /last-applied-configuration$/.test(third ?? '')) return true;
  if (last === 'value' && path.at(-3) === 'env') {
    const name = nameAt(root, path);
    return name !== undefined && SENSITIVE_NAME.test(name);
  }
  return SENSITIVE_NAME.test(last);
}

/** Name of the variable whose value stands at a path. */
function nameAt(root: JsonObject, path: readonly string[]): string | undefined {
  let here: Json | undefined = root;
  for (const segment of path.slice(0, -1)) {
    here = isList(here) ? here[Number(segment)] : at(here, segment);
  }
  const name = at(here, 'name');
  return typeof name === 'string' ? name : undefined;
}
