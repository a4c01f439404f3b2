import { z } from 'zod';

import { isList, isObject } from '../../plan/json';
import type { Json, JsonObject } from '../../plan/model';
import { SIGNATURE } from '../values';
import { access, HarborClient } from './client';
import { kindCalled } from './kinds';

const thing = z.object({
  kind: z.string(),
  connection: access,
  spec: z.custom<JsonObject>(isObject, 'must be an object'),
});

/** Something inside a Harbor, as the engine has it. Secrets may be wrapped as the engine wraps them. */
export type Thing = JsonObject;

function parsed(properties: Thing) {
  const { kind, connection, spec } = thing.parse(unwrapped(properties));
  return { handler: kindCalled(kind), client: new HarborClient(connection), spec };
}

/** Makes it; answers its number. */
export function createThing(properties: Thing): Promise<string> {
  const { handler, client, spec } = parsed(properties);
  return handler.create(client, spec);
}

/** The same properties with what Harbor has now in place of the spec; undefined when it is gone. */
export async function readThing(id: string, properties: Thing): Promise<Thing | undefined> {
  const { handler, client, spec } = parsed(properties);
  const live = await handler.read(client, id, spec);
  return live === undefined
    ? undefined
    : { ...properties, spec: likeBefore(properties['spec'], live) };
}

/** Makes it as it should be. */
export function updateThing(id: string, properties: Thing): Promise<void> {
  const { handler, client, spec } = parsed(properties);
  return handler.update(client, id, spec);
}

/** Removes it. */
export function removeThing(id: string, properties: Thing): Promise<void> {
  const { handler, client, spec } = parsed(properties);
  return handler.remove(client, id, spec);
}

/** Whether two sets of properties say the same. */
export function isSameThing(olds: Thing, news: Thing): boolean {
  const what = ({ kind, connection, spec }: Thing): Json => [
    kind ?? null,
    connection ?? null,
    spec ?? null,
  ];
  return JSON.stringify(sorted(unwrap(what(olds)))) === JSON.stringify(sorted(unwrap(what(news))));
}

/** A secret that is as it was stays wrapped. */
function likeBefore(before: Json | undefined, live: JsonObject): JsonObject {
  if (!isObject(before)) return live;
  return Object.fromEntries(
    Object.entries(live).map(([field, value]) => {
      const was = before[field];
      return [field, was !== undefined && unwrap(was) === value ? was : value];
    }),
  );
}

function unwrapped(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([field, value]) => [
      field,
      value === undefined ? undefined : unwrap(value),
    ]),
  );
}

function unwrap(value: Json): Json {
  if (isList(value)) return value.map(unwrap);
  if (!isObject(value)) return value;
  const inner = value['value'];
  return SIGNATURE in value && inner !== undefined ? unwrap(inner) : unwrapped(value);
}

function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .flatMap((field) => {
        const inner = value[field];
        return inner === undefined || inner === null ? [] : [[field, sorted(inner)]];
      }),
  );
}
