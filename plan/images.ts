import { imageName, publishedName, type ImageMirror } from '../constructs/kit/images';
import { IMAGES } from '../constructs/versions';
import { isList, isObject } from './json';
import { objectsOf, type Json, type ObjectId, type Plan } from './model';

/** An image that a plan uses. */
export interface PlannedImage {
  /** As its publisher names it: `quay.io/a/b:1`. */
  readonly image: string;
  /** As the cluster pulls it, from a mirror and by digest where there are. */
  readonly pulled: string;
  /** Whether it is named by digest. */
  readonly locked: boolean;
  /** The objects that name it. */
  readonly objects: readonly ObjectId[];
}

const DIGEST = /@sha256:[0-9a-f]{64}$/;
/** A reference that names its registry, with tag or digest, on its own or inside other text. */
const REFERENCE =
  /(?<![\w./:@-])[a-z0-9][a-z0-9.-]*(?::\d+)?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+(?::[A-Za-z0-9_][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?/g;

/**
 * Every image of a plan: of containers, of fields that are called after an image in any kind, and, in other texts such as
 * variables and ConfigMaps, the images that `versions/` knows or some container has.
 */
export function imagesOf(plan: Plan, mirror: ImageMirror | 'none'): PlannedImage[] {
  const found = new Map<string, Set<ObjectId>>();
  const note = (reference: string, id: ObjectId): void => {
    found.set(reference, (found.get(reference) ?? new Set()).add(id));
  };
  const texts: { readonly id: ObjectId; readonly text: string }[] = [];
  for (const { id, manifest, upstream } of objectsOf(plan)) {
    // A definition tells what may be in a field, and its examples are no images of ours.
    if (upstream !== undefined && manifest.kind === 'CustomResourceDefinition') continue;
    visit(manifest, '', (field, text) => {
      if (/image$/i.test(field) && isReference(text)) note(text, id);
      else if (text.includes('/')) texts.push({ id, text });
    });
  }
  const known = new Set(
    [
      ...Object.values(IMAGES).map(({ repository }) => repository),
      ...[...found.keys()].map((reference) => publishedName(reference, mirror)),
    ].map(repositoryOf),
  );
  for (const { id, text } of texts) {
    for (const [reference] of text.matchAll(REFERENCE)) {
      if (!hasTag(reference)) continue;
      if (known.has(repositoryOf(publishedName(reference, mirror)))) note(reference, id);
    }
  }
  return [...found]
    .map(([pulled, ids]) => ({
      image: publishedName(pulled, mirror),
      pulled,
      locked: DIGEST.test(pulled),
      objects: [...ids].sort(),
    }))
    .sort((a, b) => (a.pulled < b.pulled ? -1 : 1));
}

/** The images that a plan names by a tag alone, which its publisher can move. */
export function unlockedImages(plan: Plan, mirror: ImageMirror | 'none'): PlannedImage[] {
  return imagesOf(plan, mirror).filter(({ locked }) => !locked);
}

function visit(
  value: Json | undefined,
  field: string,
  see: (field: string, text: string) => void,
): void {
  if (typeof value === 'string') see(field, value);
  else if (isList(value)) for (const inner of value) visit(inner, field, see);
  else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) visit(inner, name, see);
  }
}

/** Whether a text is an image and nothing else. A short name such as `nginx` counts: a field says that it is one. */
function isReference(text: string): boolean {
  const [only] = imageName(text).matchAll(REFERENCE);
  return only?.[0] === imageName(text);
}

function hasTag(reference: string): boolean {
  return reference.includes('@') || reference.slice(reference.lastIndexOf('/')).includes(':');
}

function repositoryOf(image: string): string {
  const [tagged = ''] = image.split('@');
  const slash = tagged.lastIndexOf('/');
  const colon = tagged.indexOf(':', slash);
  return colon < 0 ? tagged : tagged.slice(0, colon);
}
