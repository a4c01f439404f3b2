import { z } from 'zod';

import { isList, isObject, parseJson } from '../plan/json';
import type { Json, JsonObject } from '../plan/model';
import { PROVIDER_TYPE } from './identity';
import { SIGNATURE } from './values';

/** A resource as the state records it, secrets in clear. Never print or write it. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
}

/** What the engine remembers of an environment. */
export interface RecordedState {
  readonly resources: ReadonlyMap<string, RecordedResource>;
  /** Operations that were under way when a run ended without finishing. */
  readonly pending: readonly string[];
}

const json: z.ZodType<JsonObject> = z.custom<JsonObject>(isObject, 'must be an object');

const exported = z.object({
  deployment: z
    .object({
      resources: z
        .array(
          z.object({
            urn: z.string(),
            type: z.string(),
            id: z.string().default(''),
            inputs: json.default({}),
            outputs: json.default({}),
            dependencies: z.array(z.string()).default([]),
            protect: z.boolean().default(false),
            retainOnDelete: z.boolean().default(false),
            delete: z.boolean().default(false),
          }),
        )
        .default([]),
      pending_operations: z
        .array(z.object({ type: z.string(), resource: z.object({ urn: z.string() }) }))
        .default([]),
    })
    .nullish(),
});

/** Reads the output of `pulumi stack export --show-secrets`. @throws Error when it is not one. */
export function parseState(text: string): RecordedState {
  const state = exported.safeParse(JSON.parse(text));
  if (!state.success) {
    throw new Error(
      `the exported state is not what Pulumi 3 writes: ${z.prettifyError(state.error)}`,
    );
  }
  const resources = new Map<string, RecordedResource>();
  for (const resource of state.data.deployment?.resources ?? []) {
    // A resource marked for deletion stands beside the one that replaced it, under the same URN.
    if (resource.delete) continue;
    resources.set(resource.urn, {
      ...resource,
      inputs: revealed(resource.inputs),
      outputs: revealed(resource.outputs),
    });
  }
  const pending = state.data.deployment?.pending_operations ?? [];
  return { resources, pending: pending.map(({ type, resource }) => `${type} ${resource.urn}`) };
}

/** The recorded provider of an environment, if it was ever deployed. */
export function recordedProvider(state: RecordedState): RecordedResource | undefined {
  return [...state.resources.values()].find(({ type }) => type === PROVIDER_TYPE);
}

function revealed(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([field, value]) => [fieldName(field), reveal(value)]),
  );
}

function reveal(value: Json | undefined): Json | undefined {
  if (isList(value)) return value.map((inner) => reveal(inner) ?? null);
  if (!isObject(value)) return value;
  const { plaintext } = value;
  if (SIGNATURE in value && typeof plaintext === 'string') return reveal(parseJson(plaintext));
  return revealed(value);
}

/** The provider records `x-kubernetes-*` fields of definitions with underscores, for the sake of its typed SDKs. */
function fieldName(recorded: string): string {
  return recorded.startsWith('x_kubernetes_') ? recorded.replaceAll('_', '-') : recorded;
}
