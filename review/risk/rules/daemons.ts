import type { Change } from '../../change';
import type { Context } from '../context';
import { listed } from '../look';
import type { Risk } from '../risk';

/** Directories in which node agents give other pods their file systems and devices. */
const NODE_PATHS = /^\/(cvmfs|var\/lib\/(kubelet|rook|csi)|dev|sys|etc\/auto)/;

/** The end of a DaemonSet. */
export function daemonsGone(change: Change, { before }: Context): Risk {
  const pods = before.workload(change.before?.id ?? change.id);
  const mounts = JSON.stringify(pods?.pod['volumes'] ?? []).match(/"path":"[^"]+"/g) ?? [];
  const shares = JSON.stringify(pods?.pod['containers'] ?? []).includes('"Bidirectional"');
  const paths = mounts
    .map((text) => text.slice(8, -1))
    .filter((path) => shares || NODE_PATHS.test(path));
  const anew = change.operation === 'replace';
  return {
    rule: anew ? 'daemons-replaced' : 'daemons-deleted',
    severity: paths.length > 0 || anew ? 'high' : 'medium',
    why:
      paths.length > 0
        ? `the pods of all nodes stop at once, and with them what they mount in ${listed(paths)}`
        : 'the pods of all nodes stop at once',
    lost:
      paths.length > 0
        ? 'mounts of every other pod that uses them: stale until it restarts'
        : 'what they did for the node',
    instead: anew
      ? 'keep the selector: a changed template rolls node by node'
      : 'drain the pods that use it first',
  };
}
