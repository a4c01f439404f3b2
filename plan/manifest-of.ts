import {
  App,
  ImplicitTokenResolver,
  LazyResolver,
  NumberStringUnionResolver,
  type ApiObject,
} from 'cdk8s';
import type { IConstruct } from 'constructs';

import { isObject } from './json';

/** Resolvers that every app of cdk8s 2.70.106 has. Plain data is nothing to them. */
const USUAL = [LazyResolver, ImplicitTokenResolver, NumberStringUnionResolver];

/** Renders an object of a tree. */
export type Render = (construct: ApiObject) => unknown;

/**
 * Renders manifests as `toJson()` does, but for the order of fields, which means nothing and is made where texts are written (`render.ts`).
 * cdk8s shows every leaf to every resolver and looks the app up for each, which is most of what a plan costs. Most objects
 * hold nothing but data: there is nothing to resolve, and one walk sees that. Anything else (a token, a patch, a
 * class), and every object of an app with resolvers of its own, goes cdk8s' way.
 */
export function renderOf(root: IConstruct): Render {
  const { root: app } = root.node;
  const usual =
    app instanceof App &&
    app.resolvers.every((resolver) => USUAL.some((one) => resolver.constructor === one)) &&
    (process.env['CDK8S_DISABLE_SORT'] ?? '') === '';
  return (construct) => {
    const plain = usual ? plainManifest(construct) : undefined;
    if (plain !== undefined) return plain;
    const resolved: unknown = construct.toJson();
    return resolved;
  };
}

/** The manifest of an object that is plain data; undefined for any other, and where cdk8s keeps it elsewhere than 2.70.106 does. */
function plainManifest(construct: ApiObject): Record<string, unknown> | undefined {
  const definition = construct.metadata;
  const given: unknown = Reflect.get(construct, 'props');
  const patches: unknown = Reflect.get(construct, 'patches');
  const attributes: unknown = Reflect.get(definition, '_additionalAttributes');
  if (!isObject(given) || !isObject(attributes)) return undefined;
  if (!Array.isArray(patches) || patches.length > 0) return undefined;
  const metadata: Record<string, unknown> = {};
  try {
    for (const field of Object.keys(attributes))
      if (!METADATA.includes(field)) put(metadata, field, cleaned(attributes[field], true));
    for (const field of METADATA)
      put(metadata, field, cleaned(Reflect.get(definition, field), true));
    const manifest: Record<string, unknown> = {
      apiVersion: given['apiVersion'],
      kind: given['kind'],
      metadata,
    };
    for (const field of Object.keys(given)) {
      if (!(field in manifest)) put(manifest, field, cleaned(given[field], false));
    }
    return manifest;
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

function put(object: Record<string, unknown>, field: string, value: unknown): void {
  if (value !== undefined) object[field] = value;
}

const METADATA = ['name', 'namespace', 'annotations', 'finalizers', 'ownerReferences', 'labels'];
const notPlain = new Error('not plain data');

/**
 * A value without what is not there; in metadata, without what is empty as well. What has nothing to leave out is the value itself: plans
 * only read.
 */
function cleaned(value: unknown, dropEmpty: boolean): unknown {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined':
      return value;
    case 'object':
      if (value === null) return undefined;
      return Array.isArray(value) ? cleanList(value, dropEmpty) : cleanObject(value, dropEmpty);
    case 'bigint':
    case 'symbol':
    case 'function':
      throw notPlain;
  }
}

function cleanList(list: readonly unknown[], dropEmpty: boolean): readonly unknown[] | undefined {
  if (dropEmpty && list.length === 0) return undefined;
  let copy: unknown[] | undefined;
  for (let at = 0; at < list.length; at += 1) {
    const clean = cleaned(list[at], dropEmpty);
    if (clean !== list[at]) (copy ??= [...list])[at] = clean;
  }
  return copy ?? list;
}

function cleanObject(
  value: object,
  dropEmpty: boolean,
): Readonly<Record<string, unknown>> | undefined {
  if (!isPlain(value)) throw notPlain;
  let copy: Record<string, unknown> | undefined;
  let empty = true;
  for (const field in value) {
    const given = value[field];
    const clean = cleaned(given, dropEmpty);
    if (clean !== undefined) {
      empty = false;
      if (clean === given) continue;
    }
    copy ??= { ...value };
    if (clean === undefined) Reflect.deleteProperty(copy, field);
    else copy[field] = clean;
  }
  return dropEmpty && empty ? undefined : (copy ?? value);
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  return Object.getPrototypeOf(value) === Object.prototype;
}
