import Table from 'cli-table3';
import pLimit from 'p-limit';

import { mirroredName } from '../constructs/kit/images';
import { readImageLock, writeImageLock } from '../environments/image-lock';
import { environmentNames, imageLockPath } from '../environments/load';
import { imagesOf, type PlannedImage } from '../plan/images';
import { Skopeo } from '../upstream/skopeo';
import type { VerbContext } from './run-verb';
import { planned } from './session';

interface RegistryOptions {
  readonly insecureRegistry?: readonly string[];
  readonly json?: boolean;
}

/** Registries that are asked at once. */
const PARALLEL = 6;

/** `beamline images`: what an environment pulls, and from where. */
export async function listImages(
  name: string,
  { json }: { readonly json?: boolean },
  context: VerbContext,
): Promise<number> {
  const images = await imagesOfEnvironment(name, context);
  if (json === true) {
    process.stdout.write(`${JSON.stringify({ environment: name, images })}\n`);
    return 0;
  }
  const table = new Table({
    head: ['image', 'pulled from', 'digest', 'objects'],
    style: { head: [], border: [] },
  });
  for (const { image, pulled, locked, objects } of images) {
    const [from = ''] = pulled.split('@');
    const digest = locked ? (pulled.split('@sha256:')[1] ?? '').slice(0, 12) : 'not locked';
    table.push([image, from === image ? '-' : from, digest, String(objects.length)]);
  }
  const open = images.filter(({ locked }) => !locked).length;
  process.stdout.write(
    `${table.toString()}\n${images.length} images${open === 0 ? ', all by digest' : `, ${open} not locked; 'beamline images lock' looks their digests up`}\n`,
  );
  return 0;
}

async function imagesOfEnvironment(name: string, context: VerbContext): Promise<PlannedImage[]> {
  const { environment, plan } = await planned(name, context);
  return imagesOf(plan, environment.mirror);
}

/**
 * `beamline images lock`: looks up the digest of every image of the environments, or of one. A tag that has moved since it was locked
 * is told, and followed only with `--update`.
 */
export async function lockImages(
  name: string,
  options: RegistryOptions & { readonly update?: boolean },
  context: VerbContext,
): Promise<number> {
  const wanted = new Set<string>();
  for (const environment of name === '' ? environmentNames() : [name]) {
    for (const { image } of await imagesOfEnvironment(environment, context)) {
      // What a construct names by digest alone needs no lock.
      if (!image.includes('@')) wanted.add(image);
    }
  }
  const path = imageLockPath();
  const lock = new Map(readImageLock(path));
  const skopeo = skopeoOf(options, context);
  const task = context.report.begin(`looking up ${wanted.size} images`);
  const outcome: Record<'added' | 'moved' | 'failed', string[]> = {
    added: [],
    moved: [],
    failed: [],
  };
  await eachAtOnce([...wanted].sort(), async (image) => {
    try {
      const digest = await skopeo.digestOf(image);
      const before = lock.get(image);
      if (before === undefined) outcome.added.push(image);
      else if (before !== digest) outcome.moved.push(image);
      if (before === undefined || options.update === true) lock.set(image, digest);
    } catch (error) {
      outcome.failed.push(`${image}: ${messageOf(error)}`);
    }
  });
  // What was found is kept, whatever failed: the next run has less to do.
  writeImageLock(path, lock);
  task.done(`${wanted.size - outcome.failed.length} of ${wanted.size} images looked up`);
  const sorted = {
    added: outcome.added.sort(),
    moved: outcome.moved.sort(),
    failed: outcome.failed.sort(),
  };
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(sorted)}\n`
      : lockText(sorted, options.update === true),
  );
  const ignored = sorted.moved.length > 0 && options.update !== true;
  return sorted.failed.length > 0 || ignored ? 1 : 0;
}

interface LockOutcome {
  readonly added: readonly string[];
  readonly moved: readonly string[];
  readonly failed: readonly string[];
}

function lockText({ added, moved, failed }: LockOutcome, update: boolean): string {
  const list = (lines: readonly string[]): string => lines.map((line) => `\n  - ${line}`).join('');
  const followed = update
    ? 'are locked anew'
    : "have moved; '--update' follows them, once you know why";
  return [
    `${added.length} images locked${list(added)}\n`,
    ...(moved.length === 0 ? [] : [`${moved.length} tags ${followed}${list(moved)}\n`]),
    ...(failed.length === 0
      ? []
      : [`${failed.length} images could not be looked up${list(failed)}\n`]),
  ].join('');
}

/** `beamline images mirror`: copies every image of an environment to its mirror, by digest, and looks whether it arrived. */
export async function mirrorImages(
  name: string,
  options: RegistryOptions & { readonly to?: string },
  context: VerbContext,
): Promise<number> {
  const { environment, plan } = await planned(name, context);
  const to = options.to ?? (environment.mirror === 'none' ? undefined : environment.mirror.at);
  if (to === undefined)
    throw new Error(
      `environment '${name}' has no mirror; set 'mirror' in environments/${name}/index.ts, or name a registry with --to`,
    );
  const lock = readImageLock(imageLockPath());
  const images = [...new Set(imagesOf(plan, environment.mirror).map(({ image }) => image))];
  const open = images.filter((image) => !lock.has(image));
  if (open.length > 0)
    throw new Error(
      `${open.length} images are not locked, so it is not known what to copy; 'beamline images lock ${name}' looks them up:${open.map((image) => `\n  - ${image}`).join('')}`,
    );
  const skopeo = skopeoOf(options, context);
  const task = context.report.begin(`copying ${images.length} images to ${to}`);
  const failed: string[] = [];
  let copied = 0;
  await eachAtOnce(images, async (image) => {
    const digest = lock.get(image) ?? '';
    const target = mirroredName(image, to);
    try {
      if ((await skopeo.digestOf(target).catch(() => undefined)) === digest) return;
      await skopeo.copy(`${untagged(image)}@${digest}`, target);
      const arrived = await skopeo.digestOf(target);
      if (arrived !== digest) throw new Error(`arrived as ${arrived}, and is locked as ${digest}`);
      copied += 1;
    } catch (error) {
      failed.push(`${image}: ${messageOf(error)}`);
    }
  });
  task.done(`${copied} of ${images.length} images copied`);
  const there = images.length - copied - failed.length;
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ to, copied, there, failed })}\n`
      : `${copied} images copied to ${to}, ${there} were there\n${failed.map((line) => `  - ${line}\n`).join('')}`,
  );
  return failed.length > 0 ? 1 : 0;
}

function skopeoOf({ insecureRegistry }: RegistryOptions, { signal }: VerbContext): Skopeo {
  return new Skopeo({ insecure: insecureRegistry ?? [], signal });
}

async function eachAtOnce(
  images: readonly string[],
  work: (image: string) => Promise<void>,
): Promise<void> {
  const limit = pLimit(PARALLEL);
  await Promise.all(images.map((image) => limit(() => work(image))));
}

function untagged(image: string): string {
  const colon = image.indexOf(':', image.lastIndexOf('/'));
  return colon < 0 ? image : image.slice(0, colon);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
