import Ajv, { type ValidateFunction } from 'ajv';
import { parse } from 'yaml';

import { readUpstream } from '../../constructs/kit/upstream';
import { UPSTREAM_FILES } from '../../constructs/versions';
import { ensureUpstream } from '../../upstream/fetch';
import { isList, isObject, textAt } from '../../plan/json';
import type { Json, JsonObject } from '../../plan/model';

/**
 * Harbor's published contract (Swagger 2.0), to hold requests and answers against. Stricter than the document: a field that it does
 * not describe is refused, so that a misspelt one is found.
 */
export class Contract {
  readonly #document: JsonObject;
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  readonly #checks = new Map<string, ValidateFunction>();

  constructor(text: string) {
    const document: unknown = parse(text);
    if (!isObject(document)) throw new Error('the contract is no document');
    this.#document = closed(document);
    this.#ajv.addSchema(this.#document, 'contract');
  }

  /** What is wrong with a request. */
  requestProblems(method: string, url: URL, body: Json | undefined): string[] {
    const operation = this.#operation(method, url.pathname);
    if (operation === undefined) return [`${method} ${url.pathname} is not in the contract`];
    const { pointer, parameters } = operation;
    const query = parameters
      .filter(({ parameter }) => parameter['in'] === 'query')
      .map(({ parameter }) => parameter['name']);
    const unknown = [...url.searchParams.keys()].filter((name) => !query.includes(name));
    const wanted = parameters.find(({ parameter }) => parameter['in'] === 'body');
    return [
      ...unknown.map((name) => `query parameter '${name}' is not in the contract`),
      ...(wanted === undefined
        ? body === undefined
          ? []
          : [`${method} ${pointer} takes no body`]
        : this.#problems(`${wanted.pointer}/schema`, body ?? null)),
    ];
  }

  /** What is wrong with an answer. */
  answerProblems(method: string, url: URL, status: number, body: Json | undefined): string[] {
    const operation = this.#operation(method, url.pathname);
    if (operation === undefined) return [];
    const responses = operation.definition['responses'];
    const response = isObject(responses) ? responses[String(status)] : undefined;
    // Harbor answers 404 where its contract forgets to say so (GET of a project, a retention, a replication).
    if (response === undefined)
      return status === 404
        ? []
        : [`status ${status} is not in the contract of ${method} ${operation.pointer}`];
    if (!isObject(response) || response['schema'] === undefined || body === undefined) return [];
    return this.#problems(
      `${operation.pointer}/${method.toLowerCase()}/responses/${status}/schema`,
      body,
    );
  }

  #problems(pointer: string, value: Json): string[] {
    const check = this.#checks.get(pointer) ?? this.#ajv.compile({ $ref: `contract#${pointer}` });
    this.#checks.set(pointer, check);
    if (check(value)) return [];
    return (check.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
    );
  }

  #operation(method: string, pathname: string) {
    const paths = this.#document['paths'];
    const base = textAt(this.#document, 'basePath') ?? '';
    if (!isObject(paths) || !pathname.startsWith(base)) return undefined;
    const parts = pathname.slice(base.length).split('/');
    const found = Object.keys(paths).find((template) => {
      const wanted = template.split('/');
      return (
        wanted.length === parts.length &&
        wanted.every((part, at) => part.startsWith('{') || part === parts[at])
      );
    });
    const item = found === undefined ? undefined : paths[found];
    const definition = isObject(item) ? item[method.toLowerCase()] : undefined;
    if (found === undefined || !isObject(definition)) return undefined;
    const pointer = `/paths/${found.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}`;
    const listed = definition['parameters'];
    const parameters = (isList(listed) ? listed : []).flatMap((one, at) => {
      const parameter =
        isObject(one) && typeof one['$ref'] === 'string' ? this.#at(one['$ref']) : one;
      return isObject(parameter)
        ? [{ parameter, pointer: `${pointer}/${method.toLowerCase()}/parameters/${at}` }]
        : [];
    });
    return { pointer, definition, parameters };
  }

  #at(reference: string): Json | undefined {
    return reference
      .slice(2)
      .split('/')
      .reduce<Json | undefined>(
        (value, part) => (isObject(value) ? value[part] : undefined),
        this.#document,
      );
  }
}

/** The same schemas, closed for fields that they do not describe, and with null where they allow it in Swagger's own way. */
function closed(value: JsonObject): JsonObject;
function closed(value: Json): Json;
function closed(value: Json): Json {
  if (isList(value)) return value.map((inner) => closed(inner));
  if (!isObject(value)) return value;
  const fields = Object.fromEntries(
    Object.entries(value).flatMap(([field, inner]) =>
      // 'example' may hold anything, and 'format' names what ajv does not know.
      inner === undefined || field === 'example' ? [] : [[field, closed(inner)]],
    ),
  );
  // The server's generator takes an object without fields for anything at all: Harbor's own portal sends numbers there.
  if (
    fields['type'] === 'object' &&
    Object.keys(fields).every((field) => field === 'type' || field === 'description')
  )
    return {};
  const open =
    fields['additionalProperties'] === undefined &&
    isObject(fields['properties']) &&
    fields['allOf'] === undefined;
  return {
    ...fields,
    ...(open && fields['type'] === 'object' ? { additionalProperties: false } : {}),
    ...(fields['x-nullable'] === true && typeof fields['type'] === 'string'
      ? { type: [fields['type'], 'null'] }
      : {}),
  };
}

/** The contract of the Harbor that we install, fetched when it is not yet there. */
export async function harborContract(): Promise<Contract> {
  await ensureUpstream(UPSTREAM_FILES.harborApi);
  return new Contract(readUpstream(UPSTREAM_FILES.harborApi));
}
