import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';

/** A certificate and its key, as PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** Makes certificates with the real `openssl`, valid for a day from now. */
export class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'beamline-authority-'));
  #serial = 0;

  private constructor(private readonly openssl: string) {}

  /** A new authority of its own. */
  static async make(openssl: string): Promise<Authority> {
    const authority = new Authority(openssl);
    await authority.#run(
      'req',
      '-x509',
      ...NEW_KEY,
      '-subj',
      '/CN=test authority',
      '-days',
      '1',
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
    );
    return authority;
  }

  /** Its own certificate, which those it signs are checked with. */
  get certificate(): string {
    return this.#read('ca.crt');
  }

  /** Its key, for a program that signs in its name. */
  get key(): string {
    return this.#read('ca.key');
  }

  /** A certificate for host names and addresses, signed by it. */
  async sign(...hosts: readonly string[]): Promise<KeyPair> {
    const name = `leaf-${++this.#serial}`;
    writeFileSync(
      join(this.#folder, `${name}.ext`),
      `subjectAltName=${hosts.map((host) => `${isIPv4(host) ? 'IP' : 'DNS'}:${host}`).join(',')}\n`,
    );
    await this.#run(
      'req',
      ...NEW_KEY,
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    );
    await this.#run(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-days', '1'],
      ...['-set_serial', String(this.#serial), '-extfile', `${name}.ext`, '-out', `${name}.crt`],
    );
    return { certificate: this.#read(`${name}.crt`), key: this.#read(`${name}.key`) };
  }

  /** Removes its files. */
  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #run(...args: readonly string[]): Promise<void> {
    await execa(this.openssl, args, { cwd: this.#folder });
  }

  #read(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8');
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'] as const;
