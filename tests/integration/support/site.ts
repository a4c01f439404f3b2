import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { execa, type ExecaChildProcess } from 'execa';

import { cachedTool } from '../../../sandbox/toolchain/ensure-tools';

const CHECKOUT = resolve(__dirname, '..', '..', '..');

/** What a command did. */
export interface Outcome {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run. */
export interface RunOptions {
  /** Which variant of the fixture is deployed. */
  readonly variant?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Longest that any single command may take. */
const LIMIT_MS = 150_000;

/**
 * A site of its own for one test file: an environments folder with one environment made by a fixture, a home for its
 * state, and the shared control plane as its embedded one. The real commands run against it, as processes.
 */
export class Site {
  readonly folder = mkdtempSync(join(tmpdir(), 'beamline-site-'));
  readonly home = join(this.folder, 'home');
  readonly environments = join(this.folder, 'environments');
  readonly kubeconfig: string;

  /** `fixture` is a file of `tests/integration/fixtures` that exports the environment called `name`. */
  constructor(
    readonly name: string,
    fixture: string,
  ) {
    const shared = process.env['BEAMLINE_TEST_KUBECONFIG'];
    if (shared === undefined) throw new Error('the shared control plane was not started');
    this.kubeconfig = join(this.home, 'clusters', name, 'kubeconfig');
    mkdirSync(dirname(this.kubeconfig), { recursive: true });
    copyFileSync(shared, this.kubeconfig);
    mkdirSync(join(this.environments, name), { recursive: true });
    const module = join(CHECKOUT, 'tests', 'integration', 'fixtures', fixture);
    writeFileSync(
      join(this.environments, name, 'index.ts'),
      `export { environment } from '${module}';\n`,
    );
  }

  /** Runs `beamline`. */
  async beamline(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const { exitCode, stdout, stderr } = await this.start(args, options);
    return { exitCode, stdout, stderr };
  }

  /** Starts `beamline` and leaves it running. */
  start(args: readonly string[], options: RunOptions = {}): ExecaChildProcess {
    return execa(process.execPath, [join(CHECKOUT, 'cli', 'beamline.cjs'), ...args], {
      cwd: CHECKOUT,
      env: { ...this.#variables(options), ...options.env },
      reject: false,
      timeout: LIMIT_MS,
    });
  }

  /** Runs plain `pulumi` with the variables that `beamline env` prints. */
  async pulumi(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const printed = await this.beamline(['env', this.name], options);
    const exports = Object.fromEntries(
      Array.from(
        printed.stdout.matchAll(/^export (\w+)='(.*)'$/gm),
        ([, name = '', value = '']) => [name, value],
      ),
    );
    const pulumi = cachedTool('pulumi') ?? 'pulumi';
    const { exitCode, stdout, stderr } = await execa(pulumi, args, {
      cwd: join(this.home, 'project'),
      env: { ...this.#variables(options), ...exports, ...options.env },
      reject: false,
      timeout: LIMIT_MS,
    });
    return { exitCode, stdout, stderr };
  }

  /** Writes a file into the site's folder and answers its path. */
  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** Runs `kubectl`; answers what it printed. Throws when it fails. */
  kubectl(args: readonly string[], input?: string): Promise<string> {
    return new Reach(this.kubeconfig).kubectl(args, input);
  }

  /** One field of a live object by JSONPath; empty when there is no such object. */
  live(type: string, name: string, path: string, namespace?: string): Promise<string> {
    return new Reach(this.kubeconfig).live(type, name, path, namespace);
  }

  /** Adds a second environment, whose embedded control plane is to be started by `beamline cluster`; answers the way to it. */
  add(name: string, fixture: string, exported: string): Reach {
    mkdirSync(join(this.environments, name), { recursive: true });
    const module = join(CHECKOUT, 'tests', 'integration', 'fixtures', fixture);
    writeFileSync(
      join(this.environments, name, 'index.ts'),
      `export { ${exported} as environment } from '${module}';\n`,
    );
    return new Reach(join(this.home, 'clusters', name, 'kubeconfig'));
  }

  /** The text of every file below the site's folder: state, logs, settings. */
  everyFile(folder = this.folder): string[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return this.everyFile(path);
      return entry.isFile() && path !== this.kubeconfig ? [readFileSync(path, 'utf8')] : [];
    });
  }

  /** What is in the cluster with this environment's mark, and the newest events, for the report of a failed test. */
  async describe(): Promise<string> {
    const objects = await this.kubectl([
      'get',
      'all,cm,sc,ns',
      '-A',
      '-l',
      `beamline/environment=${this.name}`,
      '-o',
      'wide',
    ]).catch(String);
    const events = await this.kubectl(['get', 'events', '-A', '--sort-by=.lastTimestamp']).catch(
      String,
    );
    return `objects of '${this.name}':\n${objects}\nevents:\n${events.split('\n').slice(-30).join('\n')}`;
  }

  /** Removes what the test deployed and the site's folder. */
  async clear(): Promise<void> {
    await this.beamline(['down', this.name]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #variables({ variant }: RunOptions): Record<string, string> {
    return {
      BEAMLINE_HOME: this.home,
      BEAMLINE_ENVIRONMENTS: this.environments,
      BEAMLINE_TEST_VARIANT: variant ?? 'first',
      NO_COLOR: '1',
    };
  }
}

/** A cluster, as `kubectl` sees it. */
export class Reach {
  constructor(private readonly kubeconfig: string) {}

  /** Runs `kubectl`; answers what it printed. Throws when it fails. */
  async kubectl(args: readonly string[], input?: string): Promise<string> {
    const kubectl = cachedTool('kubectl') ?? 'kubectl';
    const { stdout } = await execa(kubectl, ['--kubeconfig', this.kubeconfig, ...args], {
      timeout: LIMIT_MS,
      ...(input === undefined ? {} : { input }),
    });
    return stdout;
  }

  /** One field of a live object by JSONPath; empty when there is no such object. */
  async live(type: string, name: string, path: string, namespace?: string): Promise<string> {
    return this.kubectl([
      'get',
      type,
      name,
      ...(namespace === undefined ? [] : ['-n', namespace]),
      '--ignore-not-found',
      '-o',
      `jsonpath=${path}`,
    ]);
  }
}

/** The outcome of a command that has to succeed. Throws what it printed when it did not. */
export function succeeded(outcome: Outcome): Outcome {
  if (outcome.exitCode === 0) return outcome;
  throw new Error(`exit code ${outcome.exitCode}\n${outcome.stdout}\n${outcome.stderr}`);
}
