import { isDeepStrictEqual } from 'node:util';

import type { Pod } from '../pod';
import type { Behaviour } from './behaviour';

/** What is done to a pod. */
export type Operation =
  | { readonly kind: 'create'; readonly subresource: string }
  | { readonly kind: 'update'; readonly oldPod: Pod; readonly subresource: string };

const HARMLESS = new Set([
  ...['exec', 'attach', 'binding', 'eviction', 'log', 'portforward', 'proxy', 'status'],
]);
const NETWORK_NOTE = 'k8s.ovn.org/pod-networks';

/** Why SCC admission does not look at the pod at all, or undefined. Source: `sccadmission/admission.go`, shouldIgnore. */
export function whyIgnored(
  pod: Pod,
  operation: Operation,
  behaviour: Behaviour,
): string | undefined {
  const { subresource } = operation;
  if (subresource !== '') {
    if (!behaviour.readsSubresources || HARMLESS.has(subresource)) {
      return `SCC admission does not look at '${subresource}'`;
    }
  }
  if (behaviour.ignoresWindows && pod.spec.os?.name === 'windows') {
    return 'SCC admission does not look at pods for Windows nodes';
  }
  if (operation.kind === 'create') return undefined;
  return onlyBookkeeping(pod, operation.oldPod, behaviour)
    ? 'the update changes only owners, finalizers or what SCC admission passes over'
    : undefined;
}

/** Whether an update touches nothing but what the garbage collector and, in later releases, the network write. */
function onlyBookkeeping(pod: Pod, old: Pod, { ignoresNetworkNotes }: Behaviour): boolean {
  return isDeepStrictEqual(
    comparable(bare(pod, ignoresNetworkNotes)),
    comparable(bare(old, ignoresNetworkNotes)),
  );
}

function bare(pod: Pod, withoutNote: boolean): unknown {
  const {
    ownerReferences: _owners,
    finalizers: _finalizers,
    managedFields: _fields,
    selfLink: _link,
    annotations = {},
    ...metadata
  } = pod.metadata;
  const { [NETWORK_NOTE]: note, ...others } = annotations;
  const notes = withoutNote || note === undefined ? others : { ...others, [NETWORK_NOTE]: note };
  return { ...pod, metadata: { ...metadata, annotations: notes } };
}

/** Whether two pods are the same to Kubernetes, for which nothing, an empty list and an empty map are one. */
export function samePod(a: Pod, b: Pod): boolean {
  return isDeepStrictEqual(comparable(a), comparable(b));
}

function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined && !(Array.isArray(field) && field.length === 0))
      .filter(([name, field]) => !(MAPS.has(name) && isEmpty(field)))
      .map(([name, field]) => [name, comparable(field)] as const),
  );
}

/** Fields that are maps, of which an empty one is none; an empty object elsewhere is something. */
const MAPS = new Set(['annotations', 'labels', 'nodeSelector']);

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
