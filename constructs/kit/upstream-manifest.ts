import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { CORE_SCHEMA, loadAll } from 'js-yaml';

import { hint } from './hints';
import { markSource } from './source';
import { readUpstream, type UpstreamPin } from './upstream';

/** Which objects of a pinned upstream file to add. */
export interface UpstreamManifestProps {
  readonly pin: UpstreamPin;
  /**
   * Which of its objects to take.
   *
   * @default - all of them
   */
  readonly only?: (object: UpstreamObject) => boolean;
  /**
   * The namespace that the file hard-codes, and the one to put in its place, wherever a field is called `namespace`.
   *
   * @default - its objects stay where the file has them
   */
  readonly namespace?: { readonly from: string; readonly to: string };
}

/** An object of an upstream file, as far as we look into it. */
export interface UpstreamObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** The objects of a pinned upstream file. Their text stays with their publisher: not in git, not in goldens. */
export class UpstreamManifest extends Construct {
  constructor(scope: Construct, id: string, props: UpstreamManifestProps) {
    super(scope, id);
    const { pin } = props;
    const only = props.only ?? (() => true);
    const moved = movedBy(props.namespace);
    const upstream = { name: pin.name, version: pin.version };
    for (const object of objectsOf(pin)) {
      if (!only(object)) continue;
      const id = `${object.kind}-${object.metadata.name}`;
      const made = new ApiObject(this, id, moved(object));
      markSource(made);
      hint(made, { upstream });
    }
  }
}

/** Puts one namespace in the place of another, in metadata, subjects and references. */
function movedBy(
  namespace: UpstreamManifestProps['namespace'],
): (object: UpstreamObject) => UpstreamObject {
  if (namespace === undefined || namespace.from === namespace.to) return (object) => object;
  const { from, to } = namespace;
  const text = `"namespace":${JSON.stringify(from)}`;
  return (object) => {
    const moved: unknown = JSON.parse(
      JSON.stringify(object).replaceAll(text, `"namespace":${JSON.stringify(to)}`),
    );
    if (isUpstreamObject(moved)) return moved;
    throw new Error(`'${object.metadata.name}' is no Kubernetes object once it is in '${to}'`);
  };
}

/** Parsed files by checksum: a file of a few thousand lines takes longer to parse than the rest of a site to build. */
const parsed = new Map<string, readonly UpstreamObject[]>();

function objectsOf(pin: UpstreamPin): readonly UpstreamObject[] {
  const text = readUpstream(pin); // also when it is known: the cached bytes must still be the pinned ones
  const known = parsed.get(pin.sha256) ?? objectsIn(text, pin);
  parsed.set(pin.sha256, known);
  return known;
}

function objectsIn(text: string, pin: UpstreamPin): UpstreamObject[] {
  // Rook's definitions are a megabyte: `yaml`, which we write with, takes ten times as long to read them.
  return loadAll(text, { schema: CORE_SCHEMA }).flatMap((value) => {
    if (value === null || value === undefined) return []; // the file has an empty document at an end
    if (isUpstreamObject(value)) return [value];
    throw new Error(
      `the upstream file '${pin.name}' ${pin.version} has a document that is no Kubernetes object`,
    );
  });
}

function isUpstreamObject(value: unknown): value is UpstreamObject {
  if (!isRecord(value) || !isRecord(value['metadata'])) return false;
  return [value['apiVersion'], value['kind'], value['metadata']['name']].every(
    (field) => typeof field === 'string',
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
