import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { execa } from 'execa';
import { z } from 'zod';

import { killFamily } from './processes';
import type { Reach } from './site';

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({
    securityContext: z.object({ runAsUser: z.number().default(0) }).prefault({}),
    containers: z
      .array(
        z.object({
          name: z.string(),
          command: z.array(z.string()),
          args: z.array(z.string()),
          volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
          terminationMessagePath: z.string(),
        }),
      )
      .length(1),
    volumes: z.array(
      z.object({
        name: z.string(),
        persistentVolumeClaim: z.object({ claimName: z.string() }).optional(),
        secret: z.object({ secretName: z.string() }).optional(),
      }),
    ),
  }),
  status: z.object({ phase: z.string() }),
});

type Pod = z.infer<typeof podSchema>;

/** The pods of migrations, which nobody else may run. */
const OURS = 'app.kubernetes.io/part-of=migration';

/**
 * Plays the node that runs the pods of a migration: their own commands, for real, on one local directory a volume. Everything
 * else is the cluster's: pods are made and counted by their Jobs.
 */
export class CopyNode {
  readonly volumes = mkdtempSync(join(tmpdir(), 'beamline-volumes-'));
  /** Told when a pod is about to run, with the name of its task. */
  onStart: (task: string) => void = () => undefined;
  /** `<task> <source volume> <target volume>` of every pod that ran, in order. */
  readonly ran: string[] = [];
  readonly #running = new Map<string, number>();
  readonly #seen = new Set<string>();
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly site: Pick<Reach, 'kubectl' | 'live'>,
    private readonly namespace: string,
  ) {
    chmodSync(this.volumes, 0o755);
  }

  /** The directory behind a volume. */
  directoryOf(volume: string): string {
    const path = join(this.volumes, volume);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** The directory behind the volume of a claim. */
  async directoryOfClaim(claim: string): Promise<string> {
    const volume = await this.site.live('pvc', claim, '{.spec.volumeName}', this.namespace);
    if (volume === '') throw new Error(`claim '${claim}' has no volume`);
    return this.directoryOf(volume);
  }

  /** Begins to run pods. */
  start(): void {
    this.#loop = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const pid of this.#running.values()) killFamily(pid);
    await this.#loop;
    rmSync(this.volumes, { recursive: true, force: true });
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      const args = ['get', 'pods', '-n', this.namespace, '-l', OURS, '-o', 'json'];
      const text = await this.site.kubectl(args).catch(() => '{"items":[]}');
      const { items } = z.object({ items: z.array(z.unknown()) }).parse(JSON.parse(text));
      for (const item of items) await this.#consider(podSchema.parse(item));
      await pause(100);
    }
  }

  async #consider(pod: Pod): Promise<void> {
    const { uid, name, deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined) {
      const pid = this.#running.get(uid);
      if (pid !== undefined) killFamily(pid);
      const force = ['--force', '--grace-period=0', '--wait=false', '--ignore-not-found'];
      await this.site.kubectl(['delete', 'pod', name, '-n', this.namespace, ...force]);
      return;
    }
    if (pod.status.phase !== 'Pending' || this.#seen.has(uid)) return;
    this.#seen.add(uid);
    await this.#status(pod, { phase: 'Running', startTime: now() });
    void this.#run(pod).catch((error: unknown) => {
      if (!this.#stopped) process.stderr.write(`${String(error)}\n`);
    });
  }

  async #run(pod: Pod): Promise<void> {
    const [container] = pod.spec.containers;
    if (container === undefined) return;
    const scratch = mkdtempSync(join(tmpdir(), 'beamline-pod-'));
    chmodSync(scratch, 0o777);
    const report = join(scratch, 'message');
    writeFileSync(report, '');
    chmodSync(report, 0o666);
    const places = new Map([[container.terminationMessagePath, report]]);
    const mounted: string[] = [];
    for (const { name, mountPath } of container.volumeMounts) {
      const volume = pod.spec.volumes.find((one) => one.name === name);
      const claim = volume?.persistentVolumeClaim;
      const directory =
        claim === undefined
          ? await this.#placeOf(volume?.secret?.secretName, scratch)
          : await this.directoryOfClaim(claim.claimName);
      if (claim !== undefined) mounted.push(directory.slice(this.volumes.length + 1));
      places.set(mountPath, directory);
    }
    for (const [port, outside] of await this.#portsOf(pod)) places.set(port, outside);
    this.onStart(container.name);
    this.ran.push([container.name, ...mounted].join(' '));
    const [program = '', ...args] = [...container.command, ...container.args].map(
      (word) => places.get(word) ?? word,
    );
    const user = pod.spec.securityContext.runAsUser;
    const child = execa(program, args, { reject: false, uid: user, gid: user });
    if (child.pid !== undefined) this.#running.set(pod.metadata.uid, child.pid);
    const startedAt = now();
    const { exitCode } = await child;
    this.#running.delete(pod.metadata.uid);
    const message = readFileSync(report, 'utf8').slice(0, 4096);
    rmSync(scratch, { recursive: true, force: true });
    if (this.#stopped) return;
    const terminated = { exitCode, message, startedAt, finishedAt: now() };
    await this.#status(pod, {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: [
        {
          name: container.name,
          image: 'rsync',
          imageID: 'rsync',
          ready: false,
          restartCount: 0,
          state: { terminated },
        },
      ],
    }).catch(() => undefined); // It was deleted meanwhile.
  }

  /** A directory with what a Secret holds, or the one of the pod itself. */
  async #placeOf(secret: string | undefined, scratch: string): Promise<string> {
    if (secret === undefined) return scratch;
    const directory = join(scratch, 'key');
    mkdirSync(directory);
    const psk = await this.site.live('secret', secret, '{.data.psk}', this.namespace);
    writeFileSync(join(directory, 'psk'), Buffer.from(psk, 'base64'));
    return directory;
  }

  /** Ports that a Service opens on every node: a pod of ours listens there itself. */
  async #portsOf({ metadata }: Pod): Promise<ReadonlyMap<string, string>> {
    const name = metadata.labels['job-name'] ?? '';
    const path = '{.spec.ports[0].port} {.spec.ports[0].nodePort}';
    const [port = '', outside = ''] = (
      await this.site.live('service', name, path, this.namespace)
    ).split(' ');
    return new Map(outside === '' ? [] : [[port, outside]]);
  }

  async #status({ metadata: { name } }: Pod, status: object): Promise<void> {
    const patch = ['--type=merge', '--subresource=status', '-p', JSON.stringify({ status })];
    await this.site.kubectl(['patch', 'pod', name, '-n', this.namespace, ...patch]);
  }
}

function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
