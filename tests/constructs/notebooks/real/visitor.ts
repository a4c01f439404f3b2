import { Agent, request } from 'node:http';

import { z } from 'zod';

import { Cookies } from './cookies';
import { HOSTS } from './rendered';

const event = z.looseObject({ message: z.string().default(''), ready: z.boolean().default(false) });

/** What a request came to. */
export interface Answer {
  readonly url: URL;
  readonly status: number;
  /** Where it sends the browser, if anywhere. */
  readonly location: string | undefined;
  readonly text: string;
}

interface Sending {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PATCH';
  /** How a browser came to it: by going there, or by a script of the page. */
  readonly mode: 'navigate' | 'same-origin';
  readonly type?: string;
  readonly body?: string;
}

const GO: Sending = { method: 'GET', mode: 'navigate' };

/** Where the hosts of a site answer, past the front door, which only ends TLS. */
export type Doors = Readonly<Record<string, string>>;

/** Somebody without a browser, who sends what one would: pages, forms, cookies, the token against forged requests, and a stream of events. */
export class Visitor {
  readonly #cookies = new Cookies();
  readonly #agent = new Agent({ keepAlive: true });

  /** `account` is what they type at the provider, where the hub knows them by another name. */
  constructor(
    readonly user: string,
    private readonly doors: Doors,
    private readonly account = user,
  ) {}

  /** From the hub's first page through the provider's form to the page of profiles, or to the session that is there already. */
  async login(): Promise<void> {
    const first = await this.page(`https://${HOSTS.hub}/`);
    const [, at = ''] = /href='?"?([^'"\s>]*oauth_login[^'"\s>]*)/.exec(first.text) ?? [];
    const form = await this.page(new URL(at.replaceAll('&amp;', '&'), first.url).href);
    const fields = { login: this.account, password: `${this.account}-secret` };
    const last = await this.page(form.url.href, formOf(fields));
    if (!/^\/(hub\/spawn|user\/)/.test(last.url.pathname)) throw strange('after the login', last);
  }

  /** Sends the form of profiles, and waits until the hub says that the session is ready. */
  async start(profile: string): Promise<void> {
    const pending = await this.send(`/hub/spawn/${this.user}`, { profile });
    if (!pending.url.pathname.startsWith('/hub/spawn-pending/'))
      throw strange('after the form of profiles', pending);
    const progress = await this.ask('GET', `users/${this.user}/server/progress`);
    if (progress.status !== 200) throw strange('its progress', progress);
    // The stream ends with what came of it.
    const events = progress.text
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => event.parse(JSON.parse(line.slice('data: '.length))));
    const last = events.at(-1);
    if (last?.ready !== true) throw new Error(`not ready: ${last?.message ?? 'no event at all'}`);
  }

  /** Opens the session, which asks the hub who comes. */
  async open(): Promise<void> {
    const found = await this.page(`https://${HOSTS.hub}/user/${this.user}/`);
    if (!found.text.includes(`Session of ${this.user}`)) throw strange('the session', found);
  }

  /** Sends a form of the hub's, and follows. */
  async send(path: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
    return this.page(this.#signed(path).href, formOf(fields));
  }

  /** Asks the hub's API as its pages do. */
  async ask(method: Sending['method'], path: string, body?: object): Promise<Answer> {
    return this.#ask(this.#signed(`/hub/api/${path}`), {
      method,
      mode: 'same-origin',
      type: 'application/json',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** Follows redirects until a page comes. */
  async page(address: string, sending: Sending = GO): Promise<Answer> {
    let answer = await this.#ask(new URL(address), sending);
    for (let hops = 0; hops < 20; hops += 1) {
      if (answer.location === undefined) return answer;
      answer = await this.#ask(new URL(answer.location, answer.url), GO);
    }
    throw strange('redirected without end', answer);
  }

  /** Closes its connections. */
  leave(): void {
    this.#agent.destroy();
  }

  #signed(path: string): URL {
    const url = new URL(path, `https://${HOSTS.hub}`);
    url.searchParams.set('_xsrf', this.#cookies.value(url, '_xsrf') ?? '');
    return url;
  }

  #ask(url: URL, { method, mode, type, body }: Sending): Promise<Answer> {
    const door = this.doors[url.host];
    if (door === undefined) throw new Error(`sent to ${url.href}, which is no host of the site`);
    const headers = {
      host: url.host,
      'x-forwarded-proto': 'https',
      'sec-fetch-mode': mode,
      cookie: this.#cookies.header(url),
      ...(type === undefined ? {} : { 'content-type': type }),
    };
    return new Promise((resolve, reject) => {
      const where = new URL(url.pathname + url.search, door);
      const asked = request(where, { method, headers, agent: this.#agent }, (answer) => {
        const { statusCode: status = 0, headers: told } = answer;
        this.#cookies.keep(url, told['set-cookie'] ?? []);
        let text = '';
        answer.setEncoding('utf8').on('data', (more: string) => (text += more));
        answer.on('end', () => resolve({ url, status, location: told.location, text }));
        answer.on('error', reject);
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }
}

function formOf(fields: Readonly<Record<string, string>>): Sending {
  const type = 'application/x-www-form-urlencoded';
  return { method: 'POST', mode: 'navigate', type, body: new URLSearchParams(fields).toString() };
}

/** What somebody reads who did not come where they wanted. */
function strange(what: string, { url, status, text }: Answer): Error {
  const read = text
    .replaceAll(/<(script|style)[^]*?<\/\1>|<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return new Error(`${what}, at ${url.pathname}: ${status} ${read.slice(0, 300)}`);
}
