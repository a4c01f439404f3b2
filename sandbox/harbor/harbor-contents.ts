import { isObject, objectsAt, textAt } from '../../plan/json';
import type { Json, JsonObject } from '../../plan/model';
import { refused, type HarborAnswer } from './answer';
import { answerMembers } from './members';

/**
 * What is inside a stand-in of Harbor. It refuses what the handlers of Harbor 2.15 refuse beyond their contract
 * (`src/server/v2.0/handler`).
 */
export class HarborContents {
  /** What there is, by collection: `projects`, `members/1`. */
  readonly things = new Map<string, Map<number, JsonObject>>();
  /** Tokens of robots, by the robot's number. */
  readonly tokens = new Map<number, string>();
  #next = 1;

  /** Everything in a collection, by number. Changing it is changing it by hand. */
  all(collection: string): Map<number, JsonObject> {
    const found = this.things.get(collection) ?? new Map<number, JsonObject>();
    this.things.set(collection, found);
    return found;
  }

  /** What Harbor answers to a request that its contract allows. */
  answer(method: string, url: URL, body: JsonObject): HarborAnswer {
    const path = url.pathname.replace('/api/v2.0/', '');
    const [first = '', second, third, fourth] = path.split('/');
    if (first === 'projects' && third === 'members') {
      const project = this.#project(second ?? '');
      if (project === undefined) return refused(404, `project ${second} not found`);
      const members = this.all(`members/${project}`);
      return answerMembers(members, () => this.#next++, { method, id: fourth, body });
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
  ): HarborAnswer {
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
  #problemOf(collection: string, body: JsonObject): HarborAnswer | undefined {
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
        const [first] = objectsAt(body, 'permissions');
        const namespace = textAt(first, 'namespace') ?? '';
        return {
          ...body,
          id,
          name: `robot$${namespace}+${textAt(body, 'name') ?? ''}`,
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

  #changed(collection: string, id: number, body: JsonObject): HarborAnswer {
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

  #newToken(id: number, body: JsonObject): HarborAnswer {
    const secret = textAt(body, 'secret') ?? '';
    if (!/^(?=.*[A-Z])(?=.*[a-z])(?=.*\d).{8,128}$/.test(secret))
      return refused(400, 'the secret must be 8-128, inclusively, characters long');
    this.tokens.set(id, secret);
    return { status: 200, body: { secret: '' } };
  }

  #removed(collection: string, id: number): HarborAnswer {
    if (collection === 'projects' && Number(this.all('projects').get(id)?.['repo_count'] ?? 0) > 0)
      return refused(412, `the project ${id} contains repositories, can not be deleted`);
    this.all(collection).delete(id);
    return { status: 200 };
  }
}
