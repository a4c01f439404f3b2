import type { Container, Pod } from '../pod';

const HARMLESS = new Set([
  ...['exec', 'attach', 'binding', 'eviction', 'log', 'portforward', 'proxy', 'status'],
]);

/** Whether Pod Security looks at an update at all: it does when images or containers change. */
export function isLookedAt(pod: Pod, old: Pod, subresource: string): boolean {
  if (HARMLESS.has(subresource)) return false;
  const lists = [
    [pod.spec.containers, old.spec.containers],
    [pod.spec.initContainers ?? [], old.spec.initContainers ?? []],
  ] as const;
  if (lists.some(([now, before]) => now.length !== before.length)) return true;
  if (lists.some(([now, before]) => now.some((one, at) => one.image !== before[at]?.image))) {
    return true;
  }
  return (pod.spec.ephemeralContainers ?? []).some((one) => isNew(one, old));
}

function isNew(container: Container, old: Pod): boolean {
  const before = (old.spec.ephemeralContainers ?? []).find(({ name }) => name === container.name);
  return before === undefined || before.image !== container.image;
}
