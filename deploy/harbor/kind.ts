import type { JsonObject } from '../../plan/model';
import type { HarborClient } from './client';

/** How things of one kind are made, read, changed and removed in a Harbor. */
export interface KindOfThing {
  /** Makes it and answers its number. Takes over one of that name, as a run that was cut short has left it. */
  create(client: HarborClient, spec: JsonObject): Promise<string>;
  /** What it is now, in the fields of its spec; undefined when it is gone. What cannot be read is as `spec` has it. */
  read(client: HarborClient, id: string, spec: JsonObject): Promise<JsonObject | undefined>;
  update(client: HarborClient, id: string, spec: JsonObject): Promise<void>;
  remove(client: HarborClient, id: string, spec: JsonObject): Promise<void>;
}

/** A field of a spec as text. */
export function text(spec: JsonObject, field: string): string {
  const value = spec[field];
  return typeof value === 'string' ? value : '';
}

/** A field of a spec as a number. */
export function number(spec: JsonObject, field: string): number {
  const value = spec[field];
  return typeof value === 'number' ? value : 0;
}

/** The number of a project. Throws an Error when there is none of that name. */
export async function projectId(client: HarborClient, name: string): Promise<number> {
  const found = await client.find(`/projects/${name}`, BY_NAME);
  if (found === undefined) throw new Error(`Harbor has no project '${name}'`);
  return number(found, 'project_id');
}

/** Says that what stands in the path is a name, even if it is all digits. */
export const BY_NAME = { 'X-Is-Resource-Name': 'true' } as const;

/** What Harbor has under a name in one of its collections. */
export async function byName(
  client: HarborClient,
  path: string,
  name: string,
): Promise<JsonObject | undefined> {
  const query = encodeURIComponent(`name=${name}`);
  const found = await client.list(`${path}?q=${query}`);
  return found.find((item) => item['name'] === name);
}

/** The number of another registry. Throws an Error when there is none of that name. */
export async function registryId(client: HarborClient, name: string): Promise<number> {
  const found = await byName(client, '/registries', name);
  if (found === undefined) throw new Error(`Harbor has no registry '${name}'`);
  return number(found, 'id');
}
