import { request } from 'node:http';

import { Forwarder } from '../../../support/forwarder';

/** Puts a token on every request: Kubernetes' own clients keep theirs to themselves where there is no TLS. */
export function startBearer(to: string, token: string): Promise<Forwarder> {
  return Forwarder.start(({ method, url, headers }, answered) =>
    request(
      new URL(url ?? '/', to),
      { method, headers: { ...headers, authorization: `Bearer ${token}` } },
      answered,
    ),
  );
}
