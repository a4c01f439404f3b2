import { Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';

/** Digests by image: `docker.io/library/traefik:v3.6.12` to `sha256:…`. */
export type ImageLock = ReadonlyMap<string, string>;

/** Where a cluster pulls images from. */
export interface ImageMirror {
  /** Registry and path: `registry.example.org/mirror`. What was at `quay.io/a/b:1` is at `registry.example.org/mirror/quay.io/a/b:1`. */
  readonly at: string;
  /**
   * Namespaces that pull from the publishers nevertheless: what the mirror itself cannot start without, when it runs in this cluster.
   *
   * @default []
   */
  readonly exceptNamespaces?: readonly string[];
}

/** How images are named in a tree. */
export interface ImagePolicy {
  readonly lock: ImageLock;
  /** A registry that has all images; `none` when they come from their publishers. */
  readonly mirror: ImageMirror | 'none';
}

/** Says how images are named below a construct. Before anything is added there. */
export function attachImages(root: IConstruct, policy: ImagePolicy): void {
  root.node.setContext(CONTEXT_KEY, policy);
}

/** Says that images below a construct come from their publishers: the registry `host` cannot bring up itself. */
export function pullWithout(scope: IConstruct, host: string): void {
  const policy = policyOf(scope);
  if (policy === undefined || policy.mirror === 'none') return;
  if (hostOf(policy.mirror.at) === host) attachImages(scope, { ...policy, mirror: 'none' });
}

/**
 * The reference under which a cluster pulls an image that a construct names as `repository:tag`: from the mirror if there is one, and by
 * digest once `images.lock` has it. Containers get it by themselves; a custom resource that holds an image asks for it.
 */
export function resolveImage(scope: Construct, reference: string): string {
  const policy = policyOf(scope);
  if (policy === undefined || reference.includes('${')) return reference;
  const mirror =
    policy.mirror === 'none' || isExcepted(scope, policy.mirror) ? undefined : policy.mirror;
  if (mirror !== undefined && reference.startsWith(`${mirror.at}/`)) return reference;
  const image = imageName(reference);
  const digest = policy.lock.get(image);
  const name = mirror === undefined ? reference : mirroredName(image, mirror.at);
  return digest === undefined || reference.includes('@') ? name : `${name}@${digest}`;
}

/** An image by its full name, with the registry and the library that Docker leaves out: `docker.io/library/nginx:1`. */
export function imageName(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  if (rest.length === 0) return `docker.io/library/${reference}`;
  return /[.:]/.test(first) || first === 'localhost' ? reference : `docker.io/${reference}`;
}

/** What an image is called at a mirror. A path may hold no colon, so the port of a publisher is set off by `_`, which no host has. */
export function mirroredName(image: string, at: string): string {
  return `${at}/${image.replace(/^([^/:]+):(\d+)\//, '$1_$2/')}`;
}

const PORT_IN_PATH = /(?<=^[^/_]+)_(\d+)\//;

/** The image that a reference of a plan stands for: its publisher's name, without mirror and digest. */
export function publishedName(reference: string, mirror: ImageMirror | 'none'): string {
  const [before = ''] = reference.split('@');
  const hasTag = before.includes(':', before.lastIndexOf('/'));
  const tagged = hasTag ? before : reference;
  const prefix = mirror === 'none' ? undefined : `${mirror.at}/`;
  const mirrored = prefix !== undefined && tagged.startsWith(prefix);
  return imageName(mirrored ? tagged.slice(prefix.length).replace(PORT_IN_PATH, ':$1/') : tagged);
}

const CONTEXT_KEY = 'beamline:images';

function policyOf(scope: IConstruct): ImagePolicy | undefined {
  const found: unknown = scope.node.tryGetContext(CONTEXT_KEY);
  return isPolicy(found) ? found : undefined;
}

function isPolicy(value: unknown): value is ImagePolicy {
  return (
    typeof value === 'object' && value !== null && 'lock' in value && value.lock instanceof Map
  );
}

function isExcepted(scope: Construct, { exceptNamespaces }: ImageMirror): boolean {
  const { namespace } = Chart.of(scope);
  return namespace !== undefined && exceptNamespaces?.includes(namespace) === true;
}

function hostOf(registry: string): string {
  return registry.split('/')[0] ?? registry;
}
