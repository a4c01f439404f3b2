import { at, isList, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';

/** A kind in one API version. */
export interface KindName {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The schema of a kind, as JSON Schema that `ajv` takes. */
export interface KindSchema extends KindName {
  readonly schema: JsonObject;
}

/** The definitions of a Kubernetes OpenAPI document as JSON Schema, and the kinds among them. */
export interface SchemaDocument {
  readonly definitions: JsonObject;
  /** `#/definitions/…` of each kind. */
  readonly kinds: readonly (KindName & { readonly name: string })[];
}

const QUANTITY = /\.api\.resource\.Quantity$/;
const INT_OR_STRING = /\.util\.intstr\.IntOrString$/;

/**
 * Reads an OpenAPI 2 document as Kubernetes publishes it. Objects with fields are closed: the API server drops, or refuses,
 * a field that it does not know. Amounts and ports may be numbers, which the document's types do not say.
 */
export function readDocument(text: string): SchemaDocument {
  const document: unknown = JSON.parse(text);
  const found = isObject(document) ? document['definitions'] : undefined;
  if (!isObject(found)) throw new Error('the OpenAPI document has no definitions');
  const definitions: Record<string, Json> = {};
  const kinds: (KindName & { readonly name: string })[] = [];
  for (const [name, definition] of Object.entries(found)) {
    if (!isObject(definition)) continue;
    definitions[name] = definitionOf(name, definition);
    for (const kind of objectsAt(definition, 'x-kubernetes-group-version-kind')) {
      kinds.push({
        name,
        group: textAt(kind, 'group') ?? '',
        version: textAt(kind, 'version') ?? '',
        kind: textAt(kind, 'kind') ?? '',
      });
    }
  }
  return { definitions, kinds };
}

function definitionOf(name: string, definition: JsonObject): JsonObject {
  if (QUANTITY.test(name)) return { type: ['string', 'number'] };
  if (INT_OR_STRING.test(name)) return { type: ['string', 'integer'] };
  const closed = closedSchema(definition);
  return isObject(closed) ? closed : {};
}

/** The same schema in which an object takes no field but its own, with what only Kubernetes reads left out. */
function closedSchema(schema: Json): Json {
  if (isList(schema)) return schema.map(closedSchema);
  if (!isObject(schema)) return schema;
  if (schema['x-kubernetes-int-or-string'] === true || schema['format'] === 'int-or-string') {
    return { type: ['string', 'integer'] };
  }
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined || key.startsWith('x-') || IGNORED.has(key)) continue;
    kept[key] = NAMED.has(key) && isObject(value) ? eachClosed(value) : closedSchema(value);
  }
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (kept['properties'] !== undefined && kept['additionalProperties'] === undefined && !open) {
    kept['additionalProperties'] = false;
  }
  if (schema['x-kubernetes-embedded-resource'] === true) delete kept['additionalProperties'];
  return schema['nullable'] === true && typeof kept['type'] === 'string'
    ? { ...kept, type: [kept['type'], 'null'] }
    : kept;
}

/** Keywords whose fields are names, not keywords. */
const NAMED = new Set(['properties', 'definitions']);
const IGNORED = new Set([
  'description',
  'default',
  'example',
  'externalDocs',
  'nullable',
  'format',
]);

function eachClosed(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, schema]) => [name, closedSchema(schema ?? {})]),
  );
}

/** The kinds that a CustomResourceDefinition adds, with their schemas. Metadata is checked as it is for every kind. */
export function kindsOfCrd(crd: JsonObject): KindSchema[] {
  const group = textAt(crd, 'spec', 'group') ?? '';
  const kind = textAt(crd, 'spec', 'names', 'kind') ?? '';
  // v1beta1 has one schema for all versions.
  const shared = at(crd, 'spec', 'validation', 'openAPIV3Schema');
  const single = textAt(crd, 'spec', 'version');
  const versions: readonly JsonObject[] = [
    ...objectsAt(crd, 'spec', 'versions'),
    ...(single === undefined ? [] : [{ name: single }]),
  ];
  return versions.flatMap((entry) => {
    const schema = at(entry, 'schema', 'openAPIV3Schema') ?? shared ?? {};
    const version = textAt(entry, 'name') ?? '';
    const closed = closedSchema(schema);
    if (!isObject(closed) || entry['served'] === false) return [];
    const fields = isObject(closed['properties']) ? closed['properties'] : undefined;
    const complete =
      fields === undefined
        ? { type: 'object' }
        : {
            ...closed,
            properties: {
              ...fields,
              apiVersion: { type: 'string' },
              kind: { type: 'string' },
              metadata: { type: 'object' },
            },
          };
    return [{ group, version, kind, schema: complete }];
  });
}
