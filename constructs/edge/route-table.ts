import type { IConstruct } from 'constructs';

import type { RouteRequest } from '../contracts';
import { duplicateRoutes } from './route-duplicates';

/** Every route of an environment, whichever front door it is of. */
class RouteTable {
  /** Who routes what, by host and path. */
  readonly #owners = new Map<string, string>();
  /** Hosts that go to pods as they are, by who asked for it. */
  readonly #whole = new Map<string, string>();
  readonly #paths = new Map<string, string[]>();

  /** Who has the host and path already; undefined when nobody has. A host whose TLS ends at the pods has no paths to share. */
  public takenBy({ host, path, tls }: RouteRequest): string | undefined {
    const whole = this.#whole.get(host);
    if (whole !== undefined) return whole;
    if (tls?.mode !== 'passthrough') return this.#owners.get(keyOf(host, path));
    const [first] = this.#paths.get(host) ?? [];
    return first === undefined ? undefined : this.#owners.get(keyOf(host, first));
  }

  /** Notes a route. */
  public claim({ host, path, scope, tls }: RouteRequest): void {
    this.#owners.set(keyOf(host, path), scope.node.path);
    this.#paths.set(host, [...(this.#paths.get(host) ?? []), normal(path)]);
    if (tls?.mode === 'passthrough') this.#whole.set(host, scope.node.path);
  }

  /** Whether some route answers the URL. */
  public serves(url: string): boolean {
    if (!URL.canParse(url)) return false;
    const { protocol, hostname, port, pathname } = new URL(url);
    if (protocol !== 'https:' || port !== '') return false;
    const hosts = [hostname, hostname.replace(/^[^.]+/, '*')];
    return hosts
      .flatMap((host) => this.#paths.get(host) ?? [])
      .some((path) => path === '/' || pathname === path || pathname.startsWith(`${path}/`));
  }
}

const tables = new WeakMap<IConstruct, RouteTable>();

/** The table of the tree around a construct. */
export function routeTableOf({ node: { root } }: IConstruct): RouteTable {
  const known = tables.get(root);
  if (known !== undefined) return known;
  const table = new RouteTable();
  tables.set(root, table);
  root.node.addValidation({ validate: () => duplicateRoutes(root) });
  return table;
}

/** A prefix matches whole segments, so a slash at its end says nothing. */
function normal(path = '/'): string {
  return path === '/' ? path : path.replace(/\/+$/, '');
}

function keyOf(host: string, path: string | undefined): string {
  return `${host}${normal(path)}`;
}
