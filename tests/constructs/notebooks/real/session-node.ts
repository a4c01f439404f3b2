import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import getPort from 'get-port';
import { z } from 'zod';

import { SESSION_PORT } from '../../../../constructs/notebooks/session-pods';
import { Program } from '../../analysis/real/program';
import type { Cluster } from '../../../support/cluster';
import { forward } from './front-door';

const podSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    uid: z.string(),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.looseObject({
    containers: z.array(
      z.looseObject({
        env: z.array(z.object({ name: z.string(), value: z.string().default('') })),
      }),
    ),
  }),
  status: z.looseObject({ phase: z.string() }),
});

/** A session's pod as the API server has it. */
export type SessionPod = z.infer<typeof podSchema>;

interface Running {
  readonly prefix: string;
  readonly port: number;
  readonly program: Program;
}

/** Runs a small server for each session's pod, which itself KWOK plays. */
export class SessionNode {
  readonly #running = new Map<string, Running>();
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();
  #server: Server | undefined;

  private constructor(
    private readonly cluster: Cluster,
    private readonly namespace: string,
    private readonly python: string,
    private readonly folder: string,
  ) {}

  /** `address` is the one of all sessions. */
  static async start(
    cluster: Cluster,
    place: { namespace: string; python: string; folder: string; address: string },
  ): Promise<SessionNode> {
    const node = new SessionNode(cluster, place.namespace, place.python, place.folder);
    const server = createServer((incoming, outgoing) => {
      const found = [...node.#running.values()].find(({ prefix }) =>
        (incoming.url ?? '').startsWith(prefix),
      );
      if (found === undefined) outgoing.writeHead(503).end();
      else forward(incoming, outgoing, `http://127.0.0.1:${found.port}`);
    });
    node.#server = server;
    await new Promise<void>((ready) => server.listen(SESSION_PORT, place.address, ready));
    node.#loop = node.#watch();
    return node;
  }

  /** The pods of sessions, whoever runs them. */
  async pods(): Promise<SessionPod[]> {
    const label = 'app.kubernetes.io/component=singleuser-server';
    const text = await this.cluster.kubectl([
      ...['get', 'pods', '-n', this.namespace, '-l', label, '-o', 'json'],
    ]);
    return z.object({ items: z.array(podSchema) }).parse(JSON.parse(text)).items;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
    for (const { program } of this.#running.values()) await program.stop();
    this.#server?.closeAllConnections();
    await new Promise((done) => this.#server?.close(done) ?? done(undefined));
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      const pods = await this.pods().catch(() => undefined);
      if (pods !== undefined) await this.#follow(pods);
      await pause(300);
    }
  }

  async #follow(pods: readonly SessionPod[]): Promise<void> {
    const wanted = pods.filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined && status.phase === 'Running',
    );
    const uids = new Set(wanted.map(({ metadata }) => metadata.uid));
    for (const [uid, { program }] of this.#running) {
      if (uids.has(uid)) continue;
      await program.stop();
      this.#running.delete(uid);
    }
    for (const pod of wanted) {
      if (!this.#running.has(pod.metadata.uid)) await this.#run(pod);
    }
  }

  async #run({ metadata, spec }: SessionPod): Promise<void> {
    const given = (spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value] as const);
    const env = Object.fromEntries(given);
    const port = await getPort();
    const program = Program.start(
      this.python,
      [join(__dirname, 'session.py'), String(port)],
      { ...env, HOME: this.folder },
      this.folder,
    );
    this.#running.set(metadata.uid, {
      prefix: env['JUPYTERHUB_SERVICE_PREFIX'] ?? '',
      port,
      program,
    });
  }
}
