import { z } from 'zod';

import { GRANTED_UNTIL } from '../constructs/kit/leave';
import { textAt } from '../plan/json';
import { objectsOf } from '../plan/model';
import type { VerbContext } from './run-verb';
import { withSession } from './session';

/** For how long `beamline grant` hands out a token. */
export interface GrantOptions {
  /** Hours, from 1 to 24. */
  readonly hours: string;
  /** @default false */
  readonly json?: boolean;
}

const answer = z.object({
  status: z.object({ token: z.string(), expirationTimestamp: z.string() }),
});

/**
 * `beamline grant`: a token of hours for the team of an edge grant, by the API server's TokenRequest; nothing of it is kept here. Refused after
 * the grant's last day, as the environment has it.
 */
export function grant(
  name: string,
  { hours, json, team }: GrantOptions & { readonly team: string },
  context: VerbContext,
): Promise<number> {
  const seconds = secondsOf(hours);
  return withSession(name, context, async ({ plan, cluster }) => {
    const account = objectsOf(plan).find(
      ({ manifest }) =>
        manifest.kind === 'ServiceAccount' &&
        manifest.metadata.name === team &&
        textAt(manifest, 'metadata', 'annotations', GRANTED_UNTIL) !== undefined,
    );
    if (account === undefined)
      throw new Error(`environment '${name}' grants nothing to a team '${team}'`);
    const until = textAt(account.manifest, 'metadata', 'annotations', GRANTED_UNTIL) ?? '';
    if (until < new Date().toISOString().slice(0, 10)) {
      throw new Error(
        `the grant of team '${team}' ended on ${until}; renew it in the environment and deploy`,
      );
    }
    const namespace = account.manifest.metadata.namespace ?? '';
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${team}/token`;
    const request = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: seconds },
    };
    const { status } = answer.parse(
      await cluster.api.send('POST', path, 'application/json', {
        type: 'application/json',
        text: JSON.stringify(request),
      }),
    );
    process.stderr.write(`for namespace '${namespace}', until ${status.expirationTimestamp}\n`);
    process.stdout.write(
      json === true ? `${JSON.stringify({ namespace, ...status })}\n` : `${status.token}\n`,
    );
    return 0;
  });
}

function secondsOf(hours: string): number {
  const number = Number(hours);
  if (Number.isFinite(number) && number >= 1 && number <= 24) return Math.round(number * 3600);
  throw new Error(`--hours must be 1 to 24, got '${hours}'; ask again when the token has ended`);
}
