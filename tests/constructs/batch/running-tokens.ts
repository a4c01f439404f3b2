import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Chart } from 'cdk8s';
import { stringify } from 'yaml';
import { z } from 'zod';

import { HtcondorPool } from '../../../constructs/batch/htcondor-pool';
import type { HtcondorPoolProps } from '../../../constructs/batch/pool-props';
import { JupyterHub } from '../../../constructs/notebooks/jupyterhub';
import { freePorts } from '../../../sandbox/control-plane/components';
import { until } from '../../integration/support/processes';
import { appFor, Synthesized } from '../../support/synth';
import { Program } from '../analysis/real/program';
import { hub as hubProps } from '../notebooks/support';
import { revealed } from './real-pool';
import { textsOf } from './support';

const TESTER = 'the-token-of-the-test-itself';

/** A pool whose sessions get tokens, and the hub that they are of. */
export function renderedWith(props: HtcondorPoolProps): {
  readonly batch: Synthesized;
  readonly notebooks: Synthesized;
} {
  const app = appFor('okd 4.21');
  const notebooks = new Chart(app, 'notebooks', { namespace: 'notebooks' });
  const hub = new JupyterHub(notebooks, 'Hub', hubProps);
  const batch = new Chart(app, 'batch', { namespace: 'htcondor' });
  new HtcondorPool(batch, 'Pool', props).serveSessions({ hub });
  return { batch: new Synthesized(batch), notebooks: new Synthesized(notebooks) };
}

/** The real hub with the configuration that is rendered, and beside it the program that hands out tokens. */
export class RunningTokens {
  private readonly folder = mkdtempSync(join(tmpdir(), 'beamline-tokens-'));
  private readonly programs: Program[] = [];
  private hub = '';
  private tokens = '';

  private constructor(private readonly python: string) {}

  /** With tokens of so many seconds. */
  static async start(
    python: string,
    { batch, notebooks }: ReturnType<typeof renderedWith>,
    seconds: number,
  ): Promise<RunningTokens> {
    const running = new RunningTokens(python);
    await running.startHub(notebooks);
    await running.startTokens(batch, seconds);
    return running;
  }

  /** A token as the session of somebody has it from the hub. */
  async sessionToken(user: string, more: object = { roles: ['server'] }): Promise<string> {
    const headers = { authorization: `token ${TESTER}` };
    await fetch(`${this.hub}/users/${encodeURIComponent(user)}`, { method: 'POST', headers });
    const asked = await fetch(`${this.hub}/users/${encodeURIComponent(user)}/tokens`, {
      method: 'POST',
      headers,
      body: JSON.stringify(more),
    });
    return z.object({ token: z.string() }).parse(await asked.json()).token;
  }

  /** Asks for a token of the pool as a session does. */
  async ask(
    headers: Readonly<Record<string, string>>,
    method = 'POST',
  ): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await fetch(`${this.tokens}/token`, { method, headers });
    return { status: answer.status, text: await answer.text() };
  }

  async stop(): Promise<void> {
    for (const program of this.programs) await program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async startHub(notebooks: Synthesized): Promise<void> {
    const root = join(this.folder, 'hub');
    write(join(root, 'config'), textsOf(notebooks.one('ConfigMap', 'hub')));
    write(join(root, 'secret'), textsOf(notebooks.one('Secret', 'hub')));
    const kubeconfig = join(root, 'none.kubeconfig');
    writeFileSync(
      kubeconfig,
      stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'own',
        contexts: [{ name: 'own', context: { cluster: 'own', user: 'own' } }],
        clusters: [{ name: 'own', cluster: { server: 'http://127.0.0.1:1' } }],
        users: [{ name: 'own', user: {} }],
      }),
    );
    const [port = 0] = await freePorts(1);
    const address = `http://127.0.0.1:${port}`;
    this.hub = `${address}/hub/api`;
    const given = {
      address,
      database: `sqlite:///${join(root, 'hub.sqlite')}`,
      token: TESTER,
      groups: { cms: ['anna', 'ben'] },
    };
    const config = join(__dirname, '..', 'analysis', 'real', 'hub_config.py');
    const environment = {
      HUB_ROOT: root,
      TEST_HUB: JSON.stringify(given),
      LOGIN_SECRET: 'unused',
      KUBECONFIG: kubeconfig,
    };
    await this.run(['jupyterhub', '--config', config], environment, this.hub);
  }

  private async startTokens(batch: Synthesized, seconds: number): Promise<void> {
    const root = join(this.folder, 'tokens');
    const [port = 0] = await freePorts(1);
    const files = textsOf(batch.one('ConfigMap', 'condor-tokens'));
    const settings = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(files['settings.json'] ?? ''));
    write(join(root, 'config'), {
      ...files,
      'settings.json': JSON.stringify({ ...settings, port, seconds }),
    });
    const keys = textsOf(batch.one('Secret', 'condor-keys'));
    const name = z.string().parse(settings['key']);
    write(join(root, 'key'), { key: revealed(keys[name] ?? '') });
    this.tokens = `http://127.0.0.1:${port}`;
    await this.run(
      ['python3', join(root, 'config', 'serve.py')],
      { TOKENS_ROOT: root, TOKENS_ADDRESS: '127.0.0.1', JUPYTERHUB_API_URL: this.hub },
      `${this.tokens}/health`,
    );
  }

  private async run(
    [program = '', ...args]: readonly string[],
    environment: Readonly<Record<string, string>>,
    answers: string,
  ): Promise<void> {
    const path = join(this.python, 'bin', program);
    const started = Program.start(path, args, environment, this.folder);
    this.programs.push(started);
    const up = (): Promise<boolean> =>
      fetch(answers).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(up, `${program} never answered`, 120_000).catch(async (error: unknown) => {
      await this.stop();
      throw new Error(`${String(error)}\n${started.log}`);
    });
  }
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
}
