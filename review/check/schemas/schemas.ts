import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import { closest } from 'fastest-levenshtein';

import { isObject } from '../../../plan/json';
import type { JsonObject, Manifest } from '../../../plan/model';
import { groupOf } from '../../../plan/object-id';
import { kindsOfCrd, readDocument, type KindName } from './document';
import { PATTERNS } from './patterns';

/** What a schema says against a manifest. */
export interface SchemaProblem {
  readonly sort: 'invalid' | 'unknown-field';
  readonly text: string;
}

/** What an API version is to a target. */
export type Served =
  | { readonly served: true }
  /** The group is known and does not have the kind in this version; these versions do. */
  | { readonly served: false; readonly versions: readonly string[] }
  /** Nothing is known of the group. */
  | { readonly served: 'unknown' };

/** The schemas of a target's own kinds and of the CustomResourceDefinitions that come with it or the plan. */
export class Schemas {
  private readonly ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    validateFormats: false,
    code: { regExp: PATTERNS },
  });
  private readonly references = new Map<string, string>();
  private readonly known: KindName[] = [];
  private readonly groups = new Set<string>();

  /** `document` is the OpenAPI document of the target's Kubernetes. */
  constructor(document: string, crds: readonly JsonObject[]) {
    const { definitions, kinds } = readDocument(document);
    this.ajv.addSchema({ $id: 'kubernetes', definitions });
    for (const { name, ...kind } of kinds) this.add(kind, `kubernetes#/definitions/${name}`);
    for (const { schema, ...kind } of crds.flatMap(kindsOfCrd)) {
      const id = `crd/${keyOf(kind)}`;
      if (this.references.has(keyOf(kind))) continue;
      this.ajv.addSchema({ ...schema, $id: id });
      this.add(kind, id);
    }
  }

  /** Whether the target serves the API version of a manifest. */
  public serving({ apiVersion, kind }: Manifest): Served {
    const name = nameOf(apiVersion, kind);
    if (this.references.has(keyOf(name))) return { served: true };
    if (!this.groups.has(name.group)) return { served: 'unknown' };
    const versions = this.known
      .filter((one) => one.kind === kind && one.group === name.group)
      .map(({ group, version }) => (group === '' ? version : `${group}/${version}`));
    return { served: false, versions };
  }

  /** What is wrong with a manifest by the schema of its kind; nothing when there is no schema. */
  public problemsOf(manifest: Manifest): SchemaProblem[] {
    const reference = this.references.get(keyOf(nameOf(manifest.apiVersion, manifest.kind)));
    if (reference === undefined) return [];
    const validate = this.ajv.getSchema(reference) ?? this.ajv.compile({ $ref: reference });
    return problemsFrom(validate, manifest);
  }

  private add(kind: KindName, reference: string): void {
    this.references.set(keyOf(kind), reference);
    this.groups.add(kind.group);
    this.known.push(kind);
  }
}

function problemsFrom(validate: ValidateFunction, manifest: Manifest): SchemaProblem[] {
  if (validate(manifest)) return [];
  const texts = new Map<string, SchemaProblem>();
  for (const error of validate.errors ?? []) {
    const problem = problemOf(error);
    texts.set(problem.text, problem);
  }
  return [...texts.values()];
}

function problemOf(error: ErrorObject): SchemaProblem {
  const path = pathText(error.instancePath);
  if (error.keyword === 'additionalProperties') {
    const field = String(error.params['additionalProperty']);
    const properties: unknown = error.parentSchema?.['properties'];
    const allowed = isObject(properties) ? Object.keys(properties) : [];
    const near = allowed.length === 0 ? '' : `; did you mean '${closest(field, allowed)}'?`;
    return { sort: 'unknown-field', text: `${path} has no field '${field}'${near}` };
  }
  if (error.keyword === 'required') {
    return { sort: 'invalid', text: `${path} lacks '${String(error.params['missingProperty'])}'` };
  }
  if (error.keyword === 'enum') {
    const allowed: unknown = error.params['allowedValues'];
    return { sort: 'invalid', text: `${path} must be one of ${JSON.stringify(allowed)}` };
  }
  return { sort: 'invalid', text: `${path} ${error.message ?? 'is wrong'}` };
}

/** `/spec/containers/0/name` as `spec.containers[0].name`. */
function pathText(pointer: string): string {
  const text = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
  return text === '' ? 'the object' : text;
}

function nameOf(apiVersion: string, kind: string): KindName {
  return { group: groupOf(apiVersion), version: apiVersion.split('/').at(-1) ?? '', kind };
}

function keyOf({ group, version, kind }: KindName): string {
  return `${group}/${version}/${kind}`;
}
