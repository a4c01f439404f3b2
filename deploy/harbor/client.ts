import { types } from 'node:util';

import { z } from 'zod';

import { isObject, parseJson } from '../../plan/json';
import type { Json, JsonObject } from '../../plan/model';

/** How the API of a Harbor is reached, the password in clear. Never print it. */
export interface Access {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export const access = z.object({ url: z.url(), username: z.string(), password: z.string() });

/** An answer of Harbor that is not what was hoped for. */
export class HarborError extends Error {
  constructor(
    readonly status: number,
    request: string,
    words: string,
  ) {
    super(`Harbor answered ${status} to ${request}: ${words}`);
    this.name = 'HarborError';
  }
}

/** Longest for one answer. */
const ANSWER_MS = 30_000;
const PAGE = 100;

/** Harbor's API, version 2.0 (`api/v2.0/swagger.yaml` of its sources). */
export class HarborClient {
  readonly #base: string;
  readonly #authorization: string;

  constructor({ url, username, password }: Access) {
    this.#base = `${url.replace(/\/$/, '')}/api/v2.0`;
    this.#authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }

  /** What is at a path; undefined when nothing is. */
  async find(
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<JsonObject | undefined> {
    try {
      const { body } = await this.#send('GET', path, undefined, headers);
      return isObject(body) ? body : undefined;
    } catch (error) {
      if (error instanceof HarborError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Everything in a collection. */
  async list(path: string): Promise<JsonObject[]> {
    const all: JsonObject[] = [];
    for (let page = 1; ; page += 1) {
      const sign = path.includes('?') ? '&' : '?';
      const { body } = await this.#send('GET', `${path}${sign}page=${page}&page_size=${PAGE}`);
      const items = Array.isArray(body) ? body.filter(isObject) : [];
      all.push(...items);
      if (items.length < PAGE) return all;
    }
  }

  /** Makes something; answers its number, from where Harbor says that it is. */
  async create(path: string, body: JsonObject): Promise<string> {
    const { location } = await this.#send('POST', path, body);
    return location?.split('/').at(-1) ?? '';
  }

  async put(path: string, body: JsonObject): Promise<void> {
    await this.#send('PUT', path, body);
  }

  async patch(path: string, body: JsonObject): Promise<void> {
    await this.#send('PATCH', path, body);
  }

  /** Removes something; that it is gone already is as good. */
  async remove(path: string): Promise<void> {
    try {
      await this.#send('DELETE', path);
    } catch (error) {
      if (!(error instanceof HarborError && error.status === 404)) throw error;
    }
  }

  async #send(
    method: string,
    path: string,
    body?: JsonObject,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly body: Json; readonly location: string | null }> {
    const request = `${method} ${path}`;
    const once = (): Promise<Response> =>
      fetch(`${this.#base}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          authorization: this.#authorization,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
    const answer = await once()
      // A front door may close a kept connection as the next request is on its way: once more, by a new one.
      .catch((error: unknown) => {
        if (wasClosed(error)) return once();
        throw error;
      })
      .catch((error: unknown) => {
        throw new Error(`Harbor at ${this.#base} cannot be reached: ${reasonOf(error)}`, {
          cause: error,
        });
      });
    const text = await answer.text();
    if (!answer.ok) throw new HarborError(answer.status, request, text.trim().slice(0, 500));
    return {
      body: text.trim() === '' ? null : parseJson(text),
      location: answer.headers.get('location'),
    };
  }
}

const CLOSED = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];

/** Whether the other side closed the connection without an answer. */
function wasClosed(error: unknown): boolean {
  const cause: unknown = types.isNativeError(error) ? error.cause : undefined;
  return types.isNativeError(cause) && 'code' in cause && CLOSED.includes(String(cause.code));
}

function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  return types.isNativeError(error.cause) ? error.cause.message : error.message;
}
