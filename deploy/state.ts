import { z } from 'zod';

import { isList, isObject, parseJson, replacedIn } from '../plan/json';
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
  /**
   * Every text that the state marks as secret, for reports to hide.
   *
   * @default - none are known
   */
  readonly secrets?: ReadonlySet<string>;
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

/** Reads what `pulumi stack export --show-secrets` prints. @throws Error when it is not that. */
export function parseState(recorded: unknown): RecordedState {
  const state = exported.safeParse(recorded);
  if (!state.success) {
    throw new Error(
      `the exported state is not what Pulumi 3 writes: ${z.prettifyError(state.error)}`,
    );
  }
  const resources = new Map<string, RecordedResource>();
  const secrets = new Set<string>();
  for (const resource of state.data.deployment?.resources ?? []) {
    // A resource marked for deletion stands beside the one that replaced it, under the same URN.
    if (resource.delete) continue;
    const asWritten = resource.type.endsWith(':CustomResourceDefinition') ? withNames : same;
    resources.set(resource.urn, {
      ...resource,
      inputs: asWritten(revealed(resource.inputs, secrets)),
      outputs: asWritten(revealed(resource.outputs, secrets)),
    });
  }
  const pending = state.data.deployment?.pending_operations ?? [];
  return {
    resources,
    pending: pending.map(({ type, resource }) => `${type} ${resource.urn}`),
    secrets,
  };
}

/** The recorded provider of an environment, if it was ever deployed. */
export function recordedProvider(state: RecordedState): RecordedResource | undefined {
  return [...state.resources.values()].find(({ type }) => type === PROVIDER_TYPE);
}

/** A value with its secrets in clear, which are noted in `secrets`. */
function revealed(object: JsonObject, secrets: Set<string>): JsonObject {
  return replacedIn(object, (value) => {
    if (!isObject(value) || !(SIGNATURE in value)) return undefined;
    const { plaintext } = value;
    if (typeof plaintext !== 'string') return undefined;
    const secret = parseJson(plaintext);
    note(secret, secrets);
    return revealed({ secret }, secrets)['secret'];
  });
}

const same = (object: JsonObject): JsonObject => object;

function note(value: Json | undefined, secrets: Set<string>): void {
  if (typeof value === 'string') secrets.add(value);
  else if (isList(value)) for (const inner of value) note(inner, secrets);
  else if (isObject(value)) for (const inner of Object.values(value)) note(inner, secrets);
}

/** The provider records `x-kubernetes-*` fields of definitions with underscores, for the sake of its typed SDKs. */
function withFieldNames(value: Json | undefined): Json | undefined {
  if (isList(value)) return value.map((inner) => withFieldNames(inner) ?? null);
  return isObject(value) ? withNames(value) : value;
}

function withNames(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([field, value]) => [
      field.startsWith('x_kubernetes_') ? field.replaceAll('_', '-') : field,
      withFieldNames(value),
    ]),
  );
}
