import { App, type ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

import { isObject } from './json';

/** Renders an object of a tree. */
export type Render = (construct: ApiObject) => unknown;

/**
 * Renders manifests exactly as `toJson()` does. cdk8s shows every leaf to every resolver and looks the app up for each, which
 * is most of what a plan costs. Most objects hold nothing but data: there is nothing to resolve, and one walk copies
 * them. Anything else (a token, a patch, a class), and every object of an app with resolvers of its own, goes cdk8s' way.
 */
export function renderOf(root: IConstruct): Render {
  const { root: app } = root.node;
  const usual =
    app instanceof App &&
    app.resolvers.length === new App().resolvers.length &&
    (process.env['CDK8S_DISABLE_SORT'] ?? '') === '';
  return (construct) => {
    const byCdk8s = (): unknown => construct.toJson();
    return (usual ? plainManifest(construct) : undefined) ?? byCdk8s();
  };
}

/** The manifest of an object that is plain data; undefined for any other, and where cdk8s keeps it elsewhere than 2.70.106 does. */
function plainManifest(construct: ApiObject): Record<string, unknown> | undefined {
  const { metadata } = construct;
  const given: unknown = Reflect.get(construct, 'props');
  const patches: unknown = Reflect.get(construct, 'patches');
  const attributes: unknown = Reflect.get(metadata, '_additionalAttributes');
  if (!isObject(given) || !isObject(attributes)) return undefined;
  if (!Array.isArray(patches) || patches.length > 0) return undefined;
  const meta: Record<string, unknown> = {};
  for (const field of Object.keys(attributes)) meta[field] = attributes[field];
  for (const field of METADATA) meta[field] = Reflect.get(metadata, field);
  try {
    const manifest: Record<string, unknown> = {
      apiVersion: given['apiVersion'],
      kind: given['kind'],
      metadata: copied(meta, true),
    };
    for (const key of Object.keys(given).sort()) {
      const value = key in manifest ? undefined : copyOf(given[key], false);
      if (value !== undefined) manifest[key] = value;
    }
    return manifest;
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

const METADATA = ['name', 'namespace', 'annotations', 'finalizers', 'ownerReferences', 'labels'];
const notPlain = new Error('not plain data');

/** A plain object with its keys sorted and what is not there left out; in metadata, what is empty as well. */
function copied(
  value: Readonly<Record<string, unknown>>,
  dropEmpty: boolean,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const copy = copyOf(value[key], dropEmpty);
    if (copy !== undefined) result[key] = copy;
  }
  return result;
}

function copyOf(value: unknown, dropEmpty: boolean): unknown {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined':
      return value;
    case 'object':
      if (value === null) return undefined;
      return Array.isArray(value) ? listOf(value, dropEmpty) : objectOf(value, dropEmpty);
    case 'bigint':
    case 'symbol':
    case 'function':
      throw notPlain;
  }
}

function listOf(list: readonly unknown[], dropEmpty: boolean): unknown[] | undefined {
  if (dropEmpty && list.length === 0) return undefined;
  return list.map((item) => copyOf(item, dropEmpty));
}

function objectOf(value: object, dropEmpty: boolean): Record<string, unknown> | undefined {
  if (!isPlain(value)) throw notPlain;
  const copy = copied(value, dropEmpty);
  return dropEmpty && Object.keys(copy).length === 0 ? undefined : copy;
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  return Object.getPrototypeOf(value) === Object.prototype;
}
