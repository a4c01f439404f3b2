import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { execa } from 'execa';

import { checkoutHome } from '../environments/cluster';
import type { Environment } from '../environments/environment';
import { parseJson } from '../plan/json';
import type { Json } from '../plan/model';
import { followEvents } from './engine-events';
import { EngineError, explainEngineError, isAbandoned, lockOf } from './engine-errors';
import type { DeployOptions, EngineTools, RunOptions } from './engine-options';
import parts from './program-parts.cjs';
import { localBackend, passphraseVariables, projectFolder } from './project';
import { readStateFile } from './state-file';

/** Steps that run at once. The provider mostly waits for the API server. */
const PARALLEL = 32;

/**
 * The state is written once, at the end, and objects are made by upsert, so that a run which was killed before is picked up by
 * the next one; `ownership.ts` asks whether they were ours. Not a setting of the provider: its dry runs of replacements by
 * upsert are refused by the API server, so that previews would fail.
 */
const WRITE_AT_THE_END = {
  PULUMI_EXPERIMENTAL: 'true',
  PULUMI_SKIP_CHECKPOINTS: 'true',
  PULUMI_K8S_UPSERT_EXISTING_OBJECTS: 'true',
};

/** The Pulumi command for one environment: the only place that runs it. */
export class Engine {
  readonly #environment: Environment;
  readonly #tools: EngineTools;
  #early: Promise<Json | undefined> | undefined;

  constructor(environment: Environment, tools: EngineTools) {
    this.#environment = environment;
    this.#tools = tools;
  }

  /** The variables with which `pulumi` works on this environment. */
  variables(): Record<string, string> {
    const path = [
      ...this.#tools.pluginFolders,
      join(__dirname, 'harbor', 'plugin'),
      dirname(this.#tools.pulumi),
      process.env['PATH'] ?? '',
    ].join(':');
    return {
      PATH: path,
      PULUMI_BACKEND_URL: process.env['PULUMI_BACKEND_URL'] ?? localBackend(),
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      ...passphraseVariables(this.#environment),
    };
  }

  /** Begins to read the state, which may take a second, while the caller does something else. */
  readStateEarly(): void {
    this.#early = this.#readState();
    this.#early.catch(() => undefined); // Whoever asks for the state is told.
  }

  /** The recorded state with its secrets in clear, for this process only; undefined when there is none yet. */
  exportState(): Promise<Json | undefined> {
    const early = this.#early;
    this.#early = undefined;
    return early ?? this.#readState();
  }

  async #readState(): Promise<Json | undefined> {
    const { name } = this.#environment;
    try {
      const read = await readStateFile(name, { ...process.env, ...this.variables() });
      if (read !== undefined) return read;
      return parseJson(await this.#must(['stack', 'export', '--show-secrets', '--stack', name]));
    } catch (error) {
      if (error instanceof EngineError && /no stack named/.test(error.message)) return undefined;
      throw error;
    }
  }

  /** Makes the state of an environment that has none. */
  async createState(secretsProvider: string): Promise<void> {
    await this.#must([
      'stack',
      'init',
      this.#environment.name,
      '--secrets-provider',
      secretsProvider,
    ]);
  }

  /** Forgets the state of an environment, leaving the cluster as it is. */
  async forgetState(): Promise<void> {
    await this.#must([
      'stack',
      'rm',
      this.#environment.name,
      '--yes',
      '--force',
      '--preserve-config',
    ]);
  }

  /** Encrypted settings of the environment, in clear, for this process only. */
  async settings(): Promise<string> {
    return this.#must(['config', '--show-secrets', '--json', '--stack', this.#environment.name]);
  }

  async up(options: DeployOptions): Promise<void> {
    const { program, writesEachStep, ...rest } = options;
    const host = await parts.hostProgram(program);
    try {
      const how = writesEachStep === true ? {} : this.#withoutCheckpoints();
      await this.#unlocking(() => this.#operate('up', rest, ['--client', host.address], how));
    } finally {
      host.end();
    }
  }

  destroy(options: RunOptions): Promise<void> {
    return this.#unlocking(() => this.#operate('destroy', options, [], WRITE_AT_THE_END));
  }

  refresh(options: RunOptions): Promise<void> {
    return this.#unlocking(() => this.#operate('refresh', options, [], WRITE_AT_THE_END));
  }

  async #operate(
    verb: 'up' | 'destroy' | 'refresh',
    options: RunOptions,
    more: readonly string[],
    how: Readonly<Record<string, string>>,
  ): Promise<void> {
    const folder = join(checkoutHome(), 'logs', this.#environment.name);
    mkdirSync(folder, { recursive: true });
    const log = join(folder, `${verb}-${new Date().toISOString().replaceAll(':', '')}.events`);
    const name = this.#environment.name;
    const targets = (options.targets ?? []).flatMap((urn) => ['--target', urn]);
    const args = [
      verb,
      '--stack',
      name,
      '--yes',
      '--skip-preview',
      '--non-interactive',
      '--suppress-progress',
      '--color',
      'never',
      '--parallel',
      String(PARALLEL),
      ...targets,
      ...more,
      '--event-log',
      log,
    ];
    const variables = {
      // The event log is the engine's machine-readable output; the Automation API reads it the same way.
      PULUMI_DEBUG_COMMANDS: 'true',
      // Not what the shell of plain `pulumi` has (`beamline env`): a run of ours is told here.
      PULUMI_OPTION_POLICY_PACK: options.approval?.policyPack,
      BEAMLINE_APPROVED: options.approval?.fingerprint,
      ...how,
    };
    const problems: string[] = [];
    const following = new AbortController();
    const events = followEvents(log, following.signal, (event) => {
      if (event.kind === 'problem') problems.push(event.message);
      options.onEvent(event);
    });
    const run = this.#start(args, variables);
    const interrupt = (): void => void run.kill('SIGINT');
    options.signal?.addEventListener('abort', interrupt, { once: true });
    const result = await run;
    options.signal?.removeEventListener('abort', interrupt);
    following.abort();
    await events;
    if (result.exitCode === 0) return;
    if (options.signal?.aborted === true)
      throw new Error(
        `'${verb}' of '${name}' was interrupted; what was done is recorded, run it again to go on`,
      );
    throw this.#explained(
      problems.length > 0 ? problems.join('\n') : `${result.stderr}\n${result.stdout}`,
    );
  }

  /** Without server-side apply a run that was killed could not take over what it made, so each step is written down. */
  #withoutCheckpoints(): Readonly<Record<string, string>> {
    return this.#environment.target.has('server-side-apply') ? WRITE_AT_THE_END : {};
  }

  /** Runs a command that must succeed and answers what it printed. */
  #must(args: readonly string[]): Promise<string> {
    return this.#unlocking(async () => {
      const result = await this.#start(args, {});
      if (result.exitCode !== 0) throw this.#explained(result.stderr);
      return result.stdout;
    });
  }

  /** Does something again, once, when a killed run on this machine had left the state locked. */
  async #unlocking<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      const lock = lockOf(error);
      if (lock === undefined || !isAbandoned(lock)) throw error;
      await this.#must(['cancel', this.#environment.name, '--yes']);
      return action();
    }
  }

  #start(args: readonly string[], variables: Readonly<Record<string, string | undefined>>) {
    return execa(this.#tools.pulumi, args, {
      cwd: projectFolder(),
      env: { ...this.variables(), ...variables },
      reject: false,
      // In a process group of its own, so that Ctrl-C reaches it once, through us: a second one would make it give up.
      detached: true,
      cleanup: false,
      stdin: 'ignore',
    });
  }

  #explained(message: string): EngineError {
    return explainEngineError(this.#environment.name, message);
  }
}
