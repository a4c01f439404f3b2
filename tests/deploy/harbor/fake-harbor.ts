import { createServer, type IncomingMessage, type Server } from 'node:http';

import { isObject, parseJson, textAt } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';
import type { Contract } from './contract';

interface Answer {
  readonly status: number;
  readonly body?: Json;
  readonly location?: string;
}

const PASSWORD = 'the password of admin';

/**
 * A mock of Harbor, no Harbor: it keeps state, holds every request and answer against the published contract, and refuses what the
 * handlers of Harbor 2.15 refuse beyond it (`src/server/v2.0/handler`). `problems` must be empty at the end of a test.
 */
export class FakeHarbor {
  readonly problems: string[] = [];
  readonly requests: string[] = [];
  /** What is in it, by collection: `projects`, `members/1`. People change it behind our back here. */
  readonly things = new Map<string, Map<number, JsonObject>>();
  readonly tokens = new Map<number, string>();
  #next = 1;
  #server: Server | undefined;
  url = '';

  /** Passwords of admin that were given. */
  readonly passwords = new Set<string>();

  constructor(
    private readonly contract: Contract,
    /** Whether it takes whatever password it is given. */
    private readonly trusting = false,
  ) {}

  get connection(): { url: string; username: string; password: string } {
    return { url: this.url, username: 'admin', password: PASSWORD };
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      void this.#serve(request).then(({ status, body, location }) => {
        response.writeHead(status, {
          'content-type': 'application/json',
          ...(location === undefined ? {} : { location }),
        });
        response.end(body === undefined ? '' : JSON.stringify(body));
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the mock has no port');
    this.url = `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  all(collection: string): Map<number, JsonObject> {
    const found = this.things.get(collection) ?? new Map<number, JsonObject>();
    this.things.set(collection, found);
    return found;
  }

  /** The requests since the last time that changed something. */
  takeChanges(): string[] {
    return this.requests.splice(0).filter((request) => !request.startsWith('GET'));
  }

  async #serve(request: IncomingMessage): Promise<Answer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const body = text === '' ? undefined : parseJson(text);
    const url = new URL(request.url ?? '/', this.url);
    const method = request.method ?? 'GET';
    this.requests.push(`${method} ${url.pathname}`);
    const login = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`;
    const given = request.headers.authorization ?? '';
    this.passwords.add(
      Buffer.from(given.slice('Basic '.length), 'base64').toString('utf8').slice('admin:'.length),
    );
    if (given !== login && !this.trusting) return refused(401, 'unauthorized');
    const wrong = this.contract.requestProblems(method, url, body);
    if (wrong.length > 0) {
      this.problems.push(...wrong.map((problem) => `${method} ${url.pathname}: ${problem}`));
      return refused(400, wrong.join('; '));
    }
    const answer = this.#answer(method, url, isObject(body) ? body : {});
    const odd = this.contract.answerProblems(method, url, answer.status, answer.body);
    this.problems.push(
      ...odd.map((problem) => `the mock's answer to ${method} ${url.pathname}: ${problem}`),
    );
    return answer;
  }

  #answer(method: string, url: URL, body: JsonObject): Answer {
    const path = url.pathname.replace('/api/v2.0/', '');
    const [first = '', second, third, fourth] = path.split('/');
    if (first === 'projects' && third === 'members') {
      const project = this.#project(second ?? '');
      if (project === undefined) return refused(404, `project ${second} not found`);
      return this.#members(method, `members/${project}`, fourth, body);
    }
    if (first === 'replication') return this.#collection(method, 'policies', third, { url, body });
    if (first === 'projects' && second !== undefined) {
      const project = this.#project(second);
      return this.#collection(method, first, String(project ?? 0), { url, body });
    }
    return this.#collection(method, first, second, { url, body });
  }

  #project(nameOrId: string): number | undefined {
    for (const [id, { name }] of this.all('projects'))
      if (name === nameOrId || String(id) === nameOrId) return id;
    return undefined;
  }

  #collection(
    method: string,
    collection: string,
    id: string | undefined,
    { url, body }: { url: URL; body: JsonObject },
  ): Answer {
    const things = this.all(collection);
    if (id === undefined) {
      if (method === 'GET') return { status: 200, body: this.#listed(collection, url) };
      const problem = this.#problemOf(collection, body);
      if (problem !== undefined) return problem;
      const number = this.#next++;
      things.set(number, this.#made(collection, number, body));
      const location = `${url.pathname}/${number}`;
      return collection === 'robots'
        ? {
            status: 201,
            location,
            body: {
              id: number,
              name: things.get(number)?.['name'] ?? '',
              secret: 'Drawn1byHarbor',
              expires_at: -1,
            },
          }
        : { status: 201, location };
    }
    const number = Number(id);
    const thing = things.get(number);
    if (thing === undefined) return refused(404, `${collection} ${id} not found`);
    switch (method) {
      case 'GET':
        return { status: 200, body: thing };
      case 'DELETE':
        return this.#removed(collection, number);
      case 'PATCH':
        return this.#newToken(number, body);
      default:
        return this.#changed(collection, number, body);
    }
  }

  #listed(collection: string, url: URL): Json[] {
    const query = url.searchParams.get('q') ?? '';
    const name = /^name=(.*)$/.exec(query)?.[1];
    const project = /ProjectID=(\d+)/.exec(query)?.[1];
    const reference = url.searchParams.get('reference_id');
    if (url.searchParams.get('page') !== '1') return [];
    return [...this.all(collection).values()].filter((thing) => {
      const permissions = JSON.stringify(thing['permissions'] ?? '');
      const own = textAt(this.all('projects').get(Number(project)), 'name') ?? '';
      return (
        (name === undefined || thing['name'] === name) &&
        (project === undefined || permissions.includes(`"namespace":"${own}"`)) &&
        (reference === null || JSON.stringify(thing['ref']) === `{"id":${reference}}`)
      );
    });
  }

  /** What Harbor refuses although the contract allows it. */
  #problemOf(collection: string, body: JsonObject): Answer | undefined {
    const names = [...this.all(collection).values()].map(({ name }) => name);
    if (names.includes(body['project_name'] ?? body['name'] ?? ''))
      return refused(409, 'it is there already');
    if (collection !== 'robots') return undefined;
    const permissions = JSON.stringify(body['permissions'] ?? []);
    if (!permissions.includes('"action"')) return refused(400, 'bad request empty access');
    if (!(body['duration'] === -1 || Number(body['duration']) > 0))
      return refused(400, 'bad request error duration input');
    return undefined;
  }

  #made(collection: string, id: number, body: JsonObject): JsonObject {
    switch (collection) {
      case 'projects': {
        this.all('quotas').set(id, {
          id,
          ref: { id },
          hard: { storage: body['storage_limit'] ?? -1 },
        });
        return {
          project_id: id,
          name: body['project_name'],
          registry_id: body['registry_id'] ?? 0,
          metadata: body['metadata'],
        };
      }
      case 'robots': {
        const [first] = Array.isArray(body['permissions']) ? body['permissions'] : [];
        const namespace: unknown = isObject(first) ? first['namespace'] : '';
        return {
          ...body,
          id,
          name: `robot$${String(namespace)}+${textAt(body, 'name') ?? ''}`,
          editable: true,
          disable: false,
        };
      }
      case 'retentions': {
        const scope = body['scope'];
        const project = this.all('projects').get(Number(isObject(scope) ? scope['ref'] : 0));
        if (project !== undefined) {
          const metadata = isObject(project['metadata']) ? project['metadata'] : {};
          this.all('projects').set(Number(project['project_id']), {
            ...project,
            metadata: { ...metadata, retention_id: String(id) },
          });
        }
        return { ...body, id };
      }
      default:
        return { ...this.#shown(body), id };
    }
  }

  /** Harbor hides passwords, and shows the registries of a policy by name. */
  #shown(body: JsonObject): JsonObject {
    const credential = body['credential'];
    const side = (name: string): JsonObject => {
      const given = body[name];
      if (!isObject(given)) return {};
      return {
        [name]: {
          id: given['id'],
          name: this.all('registries').get(Number(given['id']))?.['name'] ?? '',
        },
      };
    };
    return {
      ...body,
      ...(isObject(credential) ? { credential: { ...credential, access_secret: '*****' } } : {}),
      ...side('src_registry'),
      ...side('dest_registry'),
    };
  }

  #changed(collection: string, id: number, body: JsonObject): Answer {
    const things = this.all(collection);
    const before = things.get(id) ?? {};
    if (collection === 'robots' && body['name'] !== before['name'])
      return refused(400, 'cannot update the level or name of robot');
    if (collection === 'projects') {
      const was = isObject(before['metadata']) ? before['metadata'] : {};
      const metadata = isObject(body['metadata']) ? body['metadata'] : {};
      things.set(id, { ...before, metadata: { ...was, ...metadata } });
    } else if (collection === 'registries') {
      const { access_key: key, credential_type: type, access_secret: _secret, ...rest } = body;
      const credential =
        key === '' || key === undefined
          ? {}
          : { credential: { type, access_key: key, access_secret: '*****' } };
      things.set(id, { ...before, ...rest, ...credential });
    } else things.set(id, { ...before, ...this.#shown(body) });
    return { status: 200 };
  }

  #newToken(id: number, body: JsonObject): Answer {
    const secret = textAt(body, 'secret') ?? '';
    if (!/^(?=.*[A-Z])(?=.*[a-z])(?=.*\d).{8,128}$/.test(secret))
      return refused(400, 'the secret must be 8-128, inclusively, characters long');
    this.tokens.set(id, secret);
    return { status: 200, body: { secret: '' } };
  }

  #removed(collection: string, id: number): Answer {
    if (collection === 'projects' && Number(this.all('projects').get(id)?.['repo_count'] ?? 0) > 0)
      return refused(412, `the project ${id} contains repositories, can not be deleted`);
    this.all(collection).delete(id);
    return { status: 200 };
  }

  #members(method: string, collection: string, id: string | undefined, body: JsonObject): Answer {
    const members = this.all(collection);
    if (id === undefined && method === 'GET') return { status: 200, body: [...members.values()] };
    if (id === undefined) {
      const group = body['member_group'];
      const user = body['member_user'];
      const dn =
        isObject(group) && typeof group['ldap_group_dn'] === 'string'
          ? group['ldap_group_dn']
          : undefined;
      const name = isObject(user)
        ? user['username']
        : isObject(group)
          ? (dn?.replace(/^[^=]+=([^,]+),.*$/, '$1') ?? group['group_name'])
          : '';
      const number = this.#next++;
      members.set(number, {
        id: number,
        entity_name: name,
        entity_type: isObject(user) ? 'u' : 'g',
        role_id: body['role_id'],
      });
      return { status: 201, location: `/api/v2.0/projects/x/members/${number}` };
    }
    const member = members.get(Number(id));
    if (member === undefined) return refused(404, 'member not found');
    if (method === 'DELETE') members.delete(Number(id));
    else members.set(Number(id), { ...member, ...body });
    return { status: 200 };
  }
}

function refused(status: number, message: string): Answer {
  return { status, body: { errors: [{ code: String(status), message }] } };
}
