import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

/** One third-party file, pinned by checksum. Its text is fetched by `upstream/`, cached, and never committed. */
export interface UpstreamPin {
  /** What it is, for people and for the cache: `traefik-crds`. */
  readonly name: string;
  /** Version of the product it belongs to, as its publisher writes it: `v3.6.12`. */
  readonly version: string;
  /** Where the publisher's release has it. */
  readonly url: string;
  /** The Go module whose zip holds the same bytes, for machines that reach a module proxy only. */
  readonly goModule: { readonly path: string; readonly version: string; readonly file: string };
  /** SHA-256 of the file in hexadecimal digits. */
  readonly sha256: string;
}

/** Thrown when a pinned file is not in the cache yet. Whoever builds an environment fetches it and builds again. */
export class UpstreamMissing extends Error {
  constructor(readonly pin: UpstreamPin) {
    super(
      `the upstream file '${pin.name}' ${pin.version} is not in the cache (${upstreamPath(pin)}); ` +
        `'beamline doctor --fetch' brings it from ${pin.url}`,
    );
    this.name = 'UpstreamMissing';
  }
}

/** The cache that all checkouts of this user share: toolchain and upstream files. */
export function cacheHome(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return process.env['BEAMLINE_CACHE'] ?? join(base, 'beamline');
}

/** Where the cache keeps a pinned file. */
export function upstreamPath(pin: UpstreamPin): string {
  return join(cacheHome(), 'upstream', `${pin.name}-${pin.version}`, basename(pin.goModule.file));
}

/**
 * The text of a pinned file.
 *
 * @throws UpstreamMissing when it is not cached; an Error when the cached bytes are not the pinned ones.
 */
export function readUpstream(pin: UpstreamPin): string {
  const path = upstreamPath(pin);
  if (!existsSync(path)) throw new UpstreamMissing(pin);
  const bytes = readFileSync(path);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== pin.sha256) {
    throw new Error(
      `the cached upstream file '${path}' has sha256 ${found}, but ${pin.sha256} is pinned; delete it and run again`,
    );
  }
  return bytes.toString('utf8');
}
