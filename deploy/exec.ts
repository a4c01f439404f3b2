import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { Exec, KubeConfig, type V1Status } from '@kubernetes/client-node';

import type { ClusterAccess } from './cluster';

/** One container of a pod. */
export interface ContainerRef {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** What a command in a container did. */
export interface Executed {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Longest that a command may take. */
const LIMIT_MS = 120_000;

/**
 * Runs a command in a container, as `kubectl exec` does, through the cluster that an environment is pinned to.
 *
 * @throws Error when the API server does not let it be run, or it does not end in time.
 */
export async function execIn(
  access: ClusterAccess,
  { namespace, pod, container }: ContainerRef,
  command: readonly string[],
): Promise<Executed> {
  const config = new KubeConfig();
  if (access.kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(access.kubeconfig);
  config.setCurrentContext(access.context);
  const [out, err] = [new PassThrough(), new PassThrough()];
  const read = Promise.all([text(out), text(err)]);
  const where = `'${namespace}/${pod}'`;
  let patience: NodeJS.Timeout | undefined;
  const ended = new Promise<V1Status>((resolve, reject) => {
    const failed = (reason: string): void =>
      reject(new Error(`a command in the pod ${where} could not be run: ${reason}`));
    patience = setTimeout(() => failed(`it did not end within ${LIMIT_MS / 1000} s`), LIMIT_MS);
    new Exec(config)
      .exec(namespace, pod, container, [...command], out, err, null, false, resolve)
      .then((socket: unknown) =>
        whenClosed(socket, () => failed('the connection was closed before it ended')),
      )
      .catch((error: unknown) => failed(error instanceof Error ? error.message : String(error)));
  });
  try {
    const status = await ended;
    out.end();
    err.end();
    const [stdout, stderr] = await read;
    return { exitCode: exitCodeOf(status), stdout, stderr };
  } finally {
    clearTimeout(patience);
    out.destroy();
    err.destroy();
  }
}

/** The library's socket has no type of its own here (`isomorphic-ws`). */
function whenClosed(socket: unknown, then: () => void): void {
  if (typeof socket === 'object' && socket !== null) Reflect.set(socket, 'onclose', then);
}

/** The API server reports the code as a cause among the details of a failure. */
function exitCodeOf({ status, details }: V1Status): number {
  if (status === 'Success') return 0;
  const cause = details?.causes?.find(({ reason }) => reason === 'ExitCode');
  return Number(cause?.message ?? 1);
}
