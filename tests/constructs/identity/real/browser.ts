import { createPublicKey, verify } from 'node:crypto';

import { z } from 'zod';

import { CALLBACK, CLIENT_SECRET } from './running-dex';

/** What a login came to: a code for the service, or what Dex wrote instead. */
export type Outcome =
  { readonly code: string } | { readonly status: number; readonly text: string };

/** What is asked for and by whom. */
export interface LoginTrial {
  readonly user: string;
  readonly password: string;
  /** @default the one that is registered */
  readonly redirectUri?: string;
  /** @default 'openid profile email groups' */
  readonly scope?: string;
}

const discovery = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
});
const claims = z.looseObject({
  iss: z.string(),
  aud: z.string(),
  preferred_username: z.string().optional(),
  email: z.string().optional(),
  groups: z.array(z.string()).optional(),
});
const tokens = z.looseObject({ id_token: z.string(), refresh_token: z.string().optional() });
type Claims = z.infer<typeof claims>;

/** A browser and the service behind it, which speak to Dex by HTTP as the front door would forward it. */
export class Browser {
  constructor(
    /** Where Dex listens; the issuer's host name is the front door's. */
    private readonly dex: string,
    private readonly clientId = 'harbor',
  ) {}

  /** Walks through the login as a browser does: the form, the password, and back to the service. */
  async login({ user, password, redirectUri, scope }: LoginTrial): Promise<Outcome> {
    const query = new URLSearchParams({
      client_id: this.clientId,
      redirect_uri: redirectUri ?? CALLBACK,
      response_type: 'code',
      scope: scope ?? 'openid profile email groups',
      state: 'of the service',
    });
    const form = await this.#follow(`/auth?${query.toString()}`);
    if (!('page' in form)) return form;
    const body = new URLSearchParams({ login: user, password });
    const answered = await this.#follow(form.page, { method: 'POST', body });
    return 'page' in answered ? { status: answered.status, text: answered.text } : answered;
  }

  /** Has a code exchanged for tokens, as the service does. */
  async exchange(code: string, secret = CLIENT_SECRET): Promise<Response> {
    return this.#token({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK }, secret);
  }

  async refresh(token: string): Promise<Response> {
    return this.#token({ grant_type: 'refresh_token', refresh_token: token }, CLIENT_SECRET);
  }

  /** The tokens of somebody who logs in, the signature checked against the keys that Dex publishes. */
  async tokensOf(trial: LoginTrial): Promise<{ claims: Claims; refresh: string | undefined }> {
    const outcome = await this.login(trial);
    if (!('code' in outcome)) throw new Error(`no code: ${outcome.status} ${outcome.text}`);
    const answer = tokens.parse(await (await this.exchange(outcome.code)).json());
    return { claims: await this.#verified(answer.id_token), refresh: answer.refresh_token };
  }

  async discover(): Promise<z.infer<typeof discovery>> {
    const answer = await fetch(`${this.dex}/.well-known/openid-configuration`);
    return discovery.parse(await answer.json());
  }

  async #verified(token: string): Promise<Claims> {
    const [header = '', body = '', signature = ''] = token.split('.');
    const { kid } = z.looseObject({ kid: z.string() }).parse(decoded(header));
    const { jwks_uri: published } = await this.discover();
    const answer = await fetch(`${this.dex}${new URL(published).pathname}`);
    const { keys } = z
      .object({ keys: z.array(z.looseObject({ kid: z.string() })) })
      .parse(await answer.json());
    const jwk = keys.find((key) => key.kid === kid);
    if (jwk === undefined) throw new Error(`no published key '${kid}'`);
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const bytes = Buffer.from(signature, 'base64url');
    if (!verify('RSA-SHA256', Buffer.from(`${header}.${body}`), key, bytes))
      throw new Error('the token is signed by somebody else');
    return claims.parse(decoded(body));
  }

  #token(fields: Readonly<Record<string, string>>, secret: string): Promise<Response> {
    const basic = Buffer.from(`${this.clientId}:${encodeURIComponent(secret)}`).toString('base64');
    return fetch(`${this.dex}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams(fields),
    });
  }

  /** Follows redirects within Dex; one to the service ends it. */
  async #follow(
    path: string,
    init: RequestInit = {},
  ): Promise<Outcome | { readonly page: string; readonly status: number; readonly text: string }> {
    const answer = await fetch(`${this.dex}${path}`, { ...init, redirect: 'manual' });
    const location = answer.headers.get('location');
    const text = await answer.text();
    if (location === null)
      return answer.ok
        ? { page: path, status: answer.status, text }
        : { status: answer.status, text };
    const next = new URL(location, this.dex);
    const code = next.searchParams.get('code');
    if (code !== null) return { code };
    return this.#follow(`${next.pathname}${next.search}`);
  }
}

function decoded(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}
