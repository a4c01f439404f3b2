import { z } from 'zod';

import { objectsAt, textAt } from '../../plan/json';
import { objectsOf, type Plan, type PlannedObject } from '../../plan/model';
import type { GuardedCluster } from '../cluster';
import { execIn, type ContainerRef } from '../exec';
import { USERS } from './users-script';

/** What is asked of the accounts of a REANA. */
export type UserRequest =
  | { readonly action: 'list' }
  | { readonly action: 'add' | 'revoke'; readonly email: string }
  | {
      readonly action: 'token';
      readonly email: string;
      /** Whether a token that is there is revoked and another takes its place. */
      readonly replace: boolean;
      /** Whether the token leaves the pod. */
      readonly reveal: boolean;
    }
  | {
      readonly action: 'quota';
      readonly email: string;
      /** Hours of CPU and GiB of files; 0 for any. What is not named stays. */
      readonly limits: { readonly cpu?: number; readonly disk?: number };
    };

const user = z.object({
  id: z.string(),
  email: z.string(),
  admin: z.boolean(),
  token: z.enum(['requested', 'active', 'revoked', 'none']),
  limits: z.record(z.string(), z.number()),
  used: z.record(z.string(), z.number()),
});

/** An account as REANA's database has it. Limits and use are hours of CPU and GiB of files. */
export type ReanaUser = z.infer<typeof user>;

const answer = z.union([
  z.object({ error: z.string(), next: z.string() }),
  z.object({ users: z.array(user) }),
  z.object({ user, changed: z.boolean(), value: z.string().optional() }),
]);

/** What came of it. */
export interface UserAnswer {
  readonly users: readonly ReanaUser[];
  /** Whether anything was done; false when all was as it should be. */
  readonly changed: boolean;
  /** @default - it was not asked for */
  readonly value?: string;
}

/** One REANA of a plan: where it is, and what selects the pods of its server. */
export interface ReanaPlace {
  readonly namespace: string;
  readonly prefix: string;
  readonly host: string;
}

/** The REANA of an environment. @throws Error when it has none, or several and no namespace is named. */
export function reanaOf(plan: Plan, namespace: string | undefined): ReanaPlace {
  const found = objectsOf(plan).filter(isServer).map(placeOf);
  const wanted =
    namespace === undefined ? found : found.filter((one) => one.namespace === namespace);
  const [place] = wanted;
  const names = found
    .map((one) => `'${one.namespace}'`)
    .sort()
    .join(', ');
  if (place === undefined) {
    throw new Error(
      found.length === 0
        ? `environment '${plan.environment}' has no REANA`
        : `environment '${plan.environment}' has no REANA in '${namespace}'; it has one in ${names}`,
    );
  }
  if (wanted.length > 1) {
    throw new Error(
      `environment '${plan.environment}' has several REANAs; name one by --namespace, of ${names}`,
    );
  }
  return place;
}

/**
 * Has something done to the accounts of a REANA, in a pod of its server.
 *
 * @throws Error naming the user, the reason and the next step.
 */
export async function askReana(
  cluster: GuardedCluster,
  place: ReanaPlace,
  request: UserRequest,
): Promise<UserAnswer> {
  const pod = await serverPod(cluster, place);
  const command = ['python3', '-c', USERS, JSON.stringify(request)];
  const { exitCode, stdout, stderr } = await execIn(cluster.access, pod, command);
  const who = 'email' in request ? `user '${request.email}'` : 'the users';
  const line = stdout.trim().split('\n').at(-1) ?? '';
  const parsed = answer.safeParse(exitCode === 0 ? parsedJson(line) : undefined);
  if (!parsed.success) {
    // SQLAlchemy ends with where to read about its errors.
    const said = stderr.split('\n').filter((text) => text.trim() !== '' && !text.startsWith('('));
    const reason = said.at(-1) ?? '';
    throw new Error(
      `${who}: the server's pod '${pod.pod}' ended with ${exitCode}: ${reason === '' ? 'it said nothing' : reason}; ` +
        `look at 'kubectl logs -n ${place.namespace} ${pod.pod}', and whether the database is ready`,
    );
  }
  const { data } = parsed;
  if ('error' in data) throw new Error(`${who}: ${data.error}; ${data.next}`);
  if ('users' in data) return { users: data.users, changed: false };
  return {
    users: [data.user],
    changed: data.changed,
    ...(data.value === undefined ? {} : { value: data.value }),
  };
}

const LABELS = 'app.kubernetes.io';

function isServer({ manifest }: PlannedObject): boolean {
  return (
    manifest.kind === 'Deployment' &&
    textAt(manifest, 'metadata', 'labels', `${LABELS}/name`) === 'reana' &&
    textAt(manifest, 'metadata', 'labels', `${LABELS}/component`) === 'server'
  );
}

function placeOf({ manifest }: PlannedObject): ReanaPlace {
  const env = z.array(z.object({ name: z.string(), value: z.string().optional() }));
  const pods = z.object({
    spec: z.object({
      template: z.object({ spec: z.object({ containers: z.array(z.object({ env })) }) }),
    }),
  });
  const variables = pods.parse(manifest).spec.template.spec.containers.flatMap((one) => one.env);
  return {
    namespace: manifest.metadata.namespace ?? '',
    prefix: textAt(manifest, 'metadata', 'labels', `${LABELS}/instance`) ?? '',
    host: variables.find(({ name }) => name === 'REANA_HOSTNAME')?.value ?? '',
  };
}

async function serverPod(
  { api }: GuardedCluster,
  { namespace, prefix }: ReanaPlace,
): Promise<ContainerRef> {
  const selector = [`name=reana`, `instance=${prefix}`, 'component=server']
    .map((label) => `${LABELS}/${label}`)
    .join(',');
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`;
  const pods = objectsAt(await api.get(path), 'items');
  const ready = pods.find((pod) =>
    objectsAt(pod, 'status', 'conditions').some(
      (one) => textAt(one, 'type') === 'Ready' && textAt(one, 'status') === 'True',
    ),
  );
  const pod = ready === undefined ? undefined : textAt(ready, 'metadata', 'name');
  if (pod === undefined) {
    throw new Error(
      `no pod of '${namespace}/${prefix}-server' is ready (there are ${pods.length}), and accounts are made in one; ` +
        `'kubectl get pods -n ${namespace}' says what keeps it, 'beamline up' deploys it`,
    );
  }
  return { namespace, pod, container: 'rest-api' };
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
