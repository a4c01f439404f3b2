import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { execa, type ExecaChildProcess } from 'execa';
import getPort from 'get-port';

import { until } from '../integration/support/processes';

/** A real registry (https://distribution.github.io/distribution/) on a free port, with its layers in a folder of its own. */
export class RegistryServer {
  private constructor(
    /** `127.0.0.1:<port>`. */
    readonly host: string,
    private readonly program: ExecaChildProcess,
    private readonly folder: string,
  ) {}

  /** Starts the program, with a configuration of ours or of the caller's and further variables. */
  static async start(
    binary: string,
    config?: string,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<RegistryServer> {
    const folder = mkdtempSync(join(tmpdir(), 'beamline-registry-'));
    const host = `127.0.0.1:${await getPort()}`;
    const file = join(folder, 'config.yml');
    writeFileSync(
      file,
      config ?? 'version: 0.1\nstorage: { filesystem: {} }\nhttp: { addr: ":0" }\n',
    );
    const program = execa(binary, ['serve', file], {
      env: {
        REGISTRY_HTTP_ADDR: host,
        REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: join(folder, 'layers'),
        OTEL_TRACES_EXPORTER: 'none',
        ...variables,
      },
      reject: false,
      all: true,
    });
    const server = new RegistryServer(host, program, folder);
    await until(async () => {
      if (program.exitCode !== null)
        throw new Error(`the registry ended: ${(await program).all ?? ''}`);
      return fetch(`http://${host}/v2/`).then(
        ({ status }) => status === 200 || status === 401,
        () => false,
      );
    }, `the registry on ${host} does not answer`);
    return server;
  }

  async stop(): Promise<void> {
    this.program.kill('SIGTERM', { forceKillAfterTimeout: 5_000 });
    await this.program;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Writes a small image as an OCI layout into an empty folder, for `skopeo copy oci:<folder>`; `word` makes it another image. */
export function writeImage(folder: string, word: string): void {
  mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true });
  const blob = (bytes: Buffer): { digest: string; size: number } => {
    const hex = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(folder, 'blobs', 'sha256', hex), bytes);
    return { digest: `sha256:${hex}`, size: bytes.length };
  };
  const layer = Buffer.alloc(1024); // an empty tar: two blocks of zeros
  const diff = createHash('sha256').update(layer).digest('hex');
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: { Labels: { word } },
    rootfs: { type: 'layers', diff_ids: [`sha256:${diff}`] },
  };
  const type = (what: string): string => `application/vnd.oci.image.${what}`;
  const manifest = {
    schemaVersion: 2,
    mediaType: type('manifest.v1+json'),
    config: { mediaType: type('config.v1+json'), ...blob(Buffer.from(JSON.stringify(config))) },
    layers: [{ mediaType: type('layer.v1.tar+gzip'), ...blob(gzipSync(layer)) }],
  };
  const index = {
    schemaVersion: 2,
    manifests: [
      { mediaType: type('manifest.v1+json'), ...blob(Buffer.from(JSON.stringify(manifest))) },
    ],
  };
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(folder, 'index.json'), JSON.stringify(index));
}
