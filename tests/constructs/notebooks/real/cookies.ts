interface Cookie {
  readonly host: string;
  readonly path: string;
  readonly name: string;
  readonly value: string;
}

/** What a browser keeps of one person, by host and path: the hub and each session have an `_xsrf` of their own. */
export class Cookies {
  readonly #kept = new Map<string, Cookie>();

  keep(url: URL, lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name = '', ...rest] = pair.split('=');
      const of = (key: string): string | undefined =>
        attributes.find((one) => one.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
      const cookie = { host: url.host, path: of('path') ?? '/', name, value: rest.join('=') };
      const expires = of('expires');
      const gone = expires !== undefined && Date.parse(expires) < Date.now();
      const key = [cookie.host, cookie.path, name].join(' ');
      if (gone) this.#kept.delete(key);
      else this.#kept.set(key, cookie);
    }
  }

  /** The header for a request; the longest path first, as browsers have it. */
  header(url: URL): string {
    return this.#at(url)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  value(url: URL, name: string): string | undefined {
    return this.#at(url)
      .find((cookie) => cookie.name === name)
      ?.value.replaceAll('"', '');
  }

  #at({ host, pathname }: URL): Cookie[] {
    return [...this.#kept.values()]
      .filter((cookie) => cookie.host === host && pathname.startsWith(cookie.path))
      .sort((one, other) => other.path.length - one.path.length);
  }
}
