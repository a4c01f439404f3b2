import { createHash } from 'node:crypto';

import { execa } from 'execa';

/** How registries are reached. */
export interface RegistryAccess {
  /** Registries, as `host:port`, that are spoken to without TLS or with a certificate nobody signed. */
  readonly insecure: readonly string[];
  /** Aborts what is under way. */
  readonly signal: AbortSignal;
}

/** Longest for one answer, and for one copy of an image. */
const ANSWER_MS = 60_000;
const COPY_MS = 60 * 60_000;

/**
 * The program that speaks to registries for us: https://github.com/containers/skopeo. It logs in with what `skopeo login`,
 * `podman login` or `docker login` wrote.
 */
export class Skopeo {
  constructor(private readonly access: RegistryAccess) {}

  /**
   * The digest of what an image is in its registry now: of the list of all its platforms where it has one.
   *
   * @throws Error with the registry's own words.
   */
  async digestOf(image: string): Promise<string> {
    const args = ['inspect', '--raw', ...this.#tls('', image), `docker://${image}`];
    // As bytes: the digest is of exactly these.
    const manifest = await this.#run(args, ANSWER_MS);
    return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  }

  /** Copies an image, all its platforms, bit for bit. `from` names it by digest, `to` by tag. */
  async copy(from: string, to: string): Promise<void> {
    const tls = [...this.#tls('src-', from), ...this.#tls('dest-', to)];
    const args = [
      'copy',
      '--all',
      '--preserve-digests',
      ...tls,
      `docker://${from}`,
      `docker://${to}`,
    ];
    await this.#run(args, COPY_MS);
  }

  #tls(side: string, image: string): string[] {
    const [host = ''] = image.split('/');
    return this.access.insecure.includes(host) ? [`--${side}tls-verify=false`] : [];
  }

  async #run(args: readonly string[], timeout: number): Promise<Buffer> {
    const { signal } = this.access;
    const { stdout, stderr, exitCode, failed, isCanceled, timedOut } = await execa('skopeo', args, {
      encoding: null,
      stdin: 'ignore',
      reject: false,
      timeout,
      signal,
    }).catch((error: unknown) => {
      throw isMissing(error)
        ? new Error(
            "'skopeo' is not on the PATH; 'dnf install skopeo', 'apt-get install skopeo' or 'brew install skopeo' brings it",
          )
        : error;
    });
    if (isCanceled) throw new Error('interrupted; run it again to go on');
    if (timedOut) throw new Error(`no answer within ${timeout / 1000} s`);
    if (failed) throw new Error(lastWords(Buffer.from(stderr).toString('utf8'), exitCode));
    return Buffer.from(stdout);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Skopeo's message without its time and level. */
function lastWords(stderr: string, exitCode: number | undefined): string {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  const [, quoted] = /msg="((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
  return quoted?.replaceAll('\\"', '"') ?? (line === '' ? `skopeo ended with ${exitCode}` : line);
}
