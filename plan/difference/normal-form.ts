import { at, isObject } from '../json';
import type { Json, JsonObject } from '../model';

/**
 * The form in which the provider compares an object: a Secret's `stringData` moved to `data`, read-only metadata and a
 * definition's status left out (`normalizeInputs` and `provider/pkg/clients/unstructured.go` of pulumi-kubernetes 4.29).
 */
export function normalForm(object: JsonObject): JsonObject {
  const { metadata } = object;
  const shown: JsonObject = isObject(metadata)
    ? { ...object, metadata: withoutFields(metadata, READ_ONLY) }
    : object;
  switch (object['kind']) {
    case 'Secret':
      return object['apiVersion'] === 'v1' ? withEncodedData(shown) : shown;
    case 'CustomResourceDefinition': {
      const { spec } = shown;
      const unchanged = at(spec, 'preserveUnknownFields') !== false || !isObject(spec);
      return withoutFields(
        unchanged ? shown : { ...shown, spec: withoutFields(spec, ['preserveUnknownFields']) },
        ['status'],
      );
    }
    default:
      return shown;
  }
}

const READ_ONLY = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'uid',
];

function withoutFields(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}

function withEncodedData(secret: JsonObject): JsonObject {
  const data: Record<string, Json | undefined> = {
    ...(isObject(secret['data']) ? secret['data'] : {}),
  };
  for (const [key, value] of Object.entries(
    isObject(secret['stringData']) ? secret['stringData'] : {},
  )) {
    if (typeof value === 'string') data[key] = Buffer.from(value, 'utf8').toString('base64');
  }
  const { stringData: _moved, ...rest } = secret;
  return Object.keys(data).length === 0 ? rest : { ...rest, data };
}
